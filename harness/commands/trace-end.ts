import type { TraceEnd } from '../judge/history/index.ts';
import type { Observation } from '../run/index.ts';
import { runContext } from '../run/index.ts';
import type { RunOptions } from '../run/index.ts';

/**
 * Returns what the trace of a run says beside its records.
 * @param defects - why nothing can be concluded from the run, as far as its records do not show it
 */
export function traceEnd(
  { exit, clockFaults, struck, redactor }: Observation,
  { settings, defects }: { readonly settings: RunOptions; readonly defects: readonly string[] },
): TraceEnd {
  // The target itself says what struck its clock: only what was asked for is believed.
  const { faultKinds } = runContext({ ...settings, planned: [] });
  return {
    exit,
    struck: faultKinds.filter((kind) => [...clockFaults, ...struck].includes(kind)),
    defects: defects.map((sentence) => redactor.redact(sentence)),
  };
}
