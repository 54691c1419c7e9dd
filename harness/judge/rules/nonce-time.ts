/** A nonce read as a moment: Kraken asks for no unit, but almost every client takes its nonces from a clock. */
export interface NonceTime {
  /** Seconds since 1970. */
  readonly seconds: number;
  /** How many nonces a second has. */
  readonly perSecond: number;
  /** `nanoseconds`, `microseconds`, …, with an epoch where it is not 1970. */
  readonly unit: string;
}

/** Seconds since 1970 have ten digits from 2001 to 2286; shorter nonces are counters. */
const SECONDS_DIGITS = 10;
const NANOSECOND_DIGITS = 19;

const UNITS: Readonly<Record<number, string>> = {
  0: 'seconds',
  3: 'milliseconds',
  6: 'microseconds',
  7: 'units of 100 ns',
  9: 'nanoseconds',
};

/** 1970 in .NET's ticks of 100 ns since the year 1, and those of the years 2000 to 2100. */
const TICKS_AT_1970 = 621_355_968_000_000_000;
const TICKS_MIN = 6.3e17;
const TICKS_MAX = 6.63e17;
const TICKS_PER_SECOND = 1e7;

/**
 * Returns the moment that a nonce would be if it came from a clock: the number of its digits tells the unit.
 * `null` for a counter, too short to be a time.
 * @param nonce - as `readNonce` returns it
 */
export function timeOfNonce(nonce: string): NonceTime | null {
  if (nonce.length < SECONDS_DIGITS) return null;
  const value = Number(nonce);
  if (value >= TICKS_MIN && value <= TICKS_MAX) {
    const seconds = (value - TICKS_AT_1970) / TICKS_PER_SECOND;
    return { seconds, perSecond: TICKS_PER_SECOND, unit: 'units of 100 ns since the year 1' };
  }
  const power = Math.min(nonce.length, NANOSECOND_DIGITS) - SECONDS_DIGITS;
  const perSecond = 10 ** power;
  return { seconds: value / perSecond, perSecond, unit: UNITS[power] ?? `units of 10^-${power} s` };
}
