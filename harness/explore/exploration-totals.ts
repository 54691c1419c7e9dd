import type { Checkpoint } from './checkpoint.ts';
import type { ChunkResult } from './chunk.ts';
import type { DrawnCount } from './sampling-source.ts';
import type { Failure } from './search.ts';
import type { Scenario } from './world/index.ts';
import { RuleTotals } from './rule-totals.ts';

/** Adds up what comes of the chunks of an exploration. */
export class ExplorationTotals {
  readonly rules: RuleTotals;
  /** The first that was found. */
  failure: Failure | null = null;
  /** Tokens of the corpus that were replayed. */
  corpus = 0;
  repeated = 0;
  abandoned: number;
  cut = 0;
  differs: Scenario | null = null;
  /** Choice points to expect, by the place of the setting; empty for an exhaustive search. */
  lengths: readonly number[] = [];
  readonly faultFree: DrawnCount[] = [];
  readonly used: Set<string> = new Set();
  readonly refused: Set<string> = new Set();
  readonly stray: Set<string> = new Set();

  /** Goes on from a checkpoint, if there is one. */
  constructor(checkpoint: Checkpoint | undefined) {
    this.rules = new RuleTotals(checkpoint?.tally);
    this.abandoned = checkpoint?.abandoned ?? 0;
  }

  add(result: ChunkResult): void {
    this.rules.merge(result.tally);
    this.failure ??= result.failure;
    this.repeated += result.repeated;
    this.abandoned += result.abandoned;
    this.cut += result.cut;
    this.differs ??= result.differs;
    if (result.lengths.length > 0) this.lengths = result.lengths;
    this.faultFree.push(...result.faultFree);
    for (const name of result.used) this.used.add(name);
    for (const name of result.refused) this.refused.add(name);
    for (const name of result.stray) this.stray.add(name);
  }
}
