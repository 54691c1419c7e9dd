import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { ClientCall } from '../history/index.ts';
import { aCall, aClientCall, aUserCall } from './history.test-support.ts';
import { explainHeldUp, heldUpBy, KeptLaneFinder } from './kept-lane.ts';
import type { KeptLane } from './kept-lane.ts';

const MS = 1_000_000;

function at(arrivedMs: number, departedMs: number | null): Partial<JournalRecord> {
  return { arrivedNs: arrivedMs * MS, departedNs: departedMs === null ? null : departedMs * MS };
}

function refused(changes: Partial<JournalRecord>): JournalRecord {
  return aUserCall(1, { outcome: 'rejected', error: 'EAPI:Rate limit exceeded', tag: 'u', ...changes });
}

function keptIn(...calls: readonly JournalRecord[]): readonly KeptLane[] {
  const finder = new KeptLaneFinder();
  for (const call of calls) finder.onCall(call);
  return finder.found;
}

describe('a lane was kept', () => {
  const again = aUserCall(2, { tag: 'u', ...at(1_500, 1_510) });

  test('from the end of the refused call, if that was the last to end', () => {
    expect(keptIn(refused(at(100, 400)), again)).toMatchObject([{ sinceNs: 400 * MS }]);
    expect(keptIn(refused(at(100, 500)), again)).toHaveLength(1);
    expect(keptIn(refused(at(100, 501)), again)).toEqual([]);
    expect(keptIn(refused(at(100, null)), again)).toEqual([]);
  });

  test('from the end of the longest call before', () => {
    const long = aCall(1, at(50, 450));
    expect(keptIn(long, refused(at(100, 200)), again)).toMatchObject([{ sinceNs: 450 * MS }]);
    expect(keptIn({ ...long, departedNs: 600 * MS }, refused(at(100, 200)), again)).toEqual([]);
  });

  test.each(['EOrder:Rate limit exceeded', 'EGeneral:Too many requests', 'EService: Throttled: 1795353738'])(
    'after %s',
    (error) => {
      expect(keptIn(refused({ error, ...at(100, 100) }), again)).toHaveLength(1);
    },
  );

  test('only for the same call, known by its tag, that was refused for a limit', () => {
    expect(keptIn(refused({ tag: 'v', ...at(100, 100) }), again)).toEqual([]);
    expect(keptIn(refused({ tag: null, ...at(100, 100) }), { ...again, tag: null })).toEqual([]);
    expect(keptIn(refused({ error: 'EAPI:Invalid nonce', ...at(100, 100) }), again)).toEqual([]);
    expect(keptIn(refused({ error: null, ...at(100, 100) }), again)).toEqual([]);
    expect(keptIn(again)).toEqual([]);
  });
});

describe('a call was held up', () => {
  const kept: KeptLane = {
    refused: refused(at(100, 100)),
    again: aUserCall(3, at(3_100, 3_110)),
    sinceNs: 100 * MS,
  };

  /** For how long MASTER's call waited; the client's clock is 1,000 ms behind that of the exchange. */
  function heldUp(waiting: Partial<ClientCall>, arrivedMs: number | null, keeps = [kept]): readonly number[] {
    const calls = [
      aClientCall('u', { account: 'USER_1', askedMs: -900 }),
      aClientCall('m', { askedMs: -950, ...waiting }),
    ];
    const arrivals = new Map([
      ['u', 100],
      ['m', arrivedMs],
    ] as const);
    const arrivedNs = (tag: string): number | null => {
      const ms = arrivals.get(tag as 'u' | 'm') ?? null;
      return ms === null ? null : ms * MS;
    };
    return heldUpBy(keeps, calls, arrivedNs).map(({ waitedMs }) => waitedMs);
  }

  test('for the time that the lane was kept, or from when it was asked for', () => {
    expect(heldUp({}, 3_200)).toEqual([3_000]);
    expect(heldUp({ askedMs: 0 }, 3_200)).toEqual([2_100]);
    expect(heldUp({ askedMs: 1_100 }, 3_200)).toEqual([1_000]);
    expect(heldUp({ askedMs: 1_101 }, 3_200)).toEqual([]);
  });

  test('only if it arrived after the call for which the lane was kept', () => {
    expect(heldUp({}, 3_100)).toEqual([]);
    expect(heldUp({}, 3_101)).toEqual([3_000]);
    expect(heldUp({}, 50)).toEqual([]);
  });

  test('also if it never arrived and never settled, but not if it gave up', () => {
    expect(heldUp({ outcome: 'unsettled', settledMs: null }, null)).toEqual([3_000]);
    expect(heldUp({ outcome: 'failed' }, null)).toEqual([]);
  });

  test('not by its own account, and not where no lane was kept', () => {
    expect(heldUp({ account: 'USER_1' }, 3_200)).toEqual([]);
    expect(heldUp({}, 3_200, [])).toEqual([]);
  });

  test('by each lane that was kept', () => {
    const later = { ...kept, again: aUserCall(5, at(4_500, 4_510)), sinceNs: 3_200 * MS };
    expect(heldUp({}, 5_000, [kept, later])).toEqual([3_000, 1_300]);
  });

  test('is told in whole milliseconds, whatever the account is called', () => {
    const waiting = aClientCall('m');
    const nameless = { ...kept, refused: { ...kept.refused, account: null } };
    expect(explainHeldUp({ kept: nameless, waiting, waitedMs: 1_234.9 })).toBe(
      "MASTER's Balance waited 1,234 milliseconds while nothing was in service: the lane was kept for an account's Balance (#1), which was refused with EAPI:Rate limit exceeded and sent again as #3.",
    );
  });
});
