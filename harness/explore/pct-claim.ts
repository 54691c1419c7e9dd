import type { Sampling } from './sampling.ts';
import type { Setting } from './setting.ts';
import { pctBound } from './strategy/pct.ts';
import type { PctStrategy } from './strategy/pct.ts';
import type { Strategy } from './strategy/strategy.ts';
import { actorCount } from './world/world-operation.ts';

/** What the schedules of one PCT strategy let one say of the defects that were not found. */
export interface PctClaim {
  readonly depth: number;
  /** Schedules without faults, in the arrival pattern that had the fewest. */
  readonly schedules: number;
  readonly actors: number;
  /** Choice points; the claim is of schedules that have no more. */
  readonly length: number;
  /** The most with which a defect of that depth, without faults, was missed by all of these schedules. */
  readonly missProbability: number;
}

/** The claims of the PCT strategies among `strategies`, each for the arrival pattern where it is weakest. */
export function pctClaims(
  sampling: Sampling,
  {
    strategies,
    settings,
  }: { readonly strategies: readonly Strategy[]; readonly settings: readonly Setting[] },
): readonly PctClaim[] {
  return strategies.filter(isPct).map((strategy) => {
    const claims = settings.map((setting) => claimOf(strategy, setting, sampling));
    return claims.reduce((weakest, claim) =>
      claim.missProbability > weakest.missProbability ? claim : weakest,
    );
  });
}

function isPct(strategy: Strategy): strategy is PctStrategy {
  return 'depth' in strategy;
}

function claimOf(strategy: PctStrategy, setting: Setting, sampling: Sampling): PctClaim {
  const sketch = { actors: actorCount(setting.users), length: sampling.lengthOf(setting) };
  const schedules = sampling.faultFree(strategy, setting);
  const missProbability = (1 - pctBound(strategy.depth, sketch)) ** schedules;
  return { depth: strategy.depth, schedules, ...sketch, missProbability };
}
