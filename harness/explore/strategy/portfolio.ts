import { delayBounded } from './delay-bounded.ts';
import { partialOrder } from './partial-order.ts';
import { pct } from './pct.ts';
import type { Strategy } from './strategy.ts';
import { uniform } from './uniform.ts';

/** Every strategy that draws schedules at random. A token names one by its place: append, never reorder. */
export const SAMPLING_STRATEGIES: readonly Strategy[] = [
  pct(2),
  partialOrder,
  delayBounded(2),
  pct(3),
  uniform,
  delayBounded(1),
  pct(4),
  delayBounded(3),
];

/** The strategies by the names that a user may give: one of them, or all in turn. */
export function strategiesNamed(name: string): readonly Strategy[] {
  return name === 'portfolio'
    ? SAMPLING_STRATEGIES
    : SAMPLING_STRATEGIES.filter((strategy) => strategy.name === name);
}

/** What `--strategy` takes. */
export const STRATEGY_NAMES: readonly string[] = [
  'portfolio',
  'exhaustive',
  ...SAMPLING_STRATEGIES.map(({ name }) => name),
];
