import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { aCall, aUserCall, outcomeOf } from './history.test-support.ts';
import { nonceExact } from './nonce-exact.ts';
import type { RuleContext, Warning } from './rule.ts';

const ORIGIN_S = 1_795_353_736;
const DAY_S = 86_400;
const YEAR_S = 31_557_600;

function warningsOf(calls: readonly JournalRecord[], context: Partial<RuleContext> = {}): readonly Warning[] {
  return outcomeOf(nonceExact, calls, context).warnings ?? [];
}

/** What is said of a nonce so many seconds ahead of a clock; `undefined`: nothing. */
function saidAhead(bySeconds: number, arrivedNs = 0): string | undefined {
  const call = aCall(1, { nonce: String(ORIGIN_S + bySeconds), arrivedNs });
  return warningsOf([call], { originMs: ORIGIN_S * 1e3 })[0]?.explanation;
}

describe('a nonce ahead of the clock', () => {
  test.each([
    [DAY_S, '1 day'],
    [2 * DAY_S - 1, '1 day'],
    [2 * DAY_S, '2 days'],
    [YEAR_S - 1, '365 days'],
    [YEAR_S, '1.0 years'],
    [99 * YEAR_S, '99.0 years'],
    [100 * YEAR_S, '100 years'],
    [250.4 * YEAR_S, '250 years'],
  ])('by %d s is so by %s', (bySeconds, words) => {
    expect(saidAhead(bySeconds)).toContain(`which in seconds is ${words} ahead`);
  });

  test('by less than a day is none, and the clock goes on while the history lasts', () => {
    expect(saidAhead(DAY_S - 1)).toBeUndefined();
    expect(saidAhead(DAY_S, 1_000_000_000)).toBeUndefined();
    expect(saidAhead(DAY_S + 1, 1_000_000_000)).toContain('1 day');
  });

  test('is told of each call, the first by name; counters are none', () => {
    const ahead = [2, 3].map((seq) => aCall(seq, { nonce: String(ORIGIN_S + 9 * DAY_S + seq) }));
    const calls = [aCall(1, { nonce: '12' }), ...ahead];
    expect(warningsOf(calls, { originMs: ORIGIN_S * 1e3 })).toMatchObject([
      { id: 'nonce-ahead', calls: 2, first: [2] },
    ]);
    expect(warningsOf(calls)).toEqual([]);
  });

  test('beside another warning is told as well, and the first of them convicts', () => {
    const calls = [
      aCall(1, { nonce: '1795353736' }),
      aCall(2, { nonce: '1795353737000' }),
      aCall(3, { nonce: '9795353737000' }),
    ];
    const run = { originMs: ORIGIN_S * 1e3 };
    expect(warningsOf(calls, run).map(({ id }) => id)).toEqual(['nonce-ahead', 'nonce-units']);
    expect(outcomeOf(nonceExact, calls, { ...run, strict: true })).toMatchObject({
      status: 'violated',
      violations: 1,
      first: [3],
    });
  });
});

describe('two units on one key', () => {
  const MS = '1795353736170';

  test('begin at twice the first nonce, either way', () => {
    const pair = (first: string, second: string): readonly string[] =>
      warningsOf([aCall(1, { nonce: first }), aCall(2, { nonce: second })]).map(({ id }) => id);
    expect(pair('1000000000000', '1999999999999')).toEqual([]);
    expect(pair('1000000000000', '2000000000000')).toEqual(['nonce-units']);
    expect(pair('2000000000000', '1000000000001')).toEqual([]);
    expect(pair('2000000000000', '1000000000000')).toEqual(['nonce-units']);
  });

  test('are told of each call in the other unit, with the greater named whichever came first', () => {
    const calls = [
      aCall(1, { nonce: '1795353736171000000' }),
      aUserCall(2, { nonce: '1795353736172000000' }),
      aCall(3, { nonce: MS }),
      aUserCall(4, { nonce: '1795353736173000000' }),
      aCall(5, { nonce: '1795353736180' }),
    ];
    const [warning] = warningsOf(calls);
    expect(warning).toMatchObject({ id: 'nonce-units', calls: 2, first: [3, 1] });
    expect(warning?.explanation).toContain("after MASTER's Balance");
    expect(warning?.explanation).toContain('the greater is 1,000,000 times the smaller');
    expect(warning?.explanation).toContain('once it is accepted every nonce in milliseconds is refused');
  });

  test('are seen on each key by itself, and not where there is no key', () => {
    const keyless = { account: null, key: null };
    const calls = [aCall(1, { nonce: MS, ...keyless }), aCall(2, { nonce: '1795353736', ...keyless })];
    expect(warningsOf(calls)).toEqual([]);
    const users = [aUserCall(3, { nonce: MS }), aUserCall(4, { nonce: '1795353736' })];
    expect(warningsOf([...calls, aCall(5), ...users])).toMatchObject([{ first: [4, 3] }]);
  });

  test('a factor that is no power of ten is rounded to a tenth', () => {
    const ticks = aCall(2, { nonce: '639309505361700000' });
    expect(warningsOf([aCall(1, { nonce: '1795353736170000000' }), ticks])[0]?.explanation).toContain(
      'the greater is 2.8 times the smaller',
    );
  });
});

describe('precision that was lost', () => {
  /** Nonces as the exact values of doubles. */
  const lossy = (call: JournalRecord): JournalRecord => ({
    ...call,
    nonce: String(BigInt(Number(call.nonce))),
  });
  const calls = Array.from({ length: 60 }, (_, n) => lossy(aCall(n + 1)));

  test('is named by its sign and its first nonce, and what held no longer says that none was', () => {
    const { explanation, status, warnings } = outcomeOf(nonceExact, calls);
    expect({ explanation, status }).toEqual({
      status: 'held',
      explanation: '60 nonces of 1 to 20 digits below 2^64, as they were sent',
    });
    expect(warnings?.[0]?.explanation).toContain('above 2^53 is exactly the value of a double');
    expect(warnings?.[0]?.explanation).toContain(`The first is ${calls[0]?.nonce} of MASTER's Balance (#1).`);
  });

  test('is looked for in the nonces that were read, whatever stands between them', () => {
    const between = calls.flatMap((call) => [
      call,
      aUserCall(100 + call.seq, { nonce: null, fault: 'reset' }),
    ]);
    expect(outcomeOf(nonceExact, between)).toMatchObject({ status: 'held', warnings: [{ calls: 60 }] });
  });

  test('is found on the first key although the second loses nothing', () => {
    const exact = Array.from({ length: 60 }, (_, n) => aUserCall(n + 100));
    const mixed = calls.flatMap((call, n) => [call, exact[n] ?? call]);
    const [warning] = warningsOf(mixed);
    expect(warning).toMatchObject({ id: 'lost-precision', calls: 60, first: [1] });
    expect(warning?.explanation).toContain('60 nonces of MASTER above 2^53');
  });

  test('is not said to be lost where another warning is given, nor where none is, strictly or not', () => {
    const ahead = outcomeOf(nonceExact, [aCall(1, { nonce: '9795353737' })], { originMs: ORIGIN_S * 1e3 });
    expect(ahead.warnings).toHaveLength(1);
    expect(ahead.explanation).toContain('no precision lost');
    expect(outcomeOf(nonceExact, [aCall(1)], { strict: true })).toMatchObject({
      status: 'held',
      warnings: [],
    });
  });

  test('of calls without a key is seen over all together', () => {
    const keyless = calls.map((call) => ({ ...call, account: null, key: null }));
    expect(warningsOf(keyless)[0]?.explanation).toContain('60 nonces of all accounts together');
  });

  test('is told in nonces where the first of them is no time', () => {
    const [warning] = warningsOf([aCall(200, { nonce: '5' }), ...calls]);
    expect(warning?.explanation).toContain('Two nonces less than 256 apart would become one.');
    expect(warning).toMatchObject({ calls: 60, first: [200] });
  });
});

describe('nonce-exact', () => {
  test('of nothing has nothing to say', () => {
    expect(outcomeOf(nonceExact, [])).toMatchObject({ status: 'not-applicable', warnings: [] });
    const cut = aCall(1, { nonce: null, fault: 'reset' });
    expect(outcomeOf(nonceExact, [cut])).toMatchObject({ status: 'not-applicable' });
  });

  test('says over how many nonces it held', () => {
    expect(outcomeOf(nonceExact, [aCall(1), aUserCall(2)]).explanation).toBe(
      '2 nonces of 1 to 20 digits below 2^64, no precision lost',
    );
  });

  test('counts each nonce that cannot be read and shows the first', () => {
    const calls = [
      aCall(1),
      aCall(2, { nonce: null }),
      aUserCall(3, { nonce: 'x' }),
      aCall(4, { nonce: '' }),
    ];
    expect(outcomeOf(nonceExact, calls)).toMatchObject({
      violations: 3,
      first: [2],
      explanation: "MASTER's Balance (#2) carried no nonce that could be read.",
    });
    expect(outcomeOf(nonceExact, calls.slice(2)).explanation).toBe(
      `USER_1's Balance (#3) carried "x" as its nonce, which is not 1 to 20 decimal digits below 2^64.`,
    );
  });

  test('a nonce that can be read but not so breaks the rule although a fault struck its call', () => {
    expect(outcomeOf(nonceExact, [aCall(1, { nonce: '1e3', fault: 'reset' })]).status).toBe('violated');
    expect(outcomeOf(nonceExact, [aCall(1, { nonce: '1e3', departedNs: null })]).status).toBe('violated');
  });

  test('shows forty characters of what was sent', () => {
    const shown = (length: number): string =>
      outcomeOf(nonceExact, [aCall(1, { nonce: 'x'.repeat(length) })]).explanation;
    expect(shown(40)).toContain(`"${'x'.repeat(40)}"`);
    expect(shown(41)).toContain(`"${'x'.repeat(40)}…"`);
  });
});
