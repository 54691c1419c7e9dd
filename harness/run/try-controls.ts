import { judgeControl, judgeReference, killMatrix } from '../controls/index.ts';
import type { ControlEntry, ControlRow, KillMatrix, ReferenceRow } from '../controls/index.ts';
import type { ControlScenario } from '../controls/support/index.ts';
import { situationFaults } from './situation-faults.ts';
import type { ReferenceEntry } from '../controls/references/index.ts';
import type { Verdict } from '../judge/verdict/index.ts';
import { mapBounded } from './bounded-map.ts';
import { judgeRun } from './judge-run.ts';
import { observeRun } from './observe.ts';
import type { RunSurroundings } from './observe.ts';
import type { RunOptions } from './run-options.ts';
import { DEFAULT_RUN } from './run-defaults.ts';
import { moduleTarget } from './target.ts';

/** A control or a reference runs in a process of its own; more at a time only disturb each other. */
const RUNS_AT_ONCE = 2;

/** Small enough to be quick, large enough that calls queue. */
const SMALL_RUN: Partial<RunOptions> = { users: 8, callsPerAccount: 5, timeoutMs: 20_000 };

/** What to try. */
export interface Lineup {
  readonly controls: readonly ControlEntry[];
  readonly references: readonly ReferenceEntry[];
}

/**
 * Runs every client of the line-up against the mock and compares the verdicts with what they deserve. An interrupt
 * stops it at once; the matrix then holds only what was tried to its end.
 */
export async function tryControls(
  lineup: Lineup,
  options: {
    readonly seed: number;
    readonly surroundings: RunSurroundings;
    readonly onDone?: (id: string) => void;
  },
): Promise<KillMatrix> {
  const run = async (entry: ControlEntry | ReferenceEntry): Promise<Verdict> => {
    const verdict = await runSmall(entry, options);
    options.onDone?.(entry.about.id);
    return verdict;
  };
  const jobs = [
    ...lineup.controls.map((entry) => async () => ({ control: judgeControl(entry.about, await run(entry)) })),
    ...lineup.references.map((entry) => async () => ({
      reference: judgeReference(entry.about, await run(entry)),
    })),
  ];
  const { signal } = options.surroundings;
  // An interrupt ends the runs under way, and what came of them says nothing about the judge.
  const rows = await mapBounded<() => Promise<Row>, Row>(jobs, RUNS_AT_ONCE, async (job) => {
    const row = signal?.aborted === true ? {} : await job();
    return signal?.aborted === true ? {} : row;
  });
  return killMatrix(
    rows.flatMap(({ control }) => control ?? []),
    rows.flatMap(({ reference }) => reference ?? []),
  );
}

interface Row {
  readonly control?: ControlRow;
  readonly reference?: ReferenceRow;
}

async function runSmall(
  { about, url }: ControlEntry | ReferenceEntry,
  { seed, surroundings }: { readonly seed: number; readonly surroundings: RunSurroundings },
): Promise<Verdict> {
  const target = moduleTarget(about.id, url);
  const settings = { ...DEFAULT_RUN, ...SMALL_RUN, seed, ...settingsOf(about.setting) };
  const observation = await observeRun(target, settings, { ...surroundings, onProgress: undefined });
  const remarks = { reproduce: '', judgeLine: null, evidenceDir: null, defects: [] };
  return judgeRun({ target, settings }, observation, remarks).verdict;
}

/** A control's own wishes, in the words of a run. */
export function settingsOf(setting: ControlScenario = {}): Partial<RunOptions> {
  const { users, calls, serviceMs, scope, strict, timeoutS, clock, situations } = setting;
  const { processes, threads, coordinator, nonceWindowMs } = setting;
  return {
    ...(users === undefined ? {} : { users }),
    ...(calls === undefined ? {} : { callsPerAccount: calls }),
    ...(serviceMs === undefined ? {} : { serviceMs }),
    ...(scope === undefined ? {} : { scope }),
    ...(strict === undefined ? {} : { strict }),
    ...(timeoutS === undefined ? {} : { timeoutMs: timeoutS * 1_000 }),
    ...(clock === undefined ? {} : { clock }),
    ...(processes === undefined ? {} : { processes }),
    ...(threads === undefined ? {} : { threads }),
    ...(coordinator === undefined ? {} : { coordinator }),
    ...(nonceWindowMs === undefined ? {} : { nonceWindowMs }),
    ...(situations === undefined ? {} : { situations, faults: situationFaults(situations) }),
  };
}
