import type { DrawnCount } from './sampling-source.ts';
import type { Scenario } from './world/index.ts';
import { pctBound } from './strategy/index.ts';
import type { PctStrategy } from './strategy/index.ts';
import type { Strategy } from './strategy/index.ts';
import { actorCount } from './world/index.ts';

/** What the schedules of one PCT strategy let one say of the defects that were not found. */
export interface PctClaim {
  readonly depth: number;
  /** Schedules without faults, in the arrival pattern for which the claim is weakest. */
  readonly schedules: number;
  readonly actors: number;
  /** Choice points; the claim is of schedules that have no more. */
  readonly length: number;
  /** The most with which a defect of that depth, without faults, was missed by all of these schedules. */
  readonly missProbability: number;
}

/** What was drawn, and in what. */
export interface DrawnFacts {
  readonly strategies: readonly Strategy[];
  readonly settings: readonly Scenario[];
  /** Choice points to expect, by the place of the setting. */
  readonly lengths: readonly number[];
  readonly faultFree: readonly DrawnCount[];
}

/** The claims of the PCT strategies, each for the arrival pattern where it is weakest. */
export function pctClaims(drawn: DrawnFacts): readonly PctClaim[] {
  return drawn.strategies.filter(isPct).map((strategy) => {
    const claims = drawn.settings.map((_, place) => claimOf(strategy, place, drawn));
    return claims.reduce((weakest, claim) =>
      claim.missProbability > weakest.missProbability ? claim : weakest,
    );
  });
}

function isPct(strategy: Strategy): strategy is PctStrategy {
  return 'depth' in strategy;
}

function claimOf(
  strategy: PctStrategy,
  place: number,
  { settings, lengths, faultFree }: DrawnFacts,
): PctClaim {
  const sketch = { actors: actorCount(settings[place]?.users ?? 1), length: lengths[place] ?? 1 };
  const schedules = faultFree
    .filter((drawn) => drawn.place === place && drawn.strategy === strategy.name)
    .reduce((sum, { count }) => sum + count, 0);
  const missProbability = (1 - pctBound(strategy.depth, sketch)) ** schedules;
  return { depth: strategy.depth, schedules, ...sketch, missProbability };
}
