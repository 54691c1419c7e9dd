import type { Control } from '../harness/controls/control.ts';
import type { ControlEntry } from '../harness/controls/index.ts';
import { FAULT_KINDS, loadedTarget } from '../harness/explore-api.ts';
import type { ExploreOptions, FaultPlan } from '../harness/explore-api.ts';

const MANY_PROCESSES = 'needs a database and several processes; a simulated world is one process';
const MANY_CALLS = 'shows after more calls than are worth exploring';

/** Controls whose defect cannot show in a simulated world, each with the reason. All others live in one. */
export const OUTSIDE_OF_WORLDS: Readonly<Record<string, string>> = {
  'database-lease': MANY_PROCESSES,
  'lock-unwatched': MANY_PROCESSES,
  'sequence-outside-turn': MANY_PROCESSES,
  'processes-own-lock': 'its lock is a good one within one process, and a simulated world is one',
  'threads-own-counter': 'needs threads; a simulated world is one',
  'restart-loses-mark': 'needs a restart; a simulated world is one life of a client',
  'limit-in-lane': 'needs a limit; the exchange of a simulated world has none',
  'cancel-believed': 'needs a nonce window; a key of a simulated world has none',
  'copies-after-restart': 'needs a restart; a simulated world is one life of a client',
  'nonces-sorted-as-text': MANY_CALLS,
};

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

/** How a control is explored: what it says that its defect needs, within what is worth exploring. */
export function explorationOf({ about, createClient, url }: ControlEntry): ExploreOptions {
  const { scope, clock, strict } = about.setting ?? {};
  const target = loadedTarget(about.id, createClient, url);
  return { target, ...sizeOf(about), scope, clock, strict, faults: ALL_FAULTS, rule: about.rule };
}

function sizeOf({ setting }: Control): Pick<ExploreOptions, 'users' | 'calls'> {
  const calls = Math.min(Math.max(setting?.calls ?? CALLS.min, CALLS.min), CALLS.max);
  return { users: Math.min(setting?.users ?? USERS_MAX, USERS_MAX), calls };
}

const USERS_MAX = 3;
const CALLS = { min: 4, max: 6 };
