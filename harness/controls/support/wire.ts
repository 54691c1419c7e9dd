import { encodeForm, encodeJson, NonceproofError, signRequest } from '../../../src/index.ts';
import type { HttpReply, HttpRequest } from '../../../src/index.ts';
import type { Account, ClientWorld } from '../../run/targets/index.ts';

/** What a client was asked to do. */
export interface PrivateCall {
  readonly account: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** `json` for batches, which a form cannot carry. Default `form`. */
  readonly encoding?: 'form' | 'json';
}

/** As clients hold them: the right way (`bigint`), as text, or as a double. */
export type Nonce = bigint | string | number;

/** The exchange answered, and the answer was no. The call did not execute. */
export class RefusedError extends NonceproofError {
  readonly errors: readonly string[];

  constructor(call: string, errors: readonly string[]) {
    super('exchange_refused', `Failed to call ${call}: the exchange answered ${errors.join(', ')}.`);
    this.errors = errors;
  }
}

/** The exchange's reply is no JSON envelope: nobody knows whether the call executed. */
export class UnreadableReplyError extends NonceproofError {
  readonly status: number;

  constructor(call: string, status: number) {
    super('reply_unreadable', `Failed to call ${call}: HTTP ${status} with a body that is no JSON envelope.`);
    this.status = status;
  }
}

/** Signs, sends and decodes, and leaves everything that can be got wrong to the client: nonce, lock, retry. */
export interface Wire {
  /** A complete signed request, nonce first. */
  sign(call: PrivateCall, nonce: Nonce): HttpRequest;
  /** Sends and resolves with `result`; rejects with {@link RefusedError} or {@link UnreadableReplyError}. */
  send(request: HttpRequest): Promise<unknown>;
  /** `send(sign(call, nonce))`. */
  post(call: PrivateCall, nonce: Nonce): Promise<unknown>;
}

/** A wire for the accounts of one world. */
export function createWire(world: ClientWorld): Wire {
  const accounts = new Map(world.accounts.map((account) => [account.account, account]));
  const sign = (call: PrivateCall, nonce: Nonce): HttpRequest =>
    signCall(credentialsOf(accounts, call.account), call, nonce);
  const send = async (request: HttpRequest): Promise<unknown> =>
    resultOf(request.path, await world.transport(request));
  return { sign, send, post: async (call, nonce) => send(sign(call, nonce)) };
}

function credentialsOf(accounts: ReadonlyMap<string, Account>, name: string): Account {
  const account = accounts.get(name);
  if (account !== undefined) return account;
  throw new NonceproofError('account_unknown', `Failed to sign a call: no account is called ${name}.`);
}

function signCall({ apiKey, apiSecret }: Account, call: PrivateCall, drawn: Nonce): HttpRequest {
  const path = `/0/private/${call.method}`;
  const nonce = String(drawn);
  const isJson = call.encoding === 'json';
  const body = (isJson ? encodeJson : encodeForm)({ nonce, ...call.params });
  const headers = {
    'api-key': apiKey,
    'api-sign': signRequest({ path, nonce, body, apiSecret }),
    'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
    'user-agent': 'known-bad-client',
  };
  return { method: 'POST', path, headers, body };
}

function resultOf(call: string, reply: HttpReply): unknown {
  const { error = [], result } = envelopeOf(call, reply);
  // A string that starts with W is a warning beside a valid result (Kraken docs, errors guide).
  const errors = error.filter((text) => !text.startsWith('W'));
  if (errors.length > 0) throw new RefusedError(call, errors);
  return result;
}

interface Envelope {
  readonly error?: readonly string[];
  readonly result?: unknown;
}

function envelopeOf(call: string, reply: HttpReply): Envelope {
  try {
    return JSON.parse(reply.body) as Envelope;
  } catch {
    throw new UnreadableReplyError(call, reply.status);
  }
}
