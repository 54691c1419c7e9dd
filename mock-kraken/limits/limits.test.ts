import { describe, expect, test } from 'vitest';
import type { Exchange } from '../exchange/index.ts';
import { createFixedVenue } from '../fixed-venue.ts';
import type { JournalRecord } from '../exchange/index.ts';
import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import { balance, callOnce, MASTER, openExchange, USER, withHeader } from '../testing/bench.ts';
import { signedRequest } from '../testing/signed-request.ts';
import type { LimitsOptions } from './limits-options.ts';
import { TIERS, type Tier } from './tiers.ts';

/** A client that calls one method after the other with rising nonces. */
class Caller {
  readonly exchange: Exchange;
  #nonce = 0;

  constructor(limits: LimitsOptions | 'on' | 'off') {
    const venue = { ...createFixedVenue(), callPrivate: () => ({ error: [], result: {}, effect: null }) };
    this.exchange = openExchange({ limits, venue });
  }

  call(method: string, atS = 0): JournalRecord {
    const request = signedRequest({ credentials: MASTER, method, nonce: ++this.#nonce });
    return callOnce(this.exchange, request, atS);
  }

  /** How many calls in a row pass before one is refused with the call counter's error. */
  countBeforeLimit(method: string, atS = 0): number {
    for (let passed = 0; passed < 1000; passed++) {
      const { error } = this.call(method, atS);
      if (error !== null) {
        expect(error).toBe(KRAKEN_ERRORS.apiRateLimit);
        return passed;
      }
    }
    return Infinity;
  }
}

describe('the REST call counter', () => {
  test.each(Object.keys(TIERS) as Tier[])('tier %s allows as many calls as its maximum', (tier) => {
    expect(new Caller({ tier }).countBeforeLimit('Balance')).toBe(TIERS[tier].rest.max);
  });

  test.each([
    { options: {}, method: 'Ledgers', passed: 10 },
    { options: { historyCost: 4 }, method: 'TradesHistory', passed: 5 },
    { options: {}, method: 'QueryLedgers', passed: 10 },
    { options: {}, method: 'ClosedOrders', passed: 20 },
    { options: {}, method: 'AddOrderBatch', passed: Infinity },
    { options: {}, method: 'AmendOrder', passed: Infinity },
    { options: {}, method: 'EditOrder', passed: Infinity },
    { options: {}, method: 'CancelOrderBatch', passed: Infinity },
    { options: { historyMethods: ['ClosedOrders'] }, method: 'ClosedOrders', passed: 10 },
    { options: {}, method: 'CancelAll', passed: 20 },
    { options: {}, method: 'AddOrder', passed: Infinity },
    { options: {}, method: 'CancelOrder', passed: Infinity },
  ])('$method under $options: $passed calls', ({ options, method, passed }) => {
    expect(new Caller(options).countBeforeLimit(method)).toBe(passed);
  });

  test('it sinks with time, and calls that are refused raise it further', () => {
    const caller = new Caller({ tier: 'pro' });
    caller.countBeforeLimit('Balance');
    expect(caller.call('Balance', 1).error).toBe(KRAKEN_ERRORS.apiRateLimit);
    // 22 calls by now; one point a second.
    expect(caller.call('Balance', 4).error).toBeNull();
  });

  test('each key has its own', () => {
    const caller = new Caller('on');
    caller.countBeforeLimit('Balance');
    const other = signedRequest({ credentials: USER, method: 'Balance', nonce: 1 });
    expect(callOnce(caller.exchange, other).error).toBeNull();
  });

  test('a call that fails to authenticate counts, too', () => {
    const { exchange } = new Caller({ authFailuresMax: 1000 });
    for (let times = 0; times < 20; times++) callOnce(exchange, withHeader(balance(1), 'api-sign', 'AAAA'));
    expect(callOnce(exchange, balance(1)).error).toBe(KRAKEN_ERRORS.apiRateLimit);
  });

  test('a call that is over the limit has used its nonce up', () => {
    const caller = new Caller('on');
    const passed = caller.countBeforeLimit('Balance');
    expect(callOnce(caller.exchange, balance(passed + 1)).error).toBe(KRAKEN_ERRORS.invalidNonce);
  });

  test('without limits there is none', () => {
    expect(new Caller('off').countBeforeLimit('Ledgers')).toBe(Infinity);
  });
});

describe('too many calls at once', () => {
  test('one more than the maximum of an account is throttled, if overlaps are tolerated', () => {
    const exchange = openExchange({ overlap: 'tolerate', limits: { concurrentCallsMax: 2 } });
    const [first, second] = [balance(1), balance(2)].map((request) => {
      const call = exchange.begin(request, 0);
      exchange.receiveBody(call, request.body, 0);
      return call;
    });
    expect(callOnce(exchange, balance(3)).error).toMatch(/^EService: Throttled: \d+$/);
    const other = signedRequest({ credentials: USER, method: 'Balance', nonce: 1 });
    expect(callOnce(exchange, other)).toMatchObject({ error: null, violations: ['no-overlap'] });
    for (const call of [first, second]) if (call !== undefined) exchange.finish(call, 1);
    expect([first, second].map((call) => call?.record.error)).toEqual([null, null]);
    expect(callOnce(exchange, balance(4)).error).toBeNull();
  });
});

describe('the public limit', () => {
  const ticker = (ip: string) => ({ path: '/0/public/Time', headers: {}, ip });
  const errorsOf = (exchange: Exchange, ip: string, atS: number): unknown =>
    (JSON.parse(exchange.publicCall(ticker(ip), atS * 1e9).body) as { error: unknown }).error;

  test('an address may make a burst, and then one call a second', () => {
    const exchange = openExchange({ limits: { publicBurstMax: 3 } });
    const inBurst = [0, 0, 0, 0].map((atS) => errorsOf(exchange, '127.0.0.1', atS));
    expect(inBurst).toEqual([[], [], [], [KRAKEN_ERRORS.tooManyRequests]]);
    expect(errorsOf(exchange, '127.0.0.2', 0)).toEqual([]);
    expect([1, 1].map((atS) => errorsOf(exchange, '127.0.0.1', atS))).toEqual([
      [],
      [KRAKEN_ERRORS.tooManyRequests],
    ]);
  });

  test('how fast it sinks is an option, and 15 calls may come at once by default', () => {
    const fast = openExchange({ limits: { publicBurstMax: 2, publicCallsPerS: 4 } });
    const errors = [0, 0, 0, 0.25, 0.25, 0.5].map((atS) => errorsOf(fast, '127.0.0.1', atS));
    expect(errors.map((error) => JSON.stringify(error) === '[]')).toEqual([
      true,
      true,
      false,
      true,
      false,
      true,
    ]);
    const exchange = openExchange({ limits: 'on' });
    const passed = Array.from({ length: 20 }, () => errorsOf(exchange, '127.0.0.1', 0));
    expect(passed.filter((error) => JSON.stringify(error) === '[]')).toHaveLength(15);
  });

  test('what it is called is an option', () => {
    const exchange = openExchange({
      limits: { publicBurstMax: 0, publicLimitError: KRAKEN_ERRORS.apiRateLimit },
    });
    expect(errorsOf(exchange, '127.0.0.1', 0)).toEqual([KRAKEN_ERRORS.apiRateLimit]);
  });
});

describe('the lockout', () => {
  const limits = { authFailuresMax: 3, lockoutMs: 60_000 };
  const unsigned = withHeader(balance(1), 'api-sign', 'no signature');
  const locked = KRAKEN_ERRORS.temporaryLockout;

  test('ends at its last millisecond, and takes as many failures as before to come again', () => {
    const exchange = openExchange({ limits });
    for (let failure = 0; failure < 3; failure += 1) callOnce(exchange, unsigned, 0);
    expect(callOnce(exchange, unsigned, 0).error).toBe(locked);
    const errors = [60, 60, 60, 60, 119.999].map((atS) => callOnce(exchange, unsigned, atS).error);
    expect(errors.map((error) => error === locked)).toEqual([false, false, false, true, true]);
  });

  test('is of no more consequence after a reset', () => {
    const exchange = openExchange({ limits });
    for (let failure = 0; failure < 3; failure += 1) callOnce(exchange, unsigned, 0);
    exchange.reset();
    expect(callOnce(exchange, balance(1), 1).error).toBeNull();
  });

  test('takes failures in a row', () => {
    const exchange = openExchange({ limits });
    for (const nonce of [1, 2, 3]) {
      callOnce(exchange, unsigned);
      callOnce(exchange, unsigned);
      expect(callOnce(exchange, balance(nonce)).error).toBeNull();
    }
  });
  const badSignature = withHeader(balance(1), 'api-sign', 'AAAA');
  const badKey = withHeader(balance(1), 'api-key', 'nobody');

  function failThrice(exchange: Exchange, request = badSignature): void {
    for (let times = 0; times < 3; times++)
      expect(callOnce(exchange, request).error).not.toBe(KRAKEN_ERRORS.temporaryLockout);
  }

  test.each([
    ['signatures', badSignature],
    ['keys', badKey],
    ['nonces', balance('x')],
  ])('too many bad %s in a row shut the key out', (_what, request) => {
    const exchange = openExchange({ limits });
    failThrice(exchange, request);
    expect(callOnce(exchange, request).error).toBe(KRAKEN_ERRORS.temporaryLockout);
  });

  test('a good call is shut out as well, until the time is over, which each attempt starts anew', () => {
    const exchange = openExchange({ limits });
    failThrice(exchange);
    expect(callOnce(exchange, balance(1), 59).error).toBe(KRAKEN_ERRORS.temporaryLockout);
    expect(callOnce(exchange, balance(1), 118).error).toBe(KRAKEN_ERRORS.temporaryLockout);
    expect(callOnce(exchange, balance(1), 178).error).toBeNull();
  });

  test('failures count in a row only', () => {
    const exchange = openExchange({ limits });
    for (let nonce = 1; nonce <= 5; nonce++) {
      callOnce(exchange, badSignature);
      callOnce(exchange, badSignature);
      expect(callOnce(exchange, balance(nonce)).error).toBeNull();
    }
  });

  test.each([
    { lockoutOf: 'key', error: null },
    { lockoutOf: 'address', error: KRAKEN_ERRORS.temporaryLockout },
  ] as const)('by $lockoutOf, another key of the same address is told $error', ({ lockoutOf, error }) => {
    const exchange = openExchange({ limits: { ...limits, lockoutOf } });
    failThrice(exchange, badKey);
    expect(callOnce(exchange, balance(1)).error).toBe(error);
    expect(callOnce(exchange, { ...balance(2), ip: '127.0.0.9' }).error).toBeNull();
  });
});
