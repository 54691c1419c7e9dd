import { createExchange } from '../../../mock-kraken/index.ts';
import type { HttpRequest } from '../../../src/index.ts';
import type { Account } from '../../run/targets/index.ts';

/** Most requests that are remembered, about 500 bytes each; then all are forgotten. */
const REQUESTS_MAX = 50_000;

/**
 * Checks signatures, and remembers those that were right: the runs of an exploration send the same few requests
 * over and over, and checking them is a fifth of all its work.
 */
export class SignatureMemo {
  /** By signature, which is another for every other request. */
  readonly #right = new Map<string, HttpRequest>();

  /** Whether the exchange would find the request rightly signed. `true` of an API key that it does not know. */
  isSigned(request: HttpRequest, accounts: readonly Account[]): boolean {
    const { headers } = request;
    const signature = headers['api-sign'] ?? '';
    const known = this.#right.get(signature);
    if (known !== undefined && isSameRequest(known, request)) return true;
    const account = accounts.find(({ apiKey }) => apiKey === headers['api-key']);
    if (account !== undefined && !isAccepted(request, account)) return false;
    if (this.#right.size >= REQUESTS_MAX) this.#right.clear();
    this.#right.set(signature, copyOf(request));
    return true;
  }
}

/** Without what holds on to the world that it was sent in. */
function copyOf({ method, path, headers, body = '' }: HttpRequest): HttpRequest {
  return { method, path, headers, body };
}

/** Whether the signature of one is that of the other. */
function isSameRequest(one: HttpRequest, other: HttpRequest): boolean {
  return (
    one.body === (other.body ?? '') &&
    one.path === other.path &&
    one.headers['api-key'] === other.headers['api-key']
  );
}

/** Asks an exchange that has seen nothing yet and differs from the world's only in that it checks. */
function isAccepted(request: HttpRequest, account: Account): boolean {
  const isRefusedBy = (verifySignatures: boolean): boolean => {
    const exchange = createExchange({ verifySignatures });
    exchange.addAccount(account);
    const call = exchange.begin(request, 0);
    exchange.receiveBody(call, request.body ?? '', 0);
    return call.rejection !== null;
  };
  return isRefusedBy(true) === isRefusedBy(false);
}
