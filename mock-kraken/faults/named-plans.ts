import { createRandom, type Random } from '../random.ts';
import { FAULT_KINDS, stageOf, type FaultKind } from './fault-kinds.ts';
import type { FaultPlan, PlannedFault } from './fault-plan.ts';

/**
 * Plans that come with the mock: `network` is what lines and proxies do to a call, `hostile` everything there is.
 */
export type FaultPlanName = 'network' | 'hostile';

/** What a named plan is made for. */
export interface NamedPlanOptions {
  /** The same seed gives the same plan. */
  readonly seed: number;
  /** How many calls the run is expected to make; every fault is due within the first half of them. */
  readonly calls: number;
  /** How often each kind strikes. Default: 2, the second time an order. */
  readonly timesPerKind?: number;
  /** How long faults of a kind last, in milliseconds. Default: by kind. */
  readonly ms?: Readonly<Partial<Record<FaultKind, number>>>;
}

const NETWORK: readonly FaultKind[] = [
  'refuse',
  'reset-before-arrival',
  'delay-arrival',
  'drop-before-apply',
  'slow-service',
  'drop-after-apply',
  'reset-after-apply',
  'truncate',
  'slow-drip',
  'html-502-before-apply',
  'html-504-after-apply',
];

const KINDS: Readonly<Record<FaultPlanName, readonly FaultKind[]>> = {
  network: NETWORK,
  hostile: FAULT_KINDS,
};

/** What a fault is aimed at every other time, because there it can do harm. */
const AT_STAKE = 'AddOrder';

/** One order in so many calls is what a fault that is aimed at orders counts on. */
const CALLS_PER_ORDER = 10;

/** Makes a named plan. */
export function namedFaultPlan(name: FaultPlanName, options: NamedPlanOptions): FaultPlan {
  const random = createRandom(options.seed, `fault-plan-${name}`);
  const times = Array.from({ length: options.timesPerKind ?? 2 }, (_, time) => time);
  const faults = KINDS[name].flatMap((kind) =>
    times.map((time) => ({
      ...aim(kind, time, { random, calls: options.calls }),
      ...lasting(options.ms?.[kind]),
    })),
  );
  return { version: 1, name, faults };
}

function aim(
  kind: FaultKind,
  time: number,
  { random, calls }: { readonly random: Random; readonly calls: number },
): PlannedFault {
  const isAimed = time % 2 === 1 && stageOf(kind) !== 'connection';
  const callsThatFit = isAimed ? calls / CALLS_PER_ORDER : calls;
  const nth = 1 + Math.floor((random() * callsThatFit) / 2);
  return isAimed ? { kind, nth, method: AT_STAKE } : { kind, nth };
}

function lasting(ms: number | undefined): { readonly ms?: number } {
  return ms === undefined ? {} : { ms };
}
