import { signRequest } from '../../src/index.ts';
import type { HttpRequest } from '../../src/index.ts';
import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { createMutex } from './support/index.ts';
import { createWire } from './support/index.ts';
import type { PrivateCall } from './support/index.ts';

/** Signs the digits, and sends a number: whoever reads JSON numbers as doubles gets another one. */
export const control: Control = {
  id: 'json-number-nonce',
  defect: 'sends its nonce of 19 digits as a JSON number, which most parsers read as another one',
  origin: "Kraken's OpenAPI samples have the nonce as a number; Python's json.dumps of time.time_ns()",
  rule: 'nonce-exact',
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const lock = createMutex();
  let last = 0n;
  const sign = ({ account: name, method, params }: PrivateCall): HttpRequest => {
    const account = world.accounts.find((candidate) => candidate.account === name);
    if (account === undefined) throw new TypeError(`No account is called ${name}.`);
    const now = world.clock.wallNs();
    last = now > last ? now : last + 1n;
    const nonce = String(last);
    const path = `/0/private/${method}`;
    const body = JSON.stringify({ nonce: 0, ...params }).replace('{"nonce":0', `{"nonce":${nonce}`);
    const apiSign = signRequest({ path, nonce, body, apiSecret: account.apiSecret });
    const headers = {
      'api-key': account.apiKey,
      'api-sign': apiSign,
      'content-type': 'application/json',
      'user-agent': 'known-bad-client',
    };
    return { method: 'POST', path, headers, body };
  };
  return {
    call: (account, method, params) => lock(() => wire.send(sign({ account, method, params }))),
  };
}
