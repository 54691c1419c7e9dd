import type { Control } from '../harness/controls/index.ts';
import { FAULT_KINDS } from '../harness/explore/index.ts';
import type { FaultPlan } from '../harness/explore/index.ts';

/** Controls whose defect shows in a simulated world; the others need several processes, a restart or a real clock. */
export const IN_A_WORLD: ReadonlySet<string> = new Set([
  'no-lock',
  'lock-around-nonce-only',
  'busy-flag-set-late',
  'lease-lock',
  'p-queue-timeout',
  'async-lock-execution-time',
  'async-mutex-stray-release',
  'reentrancy-flag-parallel',
  'reentrancy-flag-detached',
  'reentrancy-drops-child',
  'nested-run-exclusive',
  'retry-outside-lock',
  'chain-poisoned',
  'chain-skips-queue',
  'priority-order',
  'two-instances',
  'web-lock-steal',
  'abort-leaves-slot',
  'lifo-lock',
  'lock-by-identity',
  'two-package-copies',
  'two-sockets',
]);

/** Calls per account: what the control says that it needs, within what is worth exploring. */
export function callsFor({ setting }: Pick<Control, 'setting'>): number {
  return Math.min(Math.max(setting?.calls ?? CALLS.min, CALLS.min), CALLS.max);
}

const CALLS = { min: 4, max: 6 };

/** Everything that can go wrong, twice. */
export const ALL_FAULTS: FaultPlan = { kinds: FAULT_KINDS, faultsMax: 2 };

/**
 * What the correct references withstand: all but `reset`. They are locks and queues, and free the lane when a call
 * fails; when the connection breaks while the exchange is at work, that is too early, and they are rightly convicted.
 * Only a client that knows how long a call can take, as the built-in one does, is right then.
 */
export const REFERENCE_FAULTS: FaultPlan = {
  kinds: FAULT_KINDS.filter((kind) => kind !== 'reset'),
  faultsMax: 2,
};
