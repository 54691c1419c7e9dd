import { describe, expect, test } from 'vitest';
import type { KeySettings } from './api-key.ts';
import type { ExchangeOptions } from './exchange-options.ts';
import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import { PERMISSIONS, type Permission } from './permissions.ts';
import { createVenue } from '../venue/index.ts';
import { balance, callOnce, MASTER, openExchange } from '../testing/bench.ts';
import { signedRequest } from '../testing/signed-request.ts';

const MS_NS = 1_000_000;

/** What nonces are told, one after the other. */
function verdicts(nonces: readonly number[], key: KeySettings, options: ExchangeOptions = {}): boolean[] {
  const exchange = openExchange(options, key);
  return nonces.map((nonce) => callOnce(exchange, balance(nonce)).error === null);
}

describe('the nonce window', () => {
  const nonceWindow = 10n;

  test('a nonce is accepted above the highest accepted one less the window', () => {
    expect(verdicts([100, 91, 90, 101, 91, 92], { nonceWindow })).toEqual([
      true,
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  test('a nonce that was accepted before is accepted again, or not: an option', () => {
    expect(verdicts([100, 95, 95, 100], { nonceWindow })).toEqual([true, true, true, true]);
    const options = { nonceReplay: 'reject' } as const;
    expect(verdicts([100, 95, 95, 100, 96], { nonceWindow }, options)).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  test('a nonce within the window does not lower the mark', () => {
    expect(verdicts([100, 95, 86], { nonceWindow })).toEqual([true, true, false]);
  });

  test('the journal names a falling nonce all the same', () => {
    const exchange = openExchange({}, { nonceWindow });
    callOnce(exchange, balance(100));
    expect(callOnce(exchange, balance(95)).violations).toEqual(['nonce-increasing']);
  });
});

describe('the key', () => {
  test('works until it expires', () => {
    const exchange = openExchange({ wallMsAtStart: 0 }, { validUntilMs: 1000 });
    expect(callOnce(exchange, balance(1), 0.999).error).toBeNull();
    expect(callOnce(exchange, balance(2), 1).error).toBe(KRAKEN_ERRORS.invalidKey);
  });

  test('is valid for the whole of the millisecond before it expires', () => {
    const exchange = openExchange({ wallMsAtStart: 500 }, { validUntilMs: 1_500 });
    const errors = [0.999_999, 1].map((atS, n) => callOnce(exchange, balance(n + 1), atS).error);
    expect(errors).toEqual([null, KRAKEN_ERRORS.invalidKey]);
  });

  test('is no longer valid as its last millisecond ends, by the moment at which the body arrives', () => {
    const errors = [999, 1_000].map((arrivedMs) => {
      const exchange = openExchange({ wallMsAtStart: 0 }, { validUntilMs: 1_000 });
      const call = exchange.begin(balance(1), 0);
      exchange.receiveBody(call, balance(1).body, arrivedMs * MS_NS);
      exchange.finish(call, arrivedMs * MS_NS);
      return call.record.error;
    });
    expect(errors).toEqual([null, KRAKEN_ERRORS.invalidKey]);
  });

  test('shows when it was last used by a request that was signed with it', () => {
    const exchange = openExchange({ wallMsAtStart: 0, venue: (hooks) => createVenue(hooks) });
    /** In seconds, after a request at `atMs` that was signed or not. */
    const lastUsed = (nonce: number, atMs: number, signature: object): unknown => {
      const request = signedRequest({ credentials: MASTER, method: 'GetApiKeyInfo', nonce });
      const head = { ...request, headers: { ...request.headers, ...signature } };
      const call = exchange.begin(head, atMs * MS_NS);
      exchange.receiveBody(call, request.body, atMs * MS_NS);
      const { result } = JSON.parse(exchange.finish(call, atMs * MS_NS).body) as {
        result?: { last_used: string };
      };
      return result?.last_used;
    };
    expect(lastUsed(1, 5_000, {})).toBe('5');
    expect(lastUsed(2, 6_000, { 'api-sign': 'AAAA' })).toBeUndefined();
    expect(lastUsed(3, 9_000, {})).toBe('9');
  });

  test('works from the addresses on its list only', () => {
    const exchange = openExchange({}, { ipAllowlist: ['10.0.0.1'] });
    expect(callOnce(exchange, { ...balance(1), ip: '10.0.0.1' }).error).toBeNull();
    expect(callOnce(exchange, { ...balance(2), ip: '10.0.0.2' }).error).toBe(KRAKEN_ERRORS.invalidKey);
    const strict = openExchange(
      { refusedAddressError: KRAKEN_ERRORS.permissionDenied },
      { ipAllowlist: ['10.0.0.1'] },
    );
    expect(callOnce(strict, balance(1)).error).toBe(KRAKEN_ERRORS.permissionDenied);
  });

  test.each([
    { otp: undefined, sent: undefined, error: null },
    { otp: undefined, sent: 'x', error: KRAKEN_ERRORS.invalidKey },
    { otp: 'x', sent: 'x', error: null },
    { otp: 'x', sent: undefined, error: KRAKEN_ERRORS.invalidSignature },
    { otp: 'x', sent: 'y', error: KRAKEN_ERRORS.invalidSignature },
  ])('with the password $otp, a request with $sent is told $error', ({ otp, sent, error }) => {
    const exchange = openExchange({}, otp === undefined ? {} : { otp });
    const params = sent === undefined ? {} : { otp: sent };
    const request = signedRequest({ credentials: MASTER, method: 'Balance', nonce: 1, params });
    expect(callOnce(exchange, request).error).toBe(error);
  });

  test('shows itself to GetApiKeyInfo', () => {
    const exchange = openExchange(
      { venue: (hooks) => createVenue(hooks) },
      { nonceWindow: 5n, permissions: ['query-funds'] },
    );
    callOnce(exchange, balance(41));
    const request = signedRequest({ credentials: MASTER, method: 'GetApiKeyInfo', nonce: 42 });
    const call = exchange.begin(request, 0);
    exchange.receiveBody(call, request.body, 0);
    const { result } = JSON.parse(exchange.finish(call, 0).body) as { result: Record<string, unknown> };
    expect(result).toMatchObject({
      nonce: '42',
      nonce_window: '5',
      permissions: ['query-funds'],
      api_key: MASTER.apiKey,
    });
  });
});

describe('permissions', () => {
  const denied = (
    method: string,
    permissions: readonly Permission[],
    options: ExchangeOptions = {},
  ): boolean => {
    const exchange = openExchange(options, { permissions });
    const { error } = callOnce(exchange, signedRequest({ credentials: MASTER, method, nonce: 1 }));
    return error === KRAKEN_ERRORS.permissionDenied;
  };

  test.each([
    ['Balance', ['query-funds'], true],
    ['Balance', ['modify-trades'], false],
    ['EditOrder', ['modify-trades'], false],
    ['EditOrder', ['modify-trades', 'close-trades'], true],
    ['CancelOrder', ['modify-trades'], true],
    ['QueryOrders', ['query-closed-trades'], true],
    ['TradeBalance', ['query-funds'], false],
    ['Withdraw', ['query-funds'], false],
    ['GetApiKeyInfo', [], true],
    ['Earn/Strategies', [], true],
    ['constructor', [], true],
  ] as const)('%s with %j: allowed %s', (method, permissions, isAllowed) => {
    expect(denied(method, permissions)).toBe(!isAllowed);
  });

  test.each([
    ['TradeBalance', ['query-funds']],
    ['EditOrder', ['modify-trades']],
    ['TradesHistory', ['query-open-trades']],
  ] as const)('%s needs only %j by the guide on API keys', (method, permissions) => {
    expect(denied(method, permissions)).toBe(true);
    expect(denied(method, permissions, { permissionTable: 'api-keys-guide' })).toBe(false);
  });

  test('a key without restrictions may do everything', () => {
    for (const method of ['Balance', 'Withdraw', 'AddOrder']) expect(denied(method, PERMISSIONS)).toBe(false);
  });

  test('a wrong signature is told before a missing permission, and the nonce is used up by it', () => {
    const exchange = openExchange({}, { permissions: [] });
    expect(callOnce(exchange, balance(1)).error).toBe(KRAKEN_ERRORS.permissionDenied);
    expect(callOnce(exchange, balance(1)).error).toBe(KRAKEN_ERRORS.invalidNonce);
  });
});
