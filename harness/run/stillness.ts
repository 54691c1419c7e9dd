import type { JournalRecord } from '../../mock-kraken/index.ts';
import type { Stillness } from '../judge/rules/index.ts';

/**
 * Measures how long nothing had been in service at a moment of a run.
 * @param journal - in the order of arrival
 * @param atNs - the moment, on the journal's clock; calls that arrived later do not count
 * @returns `undefined` when there was no call before
 */
export function stillnessAt(journal: readonly JournalRecord[], atNs: number): Stillness | undefined {
  const before = journal.filter(({ arrivedNs }) => arrivedNs <= atNs);
  let busyUntilNs = before[0]?.arrivedNs;
  if (busyUntilNs === undefined) return undefined;
  let longestNs = 0;
  for (const { arrivedNs, departedNs } of before) {
    longestNs = Math.max(longestNs, arrivedNs - busyUntilNs);
    busyUntilNs = Math.max(busyUntilNs, departedNs ?? Infinity);
  }
  return { lastMs: Math.max(0, atNs - busyUntilNs) / 1e6, longestBeforeMs: longestNs / 1e6 };
}
