import { UsageError } from '../usage-error.ts';
import type { ChunkPlan } from './chunk.ts';
import type { Branch } from './strategy/index.ts';
import type { RuleTotalsSnapshot } from './rule-totals.ts';
import type { ExploreTarget } from './target.ts';
import { codeFingerprint } from './token/index.ts';

/** Where an exhaustive exploration stopped; plain data, to be kept in a file. */
export interface Checkpoint {
  readonly version: 2;
  /** What was being explored: an exploration of anything else does not go on from here. */
  readonly identity: string;
  /** What has not been searched, for each arrival pattern. */
  readonly branches: readonly (readonly Branch[])[];
  readonly tally: RuleTotalsSnapshot;
  /** Runs given up because all that could follow was covered elsewhere. */
  readonly abandoned: number;
}

/** What an exhaustive exploration is told. */
type ExhaustivePlan = Omit<ChunkPlan, 'conditions'> & { readonly target: ExploreTarget };

/** What an exhaustive exploration is about, the target's code included. */
export function explorationIdentity(plan: ExhaustivePlan): string {
  const { target, settings, decisionsMax = null, isReduced, isSymmetric } = plan;
  const code = codeFingerprint(target.url);
  return JSON.stringify({ target: target.name, code, settings, decisionsMax, isReduced, isSymmetric });
}

/**
 * Makes sure that the checkpoint is of the exploration that is to go on.
 * @throws {UsageError} otherwise
 */
export function checkCheckpoint(checkpoint: Checkpoint, plan: ExhaustivePlan): void {
  if (checkpoint.version === 2 && checkpoint.identity === explorationIdentity(plan)) return;
  throw new UsageError(
    'Failed to go on from the checkpoint: it is of another target, of other options, or of code that has changed since. Remove the file to begin anew.',
  );
}
