import type { SourceState, TraceHeader } from '../judge/history/index.ts';
import type { RunStatistics } from './run-statistics.ts';

/** The trace that a verdict was judged from. */
export interface TraceIdentity {
  readonly records: number;
  /** SHA-256 in hexadecimal: of a sealed trace the one in its footer, of any other over all its bytes. */
  readonly sha256: string;
}

/** What depends on the machine, the moment or the state of a folder: two runs of one scenario differ in nothing else. */
export interface Measured {
  /** Of the recording; `null`: not known. */
  readonly node: string | null;
  /** Of the recording; `null`: not known. */
  readonly platform: string | null;
  /** When the exchange started, in ISO 8601; `null`: not known. */
  readonly startedAt: string | null;
  /** From the start of the target until it had ended; `null`: not known. */
  readonly durationMs: number | null;
  /** Absent where the target is in no Git repository, or Git did not answer. */
  readonly source?: SourceState | undefined;
  /** `null`: there is none. */
  readonly trace: TraceIdentity | null;
  readonly figures: RunStatistics;
}

/** Where a verdict comes from. */
export interface Provenance {
  /** Version of the nonceproof that judged. */
  readonly nonceproof: string;
  /** Version of the nonceproof that recorded the history; `null`: the file does not say. */
  readonly recordedBy: string | null;
  /** The command of nonceproof that recorded it; `null`: not known. */
  readonly command: string | null;
  /** What was run, as the reports name it; `null`: not known. */
  readonly target: string | null;
  /** All that the run was set up with, by name, faults included; `null`: not known. */
  readonly scenario: Readonly<Record<string, unknown>> | null;
  readonly measured: Measured;
}

/** What the provenance of a verdict is put together from. */
export interface ProvenanceParts {
  /** Version of the nonceproof that judges. */
  readonly nonceproof: string;
  /** Of the trace; `null`: it has none. */
  readonly header: TraceHeader | null;
  readonly trace: TraceIdentity | null;
  /** See {@link Measured}. Default `null`. */
  readonly durationMs?: number | null;
  readonly figures: RunStatistics;
}

/** Says where a verdict comes from, as far as the header of its trace says it. */
export function provenanceOf({
  nonceproof,
  header,
  trace,
  durationMs = null,
  figures,
}: ProvenanceParts): Provenance {
  const { source } = header ?? {};
  return {
    nonceproof,
    recordedBy: header?.nonceproof ?? null,
    command: header?.command ?? null,
    target: header?.target ?? null,
    scenario: header === null ? null : scenarioOf(header),
    measured: {
      node: header?.node ?? null,
      platform: header?.platform ?? null,
      startedAt: header?.startedAt ?? null,
      durationMs: durationMs === null ? null : Math.round(durationMs),
      ...(source === undefined ? {} : { source }),
      trace,
      figures,
    },
  };
}

function scenarioOf({ accounts, scope, seed, scenario }: TraceHeader): Readonly<Record<string, unknown>> {
  return { accounts, scope, seed, ...scenario };
}
