import { durationOf, stageOf } from '../../mock-kraken/index.ts';
import type { FaultPlan, PlannedFault } from '../../mock-kraken/index.ts';

/** What silence and slowness last at most for a client that is told how slow the exchange can be. */
const QUICK_MS_MAX = 1_000;

/** The mock holds some calls so many times longer than usual. */
const HELD_FACTOR = 5;

/**
 * A named plan for a client module. Its long silences are made for clients with time limits of seconds; a module
 * is told the slowest service of its world and can choose limits by it, so that a fifth of the time says as much.
 */
export function quickened(plan: FaultPlan): FaultPlan {
  return { ...plan, faults: plan.faults.map(quickenedFault) };
}

function quickenedFault(fault: PlannedFault): PlannedFault {
  return durationOf(fault) > QUICK_MS_MAX ? { ...fault, ms: QUICK_MS_MAX } : fault;
}

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
    return stage === 'way' || stage === 'service' ? durationOf(fault) : 0;
  });
  return Math.max(0, ...delays) + serviceMs * HELD_FACTOR + arrivalJitterMs;
}
