import { durationOf, stageOf } from '../../mock-kraken/index.ts';
import type { FaultKind, FaultPlan, FaultStage } from '../../mock-kraken/index.ts';

/**
 * How long slowness and silence last in a named plan for a client module, in milliseconds. By default they are
 * made for clients with time limits of seconds; a module is told the slowest service of its world and can choose
 * limits by it, so that a fifth of the time says as much.
 */
export const QUICK_DURATIONS: Readonly<Partial<Record<FaultKind, number>>> = {
  'slow-service': 1_000,
  'drop-before-apply': 1_000,
  'drop-after-apply': 1_000,
};

/** Where a fault that lasts delays the exchange's decision. */
const DELAYING: ReadonlySet<FaultStage> = new Set(['way', 'service', 'twice']);

/** The mock holds some calls so many times longer than usual. */
const HELD_FACTOR = 5;

/** The usual pace of the mock's doors. */
export interface UsualPace {
  readonly serviceMs: number;
  readonly arrivalJitterMs: number;
}

/**
 * The longest that passes between the sending of a call and the exchange's decision on it, in milliseconds: the
 * slowest thing in the plan, beside the usual pace. Not in it: that the machine itself stands still.
 */
export function slowestServiceMs(plan: FaultPlan, { serviceMs, arrivalJitterMs }: UsualPace): number {
  const delays = plan.faults.map((fault) => {
    const stage = stageOf(fault.kind);
    return DELAYING.has(stage) ? durationOf(fault) : 0;
  });
  return Math.max(0, ...delays) + serviceMs * HELD_FACTOR + arrivalJitterMs;
}
