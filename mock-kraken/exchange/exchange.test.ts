import { describe, expect, test } from 'vitest';
import type { Credentials } from './credentials.ts';
import { createExchange } from './exchange.ts';
import type { ExchangeOptions } from './exchange-options.ts';
import { keyFingerprint } from '../key-fingerprint.ts';
import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import { callOnce, MASTER, openExchange, USER, withHeader } from '../testing/bench.ts';
import { signedBody, signedRequest, type SignedRequest } from '../testing/signed-request.ts';
import type { Venue } from '../venue-interface.ts';

function balance(nonce: string | number, credentials: Credentials = MASTER): SignedRequest {
  return signedRequest({ credentials, method: 'Balance', nonce });
}

/** A venue that refuses everything. */
const REFUSING_VENUE: Venue = {
  openAccount: () => undefined,
  callPrivate: () => ({ error: [KRAKEN_ERRORS.insufficientFunds], effect: null }),
  callPublic: () => ({ error: [], result: {}, effect: null }),
};

describe('nonces', () => {
  test('a nonce must be greater than the last accepted one of its key, and an equal one is not', () => {
    const exchange = openExchange();
    const outcomes = [5, 5, 4, 6].map((nonce) => callOnce(exchange, balance(nonce)));
    expect(outcomes.map((record) => [record.error, record.violations])).toEqual([
      [null, []],
      [KRAKEN_ERRORS.invalidNonce, ['nonce-increasing', 'nonce-reused']],
      [KRAKEN_ERRORS.invalidNonce, ['nonce-increasing']],
      [null, []],
    ]);
  });

  test('each key has nonces of its own', () => {
    const exchange = openExchange();
    expect(callOnce(exchange, balance(9)).error).toBeNull();
    expect(callOnce(exchange, balance(1, USER)).error).toBeNull();
  });

  test('nonces that a Number cannot tell apart are told apart', () => {
    const exchange = openExchange();
    expect(callOnce(exchange, balance('1795353736170000001')).error).toBeNull();
    expect(callOnce(exchange, balance('1795353736170000002')).error).toBeNull();
    expect(callOnce(exchange, balance('1795353736170000002')).error).toBe(KRAKEN_ERRORS.invalidNonce);
  });

  test.each(['-1', '0x10', '1.5', '', '１２', '184467440737095516150', '18446744073709551616'])(
    'the nonce %j is refused, recorded as sent, and named',
    (nonce) => {
      expect(callOnce(openExchange(), balance(nonce))).toMatchObject({
        nonce,
        error: KRAKEN_ERRORS.invalidNonce,
        violations: ['nonce-exact'],
      });
    },
  );

  test('two nonces in one body are none', () => {
    const request = signedBody({
      credentials: MASTER,
      method: 'Balance',
      nonce: '1',
      body: 'nonce=1&nonce=2',
    });
    expect(callOnce(openExchange(), request)).toMatchObject({
      nonce: null,
      error: KRAKEN_ERRORS.invalidNonce,
      violations: ['nonce-exact'],
    });
  });

  test('a missing nonce gets the error that the option names', () => {
    const request = signedBody({ credentials: MASTER, method: 'Balance', nonce: '', body: 'a=b' });
    expect(callOnce(openExchange(), request).error).toBe(KRAKEN_ERRORS.invalidNonce);
    const exchange = openExchange({ missingNonceError: KRAKEN_ERRORS.badRequest });
    expect(callOnce(exchange, request).error).toBe(KRAKEN_ERRORS.badRequest);
  });

  test('a text out of the request is cut before it is recorded', () => {
    const record = callOnce(openExchange(), balance('1'.repeat(10_000)));
    expect(record.nonce?.length).toBeLessThan(200);
  });
});

describe('the order of the checks', () => {
  const unsigned = withHeader(balance('x'), 'api-sign', 'AAAA');

  test('the key comes before the nonce, the nonce before the signature', () => {
    const exchange = openExchange();
    expect(callOnce(exchange, withHeader(unsigned, 'api-key', 'nobody')).error).toBe(
      KRAKEN_ERRORS.invalidKey,
    );
    expect(callOnce(exchange, withHeader(unsigned, 'api-key', '')).error).toBe(KRAKEN_ERRORS.invalidKey);
    expect(callOnce(exchange, unsigned).error).toBe(KRAKEN_ERRORS.invalidNonce);
    expect(callOnce(exchange, withHeader(balance(1), 'api-sign', 'AAAA')).error).toBe(
      KRAKEN_ERRORS.invalidSignature,
    );
  });

  test('a key is recorded by its short name, each time', () => {
    const exchange = openExchange();
    const names = [1, 2].map((nonce) => callOnce(exchange, balance(nonce)).key);
    expect(names).toEqual([keyFingerprint(MASTER.apiKey), keyFingerprint(MASTER.apiKey)]);
    expect(callOnce(exchange, balance(1, USER)).key).toBe(keyFingerprint(USER.apiKey));
  });

  test('a missing or unknown key is recorded without an account', () => {
    const exchange = openExchange();
    expect(callOnce(exchange, withHeader(balance(1), 'api-key', ''))).toMatchObject({
      account: null,
      key: null,
    });
    const unknown = callOnce(exchange, withHeader(balance(1), 'api-key', 'nobody'));
    expect(unknown).toMatchObject({ account: null, key: expect.stringMatching(/^[0-9a-f]{12}$/) });
  });

  test('what a wrong signature is called is an option', () => {
    const exchange = openExchange({ signatureError: KRAKEN_ERRORS.invalidKey });
    const record = callOnce(exchange, withHeader(balance(1), 'api-sign', 'AAAA'));
    expect(record.error).toBe(KRAKEN_ERRORS.invalidKey);
  });

  test('without verification every signature will do, even none', () => {
    const exchange = openExchange({ verifySignatures: false });
    expect(callOnce(exchange, withHeader(balance(1), 'api-sign', '')).error).toBeNull();
  });
});

describe('the commit point of a nonce', () => {
  /** Whether nonce 5 can still be used after a call with it went wrong. */
  function isFreeAfter(wrong: SignedRequest, options: ExchangeOptions): boolean {
    const exchange = openExchange(options);
    expect(callOnce(exchange, wrong).outcome).toBe('rejected');
    return callOnce(exchange, balance(5)).error !== KRAKEN_ERRORS.invalidNonce;
  }
  const wrongSignature = withHeader(balance(5), 'api-sign', 'AAAA');
  const wrongMethod = signedRequest({ credentials: MASTER, method: 'Nothing', nonce: 5 });

  test.each([
    { nonceCommit: 'before-signature', afterSignature: false, afterArguments: false },
    { nonceCommit: 'after-signature', afterSignature: true, afterArguments: false },
    { nonceCommit: 'on-success', afterSignature: true, afterArguments: true },
  ] as const)('$nonceCommit', ({ nonceCommit, afterSignature, afterArguments }) => {
    expect(isFreeAfter(wrongSignature, { nonceCommit })).toBe(afterSignature);
    expect(isFreeAfter(wrongMethod, { nonceCommit })).toBe(afterArguments);
  });

  test.each(['before-signature', 'after-signature', 'on-success'] as const)(
    '%s: an accepted nonce is used up',
    (nonceCommit) => {
      const exchange = openExchange({ nonceCommit });
      expect(callOnce(exchange, balance(5)).error).toBeNull();
      expect(callOnce(exchange, balance(5)).error).toBe(KRAKEN_ERRORS.invalidNonce);
    },
  );
});

describe('overlap', () => {
  test('a call that arrives while another is in service is refused, but its nonce is used up', () => {
    const exchange = openExchange();
    const first = exchange.begin(balance(1), 0);
    const second = callOnce(exchange, balance(2));
    exchange.receiveBody(first, balance(1).body, 20);
    exchange.finish(first, 30);
    expect(first.record).toMatchObject({
      error: expect.stringMatching('EAPI:Invalid nonce'),
      violations: ['nonce-increasing'],
    });
    expect(second).toMatchObject({ error: 'EService: Throttled: 1767225601', violations: ['no-overlap'] });
    expect(callOnce(exchange, balance(2)).error).toBe(KRAKEN_ERRORS.invalidNonce);
  });

  test('an overlap that is tolerated is recorded all the same', () => {
    const exchange = openExchange({ overlap: 'tolerate' });
    exchange.begin(balance(1), 0);
    expect(callOnce(exchange, balance(2))).toMatchObject({ error: null, violations: ['no-overlap'] });
  });

  test.each([
    { scope: 'global', violations: ['no-overlap'] },
    { scope: 'key', violations: [] },
  ] as const)('scope $scope: two keys at once', ({ scope, violations }) => {
    const exchange = openExchange({ scope });
    exchange.begin(balance(1), 0);
    expect(callOnce(exchange, balance(1, USER)).violations).toEqual(violations);
  });

  test.each(['global', 'key'] as const)('scope %s: one key at once', (scope) => {
    const exchange = openExchange({ scope });
    exchange.begin(balance(1), 0);
    expect(callOnce(exchange, balance(2)).violations).toEqual(['no-overlap']);
  });

  test('a call without a body is in service all the same', () => {
    const exchange = openExchange();
    const slow = exchange.begin(balance(1), 0);
    expect(callOnce(exchange, balance(2)).violations).toEqual(['no-overlap']);
    expect(exchange.finish(slow, 9).status).toBe(400);
    expect(callOnce(exchange, balance(3)).violations).toEqual([]);
  });

  test('events are ordered as they are told, whatever the clock says', () => {
    const exchange = openExchange();
    for (const [nonce, atS] of [
      [1, 100],
      [2, 100],
      [3, 50],
    ] as const)
      callOnce(exchange, balance(nonce), atS);
    const times = exchange.journal.flatMap((record) => [record.arrivedNs, Number(record.departedNs)]);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(exchange.journal.flatMap((record) => record.violations)).toEqual([]);
  });
});

describe('service', () => {
  test('an admitted call takes effect when it finishes, once, and is recorded with its names', () => {
    const exchange = openExchange();
    const params = { ordertype: 'market', nonceproof_call: 'tag-1', cl_ord_id: 'mine' };
    const request = signedRequest({ credentials: USER, method: 'AddOrder', nonce: 1, params });
    const call = exchange.begin(request, 0);
    exchange.receiveBody(call, request.body, 1);
    expect(call.record).toMatchObject({ departedNs: null, effect: null });
    const reply = exchange.finish(call, 2);
    expect(exchange.finish(call, 3)).toBe(reply);
    expect(call.record).toMatchObject({
      seq: 1,
      account: 'USER_1',
      method: 'AddOrder',
      departedNs: 2,
      effect: { kind: 'order', ids: ['OFIXED-00000-000001'] },
      tag: 'tag-1',
      clientRef: 'mine',
    });
  });

  test('what the venue refuses is rejected with its words', () => {
    expect(callOnce(openExchange({ venue: REFUSING_VENUE }), balance(1))).toMatchObject({
      outcome: 'rejected',
      error: KRAKEN_ERRORS.insufficientFunds,
    });
  });

  test('a venue that throws is a defect that is told of, and no end of the exchange', () => {
    const defects: unknown[] = [];
    const defect = new Error('venue');
    const callPrivate = (): never => {
      throw defect;
    };
    const onInternalError = (error: unknown): void => void defects.push(error);
    const exchange = openExchange({ venue: { ...REFUSING_VENUE, callPrivate }, onInternalError });
    expect(callOnce(exchange, balance(1))).toMatchObject({
      outcome: 'rejected',
      error: KRAKEN_ERRORS.internalError,
    });
    expect(callOnce(exchange, balance(2)).violations).toEqual([]);
    expect(defects).toEqual([defect, defect]);
  });

  test('a warning beside a result is no rejection', () => {
    const callPrivate = (): ReturnType<Venue['callPrivate']> => ({
      error: ['WGeneral:Danger'],
      result: {},
      effect: null,
    });
    const record = callOnce(openExchange({ venue: { ...REFUSING_VENUE, callPrivate } }), balance(1));
    expect(record).toMatchObject({ outcome: 'accepted', error: 'WGeneral:Danger' });
  });

  test('the venue is built when it is first needed, with the accounts opened by then', () => {
    const opened: unknown[] = [];
    const venue = { ...REFUSING_VENUE, openAccount: (...account: unknown[]) => void opened.push(account) };
    let built = 0;
    const exchange = createExchange({
      venue: () => {
        built++;
        return venue;
      },
    });
    exchange.addAccount({ ...MASTER, balances: { ZUSD: '1' } });
    expect([built, opened]).toEqual([0, []]);
    callOnce(exchange, balance(1));
    exchange.addAccount(USER);
    callOnce(exchange, balance(1, USER));
    expect([built, opened]).toEqual([
      1,
      [
        ['MASTER', { ZUSD: '1' }],
        ['USER_1', undefined],
      ],
    ]);
  });

  test('no secret, signature or key is in the journal', () => {
    const exchange = openExchange();
    const request = balance(1);
    callOnce(exchange, request);
    callOnce(exchange, withHeader(request, 'api-key', 'some-unknown-key'));
    const journal = JSON.stringify(exchange.journal);
    for (const secret of [MASTER.apiKey, MASTER.apiSecret, request.headers['api-sign'], 'some-unknown-key'])
      expect(journal).not.toContain(secret);
  });
});

test.each([
  ['a JSON number that is another one once it is parsed', '1795353736170000001', '1795353736170000128'],
  ['a JSON number that a double holds', '1795353736170000128', undefined],
  ['a JSON number below 2^53', '1795353736170', undefined],
  ['a JSON string', '"1795353736170000001"', undefined],
])('%s is noticed, and accepted as it was signed', (_what, written, nonceParsed) => {
  const exchange = openExchange();
  const nonce = written.replaceAll('"', '');
  const body = `{"nonce":${written}}`;
  const type = 'application/json';
  const record = callOnce(
    exchange,
    signedBody({ credentials: MASTER, method: 'Balance', nonce, body, type }),
  );
  expect(record).toMatchObject({ outcome: 'accepted', nonce });
  expect(record.nonceParsed).toBe(nonceParsed);
  expect(record.violations).toEqual(nonceParsed === undefined ? [] : ['nonce-exact']);
});
