import { durationOf, stageOf } from '../../../mock-kraken/index.ts';
import type { FaultKind, FaultPlan, FaultStage } from '../../../mock-kraken/index.ts';

/**
 * How long slowness and silence last in a named plan for a client module, in milliseconds. By default they are
 * made for clients with time limits of seconds; a module is told the slowest service of its world and can choose
 * limits by it, so that a fraction of the time says as much. Each of these is waited for in the lane.
 */
export const QUICK_DURATIONS: Readonly<Partial<Record<FaultKind, number>>> = {
  'slow-service': 250,
  'drop-before-apply': 250,
  'drop-after-apply': 250,
  'slow-drip': 100,
  lockout: 200,
};

/** Where a fault that lasts delays the exchange's decision. */
const DELAYING: ReadonlySet<FaultStage> = new Set(['way', 'service', 'twice']);

/**
 * How often each kind strikes a client module in a named plan. An order that a fault keeps from the exchange is
 * certainly absent only after its deadline, seconds later (4 s at least, Kraken asks for 2 on arrival), and a module's
 * workload is half orders anyway: twice would be a minute of waiting that shows nothing new.
 */
export const QUICK_TIMES_PER_KIND = 1;

/**
 * How many orders a named plan keeps from the exchange, in a run of a client module, without saying so. Each is asked
 * for until its deadline; where the program had taken a turn of its own, the lane stands still for these 5 s.
 */
export const QUICK_ABSENT_ORDERS = 2;

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
