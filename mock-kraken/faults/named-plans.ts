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
  /** How many calls the run is expected to make; every fault is due within the first four fifths of them. */
  readonly calls: number;
  /** How often each kind strikes. Default: 2, the second time an order; 1 in a run of few calls. */
  readonly timesPerKind?: number;
  /**
   * How many of the kinds that keep a call from the exchange and do not say so strike an order the first time; the
   * seed chooses which, and the others strike a read. Default: all strike whatever comes.
   */
  readonly absentOrders?: number;
  /** How long faults of a kind last, in milliseconds. Default: by kind. */
  readonly ms?: Readonly<Partial<Record<FaultKind, number>>>;
}

/** A proxy that delivers twice is set up wrongly, but it is a proxy. */
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
  'duplicate-second-reply',
];

const KINDS: Readonly<Record<FaultPlanName, readonly FaultKind[]>> = {
  network: NETWORK,
  hostile: FAULT_KINDS,
};

/** What a fault is aimed at every other time, because there it can do harm. */
const AT_STAKE = 'AddOrder';

/** What the others are aimed at when only so many may make an order absent. */
const READ = 'Balance';

/** Of these the client cannot know whether the exchange ever saw the call, and it did not. */
const LEAVING_OPEN: ReadonlySet<FaultKind> = new Set([
  'reset-before-arrival',
  'drop-before-apply',
  'html-502-before-apply',
  'html-504-before-apply',
  'html-520-before-apply',
  'html-522-before-apply',
  'html-525-before-apply',
  'unavailable',
  'busy',
  'invalid-nonce',
  'maintenance',
]);

/** One read in so many calls is what a fault that is aimed at reads counts on. */
const CALLS_PER_READ = 7;

/** One order in so many calls is what a fault that is aimed at orders counts on. */
const CALLS_PER_ORDER = 10;

/**
 * How much of a run the faults are spread over. The rest is for those that still wait by then for a call that fits.
 */
const SPREAD_OVER = 0.8;

/** In a run of fewer calls for each fault, each kind strikes once. */
const CALLS_PER_FAULT_MIN = 4;

/**
 * Makes a named plan. Its faults are dealt evenly over the run, and with it over the accounts, in an order that the
 * seed chooses: a client without retries, which loses a call to each of them, has calls left for the next.
 */
export function namedFaultPlan(name: FaultPlanName, options: NamedPlanOptions): FaultPlan {
  const { calls, seed } = options;
  const random = createRandom(seed, `fault-plan-${name}`);
  const kinds = KINDS[name];
  const timesPerKind = options.timesPerKind ?? (calls < 2 * kinds.length * CALLS_PER_FAULT_MIN ? 1 : 2);
  const aims = Array.from({ length: timesPerKind }, (_, time) =>
    kinds.map((kind) => aimOf(kind, time)),
  ).flat();
  const aimed = options.absentOrders === undefined ? aims : withFewAbsent(aims, options.absentOrders, random);
  const dealt = (method: string | undefined, among: number): readonly PlannedFault[] =>
    deal(
      aimed.filter((aim) => aim.method === method),
      { random, calls: among },
    );
  const atStake = dealt(AT_STAKE, calls / CALLS_PER_ORDER);
  const anywhere = dealt(undefined, calls);
  const atReads = dealt(READ, calls / CALLS_PER_READ);
  const faults = [...anywhere, ...atStake, ...atReads].map((fault) => ({
    ...fault,
    ...lasting(fault, options),
  }));
  return { version: 1, name, faults };
}

type Aim = Pick<PlannedFault, 'kind' | 'method' | 'ms'>;

/** The second time an order, because there it can do harm; and the second time the two deliveries are close together. */
function aimOf(kind: FaultKind, time: number): Aim {
  const isAimed = time % 2 === 1 && stageOf(kind) !== 'connection';
  const close = isAimed && stageOf(kind) === 'twice' ? { ms: 0 } : {};
  return isAimed ? { kind, method: AT_STAKE, ...close } : { kind };
}

/** Aims the first strikes that leave a call open: so many of them, by chance, at orders, the others at reads. */
function withFewAbsent(aims: readonly Aim[], absentOrders: number, random: Random): readonly Aim[] {
  const isOpen = ({ kind, method }: Aim): boolean => method === undefined && LEAVING_OPEN.has(kind);
  const atOrders = new Set(shuffled(aims.filter(isOpen), random).slice(0, absentOrders));
  return aims.map((aim) => (isOpen(aim) ? { ...aim, method: atOrders.has(aim) ? AT_STAKE : READ } : aim));
}

/** Shuffles faults and gives each a place in a stretch of its own. */
function deal(
  aims: readonly Aim[],
  { random, calls }: { readonly random: Random; readonly calls: number },
): readonly PlannedFault[] {
  const stretch = (calls * SPREAD_OVER) / aims.length;
  return shuffled(aims, random).map((aim, index) => ({
    ...aim,
    nth: 1 + Math.floor((index + random()) * stretch),
  }));
}

function shuffled(aims: readonly Aim[], random: Random): readonly Aim[] {
  return aims
    .map((aim) => ({ aim, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ aim }) => aim);
}

function lasting({ kind, ms }: Aim, options: NamedPlanOptions): { readonly ms?: number } {
  const chosen = ms ?? options.ms?.[kind];
  return chosen === undefined ? {} : { ms: chosen };
}
