import { count, formatInteger } from '../../format.ts';
import type { Verdict } from '../../judge/verdict/index.ts';

/** How many of the exchange's error strings a line names. */
const ERRORS_NAMED_MAX = 5;

/** One line on the calls that were refused for what they asked for; `null` when there was none. */
export function refusedLine({ counts, refusals, strict }: Verdict): string | null {
  if (counts.refused === 0) return null;
  const named = refusals.slice(0, ERRORS_NAMED_MAX);
  const others = counts.refused - named.reduce((sum, { calls }) => sum + calls, 0);
  const errors = named.map(({ error, calls }) => `${error} (${formatInteger(calls)})`);
  const rest = others === 0 ? [] : [`others (${formatInteger(others)})`];
  const judged = strict ? 'judged, as --strict asks' : "the client's business, judged only with --strict";
  return `${count(counts.refused, 'call')} for what they asked for: ${[...errors, ...rest].join(', ')}; ${judged}`;
}

/** One line for each warning, its id first. */
export function warningLines({ warnings }: Verdict): readonly string[] {
  return warnings.map(({ id, explanation }) => `${id}: ${explanation}`);
}

/** Both, each line with its kind in front. */
export function remarkLines(verdict: Verdict): readonly string[] {
  const refused = refusedLine(verdict);
  return [
    ...warningLines(verdict).map((line) => `warning: ${line}`),
    ...(refused === null ? [] : [`refused: ${refused}`]),
  ];
}
