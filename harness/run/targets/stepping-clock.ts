import type { Clock } from '../../../src/index.ts';
import type { ClockFaultKind } from './clock-faults.ts';

const SECOND_NS = 1_000_000_000n;

/** Chance per reading that the clock stands still for a while, and how many readings that lasts at most. */
const STALL_CHANCE = 0.1;
const STALL_READINGS_MAX = 5;
/** Readings from one step to the next, at most; a short run must see a step back too. */
const STEP_READINGS_MAX = 15;

/** How far from the true time a step puts the clock; `restart`: to where it was when it was made. */
type Step = bigint | 'restart';

/** The steps in turn; the first is the second of these. */
const STEPS: readonly Step[] = [-2n * SECOND_NS, SECOND_NS, 0n];
const STEPS_AND_RESTARTS: readonly Step[] = [-2n * SECOND_NS, SECOND_NS, 'restart', 0n];

/** What else {@link createSteppingClock} can be told. */
export interface SteppingClockOptions {
  /** The clock also starts again from the time at which it was made. Default false. */
  readonly restarts?: boolean;
  /** Told of each fault at the reading that shows it first. */
  readonly onFault?: (kind: ClockFaultKind) => void;
}

/**
 * A wall clock as hosts have it on a bad day: it stalls (several readings are equal), is stepped ahead by a
 * second, back by one, back by two more, and so on. Monotonic time is left alone. Seeded by `random`.
 */
export function createSteppingClock(
  clock: Clock,
  random: () => number,
  options: SteppingClockOptions = {},
): Clock {
  return new SteppingClock(clock, random, options);
}

class SteppingClock implements Clock {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #onFault: ((kind: ClockFaultKind) => void) | undefined;
  readonly #steps: readonly Step[];
  readonly #madeAtNs: bigint;
  #stepsTaken = 0;
  #offsetNs = 0n;
  #readingsToStep = 0;
  #stalledAtNs = 0n;
  #stalledReadings = 0;

  constructor(clock: Clock, random: () => number, { restarts = false, onFault }: SteppingClockOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#onFault = onFault;
    this.#steps = restarts ? STEPS_AND_RESTARTS : STEPS;
    this.#madeAtNs = clock.wallNs();
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  wallNs(): bigint {
    if (this.#stalledReadings > 0) return this.#standStill();
    if (this.#readingsToStep === 0) this.#step();
    this.#readingsToStep -= 1;
    const now = this.#clock.wallNs() + this.#offsetNs;
    if (this.#random() < STALL_CHANCE) {
      this.#stalledAtNs = now;
      this.#stalledReadings = 1 + Math.floor(this.#random() * STALL_READINGS_MAX);
    }
    return now;
  }

  #standStill(): bigint {
    this.#stalledReadings -= 1;
    this.#onFault?.('clock-stall');
    return this.#stalledAtNs;
  }

  #step(): void {
    this.#stepsTaken += 1;
    this.#readingsToStep = 1 + Math.floor(this.#random() * STEP_READINGS_MAX);
    const step = this.#steps[this.#stepsTaken % this.#steps.length] ?? 0n;
    const offsetNs = step === 'restart' ? this.#madeAtNs - this.#clock.wallNs() : step;
    const direction = offsetNs < this.#offsetNs ? 'clock-back' : 'clock-ahead';
    this.#offsetNs = offsetNs;
    this.#onFault?.(step === 'restart' ? 'clock-restart' : direction);
  }
}
