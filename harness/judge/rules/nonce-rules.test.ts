import { describe, expect, test } from 'vitest';
import { aCall, aUserCall, outcomeOf } from './history.test-support.ts';
import { nonceExact } from './nonce-exact.ts';
import { nonceGlobalOrder } from './nonce-global-order.ts';
import { nonceIncreasing } from './nonce-increasing.ts';
import { nonceReused } from './nonce-reused.ts';

describe('nonce-increasing', () => {
  test('names both calls and both nonces', () => {
    const calls = [aCall(1, { nonce: '70' }), aCall(2, { nonce: '69', method: 'AddOrder' })];
    expect(outcomeOf(nonceIncreasing, calls)).toEqual({
      status: 'violated',
      violations: 1,
      first: [2, 1],
      explanation:
        "MASTER's AddOrder carried nonce 69 and arrived 10 ms after MASTER's Balance with nonce 70, which is not lower (#2, #1).",
    });
  });

  test('compares with all that arrived, also with what the exchange rejected', () => {
    const rejected = aCall(1, { nonce: '9', outcome: 'rejected', error: 'EAPI:Invalid signature' });
    expect(outcomeOf(nonceIncreasing, [rejected, aCall(2, { nonce: '8' })]).status).toBe('violated');
  });

  test('does not compare one key with another', () => {
    const calls = [aCall(1, { nonce: '9' }), aUserCall(2, { nonce: '1' }), aUserCall(3, { nonce: '2' })];
    expect(outcomeOf(nonceIncreasing, calls)).toMatchObject({
      status: 'held',
      explanation: '3 calls on 2 keys',
    });
  });

  test('says nothing when no key was used twice', () => {
    expect(outcomeOf(nonceIncreasing, [aCall(1), aUserCall(2)]).status).toBe('not-applicable');
  });
});

describe('nonce-global-order', () => {
  const crossed = [aCall(1, { nonce: '9' }), aUserCall(2, { nonce: '9' })];

  test('compares across keys, and equal is not greater', () => {
    expect(outcomeOf(nonceGlobalOrder, crossed)).toMatchObject({ status: 'violated', first: [2, 1] });
  });

  test('does not apply when each key has its lane', () => {
    expect(outcomeOf(nonceGlobalOrder, crossed, { scope: 'key' }).status).toBe('not-applicable');
  });
});

describe('nonce-reused', () => {
  test('finds a repetition however long ago, and says where it was first', () => {
    const calls = [1, 2, 3, 4].map((seq) => aCall(seq));
    const again = aCall(5, { nonce: `0${calls[0]?.nonce}`, method: 'AddOrder' });
    expect(outcomeOf(nonceReused, [...calls, again])).toMatchObject({
      status: 'violated',
      first: [5, 1],
      explanation: `MASTER's AddOrder carried nonce ${again.nonce}, which the same key had sent before (#5, #1).`,
    });
  });

  test('lets two keys send the same nonce', () => {
    const calls = [aCall(1, { nonce: '5' }), aUserCall(2, { nonce: '5' }), aCall(3, { nonce: '6' })];
    expect(outcomeOf(nonceReused, calls).status).toBe('held');
  });
});

describe('nonce-exact', () => {
  test('shows what was sent instead of a nonce', () => {
    const long = aCall(1, { nonce: `1.7953537e+18${'0'.repeat(99)}` });
    const { status, first, explanation } = outcomeOf(nonceExact, [long, aCall(2, { nonce: '-1' })]);
    expect({ status, first }).toEqual({ status: 'violated', first: [1] });
    expect(explanation).toMatch(
      /^MASTER's Balance \(#1\) carried "1\.7953537e\+18000.*…" as its nonce, which is not/,
    );
  });

  test('a missing nonce is one, unless a fault or the end of the history cut the call short', () => {
    expect(outcomeOf(nonceExact, [aCall(1, { nonce: null })]).status).toBe('violated');
    expect(outcomeOf(nonceExact, [aCall(1, { nonce: null, fault: 'reset' }), aCall(2)]).status).toBe('held');
    expect(outcomeOf(nonceExact, [aCall(1, { nonce: null, departedNs: null }), aCall(2)]).status).toBe(
      'held',
    );
  });

  test('finds the one account whose nonces went through a double', () => {
    const calls = Array.from({ length: 200 }, (_, i) => {
      const exact = aCall(2 * i + 1);
      const lossy = aUserCall(2 * i + 2);
      return [exact, { ...lossy, nonce: String(Number(lossy.nonce)) }];
    }).flat();
    const { status, warnings = [] } = outcomeOf(nonceExact, calls);
    expect(status).toBe('held');
    expect(warnings).toMatchObject([{ id: 'lost-precision', rule: 'nonce-exact', calls: 200, first: [2] }]);
    expect(warnings[0]?.explanation).toContain(
      'Each of the 200 nonces of USER_1 above 2^53 is exactly what a double prints',
    );
    expect(warnings[0]?.explanation).toContain('Two calls within 256 ns would carry one nonce.');
    const strictly = outcomeOf(nonceExact, calls, { strict: true });
    expect(strictly).toMatchObject({ status: 'violated', violations: 200, first: [2] });
    expect(strictly.explanation).toBe(warnings[0]?.explanation);
  });

  test('finds it over all accounts together when each makes one call', () => {
    const calls = Array.from({ length: 60 }, (_, i) =>
      aCall(i + 1, { account: `USER_${i}`, key: `key-${i}` }),
    );
    const lossy = calls.map((call) => ({ ...call, nonce: String(BigInt(Number(call.nonce))) }));
    expect(outcomeOf(nonceExact, calls)).toMatchObject({ status: 'held', warnings: [] });
    expect(outcomeOf(nonceExact, lossy).warnings?.[0]?.explanation).toContain(
      '60 nonces of all accounts together',
    );
  });

  test('says in its own unit how close calls must be to collide', () => {
    const ticks = (seq: number): bigint => 639_309_505_361_700_000n + BigInt(seq) * 100_003n;
    const calls = Array.from({ length: 200 }, (_, i) =>
      aCall(i + 1, { nonce: String(BigInt(Number(ticks(i)))) }),
    );
    const [warning] = outcomeOf(nonceExact, calls).warnings ?? [];
    expect(warning?.explanation).toContain('Two calls within 13 µs would carry one nonce.');
  });

  test('is broken by a JSON number that is another one once it is parsed', () => {
    const nonce = '1795353736170000001';
    const changed = aCall(2, { nonce, nonceParsed: '1795353736170000128' });
    expect(outcomeOf(nonceExact, [aCall(1), changed])).toMatchObject({
      status: 'violated',
      violations: 1,
      first: [2],
      explanation:
        "MASTER's Balance (#2) sent its nonce 1795353736170000001 as a JSON number, which a parser with doubles reads as 1795353736170000128: another nonce than was signed. Send it as a string.",
    });
  });

  describe('with a clock to compare with', () => {
    const originMs = 1_795_353_736_170;
    const at = (nonce: string, seq = 1): ReturnType<typeof aCall> => aCall(seq, { nonce, arrivedNs: 0 });
    const warningsOf = (...nonces: string[]): readonly string[] =>
      (
        outcomeOf(
          nonceExact,
          nonces.map((nonce, i) => at(nonce, i + 1)),
          { originMs },
        ).warnings ?? []
      ).map(({ id }) => id);

    test.each([
      ['seconds', '1795353736'],
      ['milliseconds', '1795353736170'],
      ['PHP: microtime in units of 0.1 ms', '17953537361700'],
      ['microseconds', '1795353736170000'],
      ['100 ns', '17953537361700000'],
      ["100 ns since the year 1 (.NET's ticks)", '639309505361700000'],
      ['nanoseconds', '1795353736170000000'],
      ['nanoseconds of a clock that is 23 hours ahead', '1795436536170000000'],
      ['a counter', '12345'],
      ['time since boot', '1390366929927'],
    ])('%s raise no warning', (_name, nonce) => {
      expect(warningsOf(nonce)).toEqual([]);
    });

    test.each([
      ['milliseconds of the year 2030', '1900000000000'],
      ['nanoseconds two days ahead', '1795526536170000000'],
      ["a year more of .NET's ticks", '639640000000000000'],
      ['the greatest nonce there is', '18446744073709551615'],
    ])('%s raise one', (_name, nonce) => {
      expect(warningsOf(nonce)).toEqual(['nonce-ahead']);
    });

    test('a warning says by how long, and is convicted strictly only', () => {
      const calls = [aCall(1), at('1900000000000000000', 2), at('1900000000000000001', 3)];
      const outcome = outcomeOf(nonceExact, calls, { originMs });
      expect(outcome.status).toBe('held');
      expect(outcome.warnings).toMatchObject([{ id: 'nonce-ahead', calls: 2, first: [2] }]);
      expect(outcome.warnings?.[0]?.explanation).toContain('in nanoseconds is 3.3 years ahead of the clock');
      expect(outcomeOf(nonceExact, calls, { originMs, strict: true }).status).toBe('violated');
    });

    test('without a clock none is raised', () => {
      expect(outcomeOf(nonceExact, [at('18446744073709551615')]).warnings).toEqual([]);
    });
  });

  test('warns of two units on one key, and not on two', () => {
    const milliseconds = aCall(1, { nonce: '1795353736170' });
    const nanoseconds = { nonce: '1795353736171000000' };
    const [warning, ...others] = outcomeOf(nonceExact, [milliseconds, aCall(2, nanoseconds)]).warnings ?? [];
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ id: 'nonce-units', calls: 1, first: [2, 1] });
    expect(warning?.explanation).toContain(
      "MASTER's Balance carried nonce 1795353736171000000 (nanoseconds) after MASTER's Balance with 1795353736170 (milliseconds) on the same key (#2, #1): the greater is 1,000,000 times the smaller",
    );
    expect(outcomeOf(nonceExact, [milliseconds, aUserCall(2, nanoseconds)]).warnings).toEqual([]);
    const ticks = aCall(2, { nonce: '639309505361700000' });
    expect(outcomeOf(nonceExact, [aCall(1), ticks]).warnings).toMatchObject([{ id: 'nonce-units' }]);
    const counters = [aCall(1, { nonce: '5' }), aCall(2, { nonce: '500000' })];
    expect(outcomeOf(nonceExact, counters).warnings).toEqual([]);
  });
});
