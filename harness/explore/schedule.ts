import type * as fastCheck from 'fast-check';
import type { Choices } from './engine/index.ts';
import type { Scenario } from './world/index.ts';
import { FAULT_KINDS } from './world/index.ts';
import type { FaultKind, FaultPlan } from './world/index.ts';
import { ARRIVAL_PATTERNS } from './world/index.ts';

/** fast-check, handed in: it is needed by nobody who does not use it already. */
type FastCheck = Pick<
  typeof fastCheck,
  'array' | 'constant' | 'constantFrom' | 'integer' | 'nat' | 'record' | 'subarray'
>;

/** A run of a client: everything but the client. */
export interface Schedule {
  readonly setting: Scenario;
  readonly choices: Choices;
}

/** What {@link scheduleArbitrary} may draw. */
export interface ScheduleLimits {
  /** Default 3. */
  readonly usersMax?: number;
  /** Default 4. */
  readonly callsMax?: number;
  /** Default 2; 0 for the sunny day. */
  readonly faultsMax?: number;
  /** Default: all of them. */
  readonly faultKinds?: readonly FaultKind[];
  /** Default `global`. */
  readonly scope?: Scenario['scope'];
  /** Default 24. */
  readonly decisionsMax?: number;
}

/**
 * How many defaults come between two decisions at most, and what is chosen, by its place among the options. Most
 * choice points have two or three options, and a choice beyond them is a default: drawn evenly from many, nearly
 * all schedules would be the default one.
 */
const DEFAULTS_MAX = 4;
const CHOICES = [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 4, 5, 7];

/**
 * Schedules that shrink: towards fewer decisions, and each decision towards the first option, so that what is left
 * is a plain run but for what matters. fast-check's own scheduler cannot shrink its schedules.
 */
export function choicesArbitrary(fc: FastCheck, decisionsMax = 24): fastCheck.Arbitrary<Choices> {
  const decision = fc.record({ defaults: fc.nat(DEFAULTS_MAX), choice: fc.constantFrom(...CHOICES) });
  return fc
    .array(decision, { maxLength: decisionsMax, size: 'max' })
    .map((decisions) =>
      decisions.flatMap(({ defaults, choice }) => [...Array<number>(defaults).fill(0), choice]),
    );
}

/** Accounts, calls, arrivals, faults and choices; all of them shrink. */
export function scheduleArbitrary(fc: FastCheck, limits: ScheduleLimits = {}): fastCheck.Arbitrary<Schedule> {
  const { usersMax = 3, callsMax = 4, scope = 'global', decisionsMax } = limits;
  const setting = fc.record({
    users: fc.integer({ min: 1, max: usersMax }),
    calls: fc.integer({ min: 1, max: callsMax }),
    pattern: fc.constantFrom(...ARRIVAL_PATTERNS),
    scope: fc.constant(scope),
    clock: fc.constantFrom('honest' as const, 'steps' as const),
    faults: faultsArbitrary(fc, limits),
    seed: fc.nat(0xffff),
  });
  return fc.record({ setting, choices: choicesArbitrary(fc, decisionsMax) });
}

function faultsArbitrary(
  fc: FastCheck,
  { faultsMax = 2, faultKinds = FAULT_KINDS }: ScheduleLimits,
): fastCheck.Arbitrary<FaultPlan> {
  return fc
    .record({ kinds: fc.subarray([...faultKinds]), faultsMax: fc.nat(faultsMax) })
    .map((plan) => (plan.kinds.length === 0 ? { kinds: [], faultsMax: 0 } : plan));
}
