import type { LaneScope } from '../../../src/index.ts';
import type { RunStatistics } from '../../provenance/index.ts';

/** What a report says beside the verdict. */
export interface RunFacts {
  /** What was verified: `built-in client`, `python bot.py`, `control no-lock`, `trace.ndjson`. */
  readonly title: string;
  /** Accounts that the target was told of; `null` for a recorded file. */
  readonly accounts: number | null;
  readonly scope: LaneScope;
  /** `null` where nothing was drawn (a recorded file). */
  readonly seed: number | null;
  /** The line on the known-bad clients convicted in the same run; `null` when none were tried. */
  readonly judgeLine: string | null;
  readonly statistics: RunStatistics;
  /** The folder that holds trace and reports; `null` without one. */
  readonly evidenceDir: string | null;
}
