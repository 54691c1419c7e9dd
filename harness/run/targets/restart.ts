import type { Clock } from '../../../src/index.ts';

/** Further than any life of a client in a run. */
const SET_BACK_NS = 600_000_000_000n;

/** The clock of a client's next life: set back by ten minutes for each life before. Monotonic time goes on. */
export function clockOfLife(clock: Clock, life: number): Clock {
  return {
    wallNs: () => clock.wallNs() - BigInt(life) * SET_BACK_NS,
    monotonicMs: () => clock.monotonicMs(),
  };
}
