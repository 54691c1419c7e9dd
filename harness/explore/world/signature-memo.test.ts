import { expect, test } from 'vitest';
import { generateCredentials } from '../../../mock-kraken/index.ts';
import type { HttpRequest } from '../../../src/index.ts';
import { signRequest } from '../../../src/index.ts';
import { SignatureMemo } from './signature-memo.ts';

const ACCOUNTS = generateCredentials({ users: 2, seed: 1 });
const [MASTER, USER] = ACCOUNTS;
const NONCE = '1767225600000000001';

function signed(): HttpRequest {
  const [path, body] = ['/0/private/Balance', `nonce=${NONCE}`];
  const signature = signRequest({ path, body, nonce: NONCE, apiSecret: MASTER?.apiSecret ?? '' });
  const headers = { 'api-key': MASTER?.apiKey ?? '', 'api-sign': signature };
  return { method: 'POST', path, headers, body };
}

test('a request that was rightly signed is remembered', () => {
  const memo = new SignatureMemo();
  expect(memo.isSigned(signed(), ACCOUNTS)).toBe(true);
  // With other secrets at hand it would be found wrong, if it were looked at again.
  const strangers = ACCOUNTS.map((account) => ({ ...account, apiSecret: USER?.apiSecret ?? '' }));
  expect(memo.isSigned(signed(), strangers)).toBe(true);
  expect(new SignatureMemo().isSigned(signed(), strangers)).toBe(false);
});

test.each([
  ['body', { body: `nonce=${NONCE}&asset=ZUSD` }],
  ['path', { path: '/0/private/OpenOrders' }],
  ['key', { headers: { ...signed().headers, 'api-key': USER?.apiKey ?? '' } }],
])('the same signature under another %s is wrong', (_what, other) => {
  const memo = new SignatureMemo();
  expect(memo.isSigned(signed(), ACCOUNTS)).toBe(true);
  expect(memo.isSigned({ ...signed(), ...other }, ACCOUNTS)).toBe(false);
});
