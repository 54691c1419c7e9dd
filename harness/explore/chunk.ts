import type { RuleId } from '../judge/history/index.ts';
import { ExhaustiveSource } from './exhaustive-source.ts';
import type { ExplorationSession, SessionConditions } from './exploration-session.ts';
import type { Program } from './engine/index.ts';
import { SamplingSource, MeasuringSource } from './sampling-source.ts';
import type { DrawnCount } from './sampling-source.ts';
import { Search } from './search.ts';
import type { Failure } from './search.ts';
import type { Scenario } from './world/index.ts';
import type { Branch } from './strategy/index.ts';
import { strategiesNamed } from './strategy/index.ts';
import type { RuleTotalsSnapshot } from './rule-totals.ts';
import type { ClientHistory } from './world/index.ts';

/** What all chunks of an exploration have in common. Plain data: it goes to other threads. */
export interface ChunkPlan {
  /** One for each arrival pattern. */
  readonly settings: readonly Scenario[];
  readonly strategy: string;
  readonly seed: number;
  readonly decisionsMax: number | undefined;
  readonly isReduced: boolean;
  readonly isSymmetric: boolean;
  readonly rule: RuleId | undefined;
  /** What the client is known to need. */
  readonly conditions: SessionConditions;
}

/** A part of an exploration that one thread does by itself. Plain data. */
export type Chunk =
  /** The first few schedules of each setting. */
  | { readonly kind: 'scouts' }
  /** Schedules by number; `lengths` are the choice points to expect, by the place of the setting. */
  | {
      readonly kind: 'sampled';
      readonly from: number;
      readonly to: number;
      readonly lengths: readonly number[];
    }
  /** So many schedules at most of what begins with one of the branches, by the place of the setting. */
  | {
      readonly kind: 'exhaustive';
      readonly branches: readonly (readonly Branch[])[];
      readonly schedulesMax: number;
    };

/** What came of a chunk. Plain data. */
export interface ChunkResult {
  readonly tally: RuleTotalsSnapshot;
  readonly failure: Failure | null;
  /** Runs given up because all that could follow was covered elsewhere. */
  readonly abandoned: number;
  /** Runs that came to no end. */
  readonly cut: number;
  readonly repeated: number;
  /** A setting in which the same choices gave two histories; `null` when there was none. */
  readonly differs: Scenario | null;
  /** Of scouts: choice points, by the place of the setting. */
  readonly lengths: readonly number[];
  readonly faultFree: readonly DrawnCount[];
  /** Of an exhaustive chunk: what it left undone, by the place of the setting. */
  readonly branches: readonly (readonly Branch[])[];
  /** Globals that clients used. */
  readonly used: readonly string[];
  /** What clients reached for in vain. */
  readonly refused: readonly string[];
  /** What is under way outside of every world. */
  readonly stray: readonly string[];
}

/** How a chunk is watched while it runs. */
export interface ChunkWatch {
  /** Asked after each schedule. */
  readonly shouldStop: () => boolean;
  /** Told how many schedules the chunk has run. */
  readonly onSchedules: (schedules: number) => void;
}

/** Of so many schedules one is repeated. */
const REPEAT_EVERY = 50;

/** Schedules between two reports of progress. */
const PROGRESS_EVERY = 64;

type AnySupply = MeasuringSource | SamplingSource | ExhaustiveSource;

/** Runs a chunk. */
export async function runChunk(
  chunk: Chunk,
  {
    plan,
    lab,
    watch,
  }: { readonly plan: ChunkPlan; readonly lab: ExplorationSession; readonly watch: ChunkWatch },
): Promise<ChunkResult> {
  const supply = supplyOf(chunk, plan);
  const programs = new Map(plan.settings.map((setting) => [setting, programOf(setting, { plan, lab })]));
  const search = new Search({
    programOf: (setting) => programs.get(setting) as Program<ClientHistory>,
    supply,
    shouldStop({ tally }) {
      if (tally.runs % PROGRESS_EVERY === 0) watch.onSchedules(tally.runs);
      return watch.shouldStop();
    },
    repeatEvery: REPEAT_EVERY,
    isWanted: (rules) => plan.rule === undefined || rules.includes(plan.rule),
  });
  await lab.run(search);
  return resultOf(search, supply, lab);
}

function programOf(
  setting: Scenario,
  { plan, lab }: { readonly plan: ChunkPlan; readonly lab: ExplorationSession },
): Program<ClientHistory> {
  return lab.program(setting, { isSymmetric: plan.isSymmetric });
}

function supplyOf(chunk: Chunk, plan: ChunkPlan): AnySupply {
  const { settings, strategy, seed, decisionsMax, isReduced } = plan;
  if (chunk.kind === 'scouts') return new MeasuringSource(settings, seed);
  if (chunk.kind === 'sampled') {
    return new SamplingSource({ ...chunk, strategies: strategiesNamed(strategy), settings, seed });
  }
  return new ExhaustiveSource({ ...chunk, settings, decisionsMax, isReduced });
}

function resultOf(search: Search, supply: AnySupply, lab: ExplorationSession): ChunkResult {
  return {
    tally: search.tally.snapshot(),
    failure: search.failure,
    abandoned: search.abandoned,
    cut: search.cut,
    repeated: search.repeated,
    differs: search.difference?.setting ?? null,
    lengths: supply instanceof MeasuringSource ? supply.lengths : [],
    faultFree: supply instanceof SamplingSource ? supply.faultFree() : [],
    branches: supply instanceof ExhaustiveSource ? supply.pending() : [],
    used: [...lab.guard.used],
    refused: [...lab.guard.refused],
    stray: lab.guard.strayResources(),
  };
}
