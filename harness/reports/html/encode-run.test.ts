import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { aCall } from '../../judge/rules/history.test-support.ts';
import { judge } from '../../judge/verdict/index.ts';
import { findBrokenRules } from './broken-rules.ts';
import { encodeRun } from './encode-run.ts';
import { busyUntil, unpackCalls, unpackNonces } from './page/calls.ts';

const NONCE = fc.oneof(
  fc.constant(null),
  fc.string({ maxLength: 22 }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  fc.bigInt({ min: 0n, max: 1_000n }).map((n) => String(1_795_366_283_660_587_661n + n)),
);

const CALL = fc.record({
  account: fc.constantFrom(null, 'MASTER', 'USER_1', 'USER_10', 'USER_2'),
  nonce: NONCE,
  gapNs: fc.nat({ max: 20_000_000 }),
  serviceNs: fc.oneof(fc.constant(null), fc.nat({ max: 30_000_000 })),
  outcome: fc.constantFrom('accepted' as const, 'rejected' as const, 'faulted' as const),
});

const HISTORY = fc.array(CALL, { minLength: 1, maxLength: 40 }).map((drafts) => {
  let nowNs = 5_000_000;
  return drafts.map(({ account, nonce, gapNs, serviceNs, outcome }, i): JournalRecord => {
    nowNs += gapNs;
    return {
      seq: i + 1,
      account,
      key: account === null ? null : `key of ${account}`,
      method: 'Balance',
      nonce,
      arrivedNs: nowNs,
      departedNs: serviceNs === null ? null : nowNs + serviceNs,
      outcome,
      error: outcome === 'rejected' ? 'EAPI:Invalid nonce' : null,
      violations: [],
      fault: outcome === 'faulted' ? 'reply-lost' : null,
      effect: null,
      tag: null,
      clientRef: null,
    };
  });
});

function encoded(calls: readonly JournalRecord[]): ReturnType<typeof encodeRun> {
  const context = { scope: 'global', accounts: null, faultKinds: [], clientSide: false } as const;
  const verdict = judge(
    calls,
    { ...context, seed: 1, strength: 'observed', reproduce: '' },
    { exit: null, clientCalls: null },
  );
  // Through JSON, as in the page.
  return JSON.parse(
    JSON.stringify(encodeRun({ verdict, calls, client: null, broken: findBrokenRules(calls, verdict) })),
  ) as ReturnType<typeof encodeRun>;
}

describe('a run on its way into the page', () => {
  it('arrives as it was: times, nonces, accounts, outcomes', () => {
    fc.assert(
      fc.property(HISTORY, (history) => {
        const data = encoded(history);
        const calls = unpackCalls(data);
        const startNs = history[0]?.arrivedNs ?? 0;
        expect(unpackNonces(data)).toEqual(history.map(({ nonce }) => nonce));
        expect([...calls.arrivedNs]).toEqual(history.map(({ arrivedNs }) => arrivedNs - startNs));
        expect([...calls.departedNs]).toEqual(
          history.map(({ departedNs }) => (departedNs === null ? Infinity : departedNs - startNs)),
        );
        expect([...calls.account].map((n) => data.accounts[n])).toEqual(
          history.map(({ account }) => account ?? 'somebody without an API key'),
        );
        expect([...calls.outcome].map((n) => data.outcomes[n])).toEqual(
          history.map(({ outcome }) => outcome),
        );
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('marks exactly the calls that found another in service as overlaps', () => {
    fc.assert(
      fc.property(HISTORY, (history) => {
        const data = encoded(history);
        const calls = unpackCalls(data);
        const bit = 1 << data.rules.indexOf('no-overlap');
        const busyNs = busyUntil(calls);
        for (let n = 0; n < calls.count; n += 1) {
          const isMarked = ((calls.broken[n] ?? 0) & bit) !== 0;
          expect(isMarked).toBe((busyNs[n] ?? 0) > (calls.arrivedNs[n] ?? 0));
        }
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('has its accounts in the order of people, strangers last', () => {
    const accounts = ['USER_10', 'USER_2', null, 'MASTER'];
    const calls = accounts.map((account, i) =>
      aCall(i + 1, { account, key: account === null ? 'ab12' : 'key' }),
    );
    expect(encoded(calls).accounts).toEqual(['MASTER', 'USER_2', 'USER_10', 'the unknown key ab12']);
  });
});
