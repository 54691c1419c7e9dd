import type { ClientCall } from '../history/index.ts';

/** When a call came into trouble, by its tag: the end of its first attempt. Absent for calls without trouble. */
export type TroubleOf = (tag: string) => number | null;

/**
 * For each call that may wait for an earlier call of its own account: from when on, in nanoseconds at the exchange.
 *
 * A call that was refused or sent again may be waiting for a limit or a retry, and a client may keep the order of its
 * account meanwhile: what was asked for before it had ended stays behind it, and what was asked for before that had
 * ended behind that. How many calls of other accounts go before these says nothing about fairness.
 * @param calls - of one lane, in the order of asking
 */
export function waitsForOwn(calls: readonly ClientCall[], troubleOf: TroubleOf): ReadonlyMap<string, number> {
  const lines = new Map<string, Line>();
  const since = new Map<string, number>();
  for (const call of calls) {
    const line = openLine(lines.get(call.account), call);
    if (line !== undefined) since.set(call.tag, line.sinceNs);
    const sinceNs = line?.sinceNs ?? troubleOf(call.tag);
    if (sinceNs === null) lines.delete(call.account);
    else
      lines.set(call.account, { sinceNs, untilMs: Math.max(line?.untilMs ?? 0, call.settledMs ?? Infinity) });
  }
  return since;
}

/** The calls of one account that wait for one another. */
interface Line {
  /** At the exchange: when the first of them came into trouble. */
  readonly sinceNs: number;
  /** On the client's clock: when the last of them had ended. */
  readonly untilMs: number;
}

function openLine(line: Line | undefined, call: ClientCall): Line | undefined {
  return line !== undefined && call.askedMs <= line.untilMs ? line : undefined;
}
