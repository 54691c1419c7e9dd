import type { Clock } from '../../src/index.ts';

const SECOND_NS = 1_000_000_000n;

/** Chance per reading that the clock stands still for a while, and how many readings that lasts at most. */
const STALL_CHANCE = 0.1;
const STALL_READINGS_MAX = 5;
/** Readings from one step to the next, at most; a short run must see a step back too. */
const STEP_READINGS_MAX = 15;
/** How far from the true time each step in turn puts the clock; the first is the second of these. */
const OFFSETS_NS = [-2n * SECOND_NS, SECOND_NS, 0n] as const;

/**
 * A wall clock as hosts have it on a bad day: it stalls (several readings are equal), is stepped ahead by a
 * second, back by one, back by two more, and so on. Monotonic time is left alone. Seeded by `random`.
 */
export function createSteppingClock(clock: Clock, random: () => number): Clock {
  let steps = 0;
  let readingsToStep = 0;
  let stalledAt = 0n;
  let stalledReadings = 0;
  return {
    monotonicMs: () => clock.monotonicMs(),
    wallNs() {
      if (stalledReadings > 0) {
        stalledReadings -= 1;
        return stalledAt;
      }
      if (readingsToStep === 0) {
        steps += 1;
        readingsToStep = 1 + Math.floor(random() * STEP_READINGS_MAX);
      }
      readingsToStep -= 1;
      const now = clock.wallNs() + (OFFSETS_NS[steps % OFFSETS_NS.length] ?? 0n);
      if (random() < STALL_CHANCE) {
        stalledAt = now;
        stalledReadings = 1 + Math.floor(random() * STALL_READINGS_MAX);
      }
      return now;
    },
  };
}
