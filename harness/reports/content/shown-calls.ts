import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { Verdict } from '../../judge/verdict/index.ts';

/** A report with more calls than this is no longer opened quickly by a browser. */
export const SHOWN_CALLS_MAX = 200_000;

/** A stretch of a history. */
export interface ShownCalls {
  /** Position of the first one that is shown. */
  readonly from: number;
  /** One more than the position of the last. */
  readonly to: number;
}

/**
 * Which calls of a history are shown: all of them, or as many as can be around the first violation that the verdict
 * names, and from the beginning where it names none. Rules and counts speak of the whole history all the same.
 */
export function chooseShownCalls(calls: readonly JournalRecord[], { rules }: Verdict): ShownCalls {
  if (calls.length <= SHOWN_CALLS_MAX) return { from: 0, to: calls.length };
  const named = Math.min(...rules.flatMap(({ first }) => first));
  const position = Number.isFinite(named) ? calls.findIndex(({ seq }) => seq >= named) : 0;
  const from = Math.max(0, Math.min(position - SHOWN_CALLS_MAX / 2, calls.length - SHOWN_CALLS_MAX));
  return { from, to: from + SHOWN_CALLS_MAX };
}

/** The calls of a history that are shown. */
export function shownCalls(calls: readonly JournalRecord[], verdict: Verdict): readonly JournalRecord[] {
  const { from, to } = chooseShownCalls(calls, verdict);
  return calls.slice(from, to);
}
