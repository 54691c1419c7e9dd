import { TRACE_VERSION } from '../judge/history/index.ts';
import type { SourceState, TraceHeader } from '../judge/history/index.ts';
import { titleOf } from '../run/index.ts';
import type { RunOptions } from '../run/index.ts';
import type { Target } from '../run/index.ts';
import { hostFacts } from '../system.ts';
import { version } from '../version.ts';

/** What the header of a run's trace is made of. */
export interface TraceHeaderParts {
  readonly target: Target;
  readonly settings: RunOptions;
  /** UNIX milliseconds when the exchange started. */
  readonly originMs: number;
  /** Of the target's folder; `undefined`: not known. */
  readonly source: SourceState | undefined;
}

/** Returns the header of the trace that a run over sockets leaves behind. */
export function traceHeader({ target, settings, originMs, source }: TraceHeaderParts): TraceHeader {
  const { users: accounts, scope, seed, ...scenario } = settings;
  return {
    version: TRACE_VERSION,
    nonceproof: version,
    command: 'verify',
    target: titleOf(target, settings),
    startedAt: new Date(originMs).toISOString(),
    accounts,
    scope,
    seed,
    scenario,
    ...hostFacts(),
    ...(source === undefined ? {} : { source }),
  };
}
