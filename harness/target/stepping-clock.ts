import type { Clock } from '../../src/index.ts';

const SECOND_NS = 1_000_000_000n;

/** Chance per reading that the clock stands still for a while, and that it is stepped. */
const STALL_CHANCE = 0.1;
const STEP_CHANCE = 0.02;
/** Most readings that a stall lasts. */
const STALL_READINGS_MAX = 5;
/** How far from the true time the clock is put by a step: back, ahead, right. */
const OFFSETS_NS = [-2n * SECOND_NS, SECOND_NS, 0n] as const;

/**
 * A wall clock as hosts have it on a bad day: it stalls (several readings are equal), is stepped back by two
 * seconds, ahead by one, and right again. Monotonic time is left alone. Seeded by `random`.
 */
export function createSteppingClock(clock: Clock, random: () => number): Clock {
  let offset = 0n;
  let stalledAt = 0n;
  let stalledReadings = 0;
  return {
    monotonicMs: () => clock.monotonicMs(),
    wallNs() {
      if (stalledReadings > 0) {
        stalledReadings -= 1;
        return stalledAt;
      }
      if (random() < STEP_CHANCE) offset = OFFSETS_NS[Math.floor(random() * OFFSETS_NS.length)] ?? 0n;
      const now = clock.wallNs() + offset;
      if (random() < STALL_CHANCE) {
        stalledAt = now;
        stalledReadings = 1 + Math.floor(random() * STALL_READINGS_MAX);
      }
      return now;
    },
  };
}
