import type { Timers } from '../../../src/index.ts';
import type { MakeCall } from './workload.ts';

/** Of so many calls the caller changes its mind about one, when it has waited for so long. */
const ABORTING_EVERY = 7;
const ABORT_AFTER_MS = 1;

/** Calls whose caller may change its mind while they wait for their turn. */
export function abortQueued(call: MakeCall, timers: Timers): MakeCall {
  let calls = 0;
  return (account, method, params) => {
    const controller = new AbortController();
    calls += 1;
    if (calls % ABORTING_EVERY === 0) timers.setTimeout(() => controller.abort(), ABORT_AFTER_MS);
    return call(account, method, params, { signal: controller.signal });
  };
}
