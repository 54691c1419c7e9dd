import BigJs from 'big.js';

/** An exact decimal number. */
export type Money = BigJs.Big;

/** Amounts by asset id; an absent asset is zero. */
export type Amounts = ReadonlyMap<string, Money>;

/** The rounding modes of big.js, by name: drop digits, to nearest with ties up, away from zero. */
export const rounding = { down: 0, halfUp: 1, up: 3 } as const;

/**
 * The venue's own big.js constructor, so that nobody else's settings reach it. Strict: it refuses
 * JavaScript numbers (a float would already be wrong) and lossy conversions to one.
 * `DP` only bounds divisions, which the venue uses for averages it shows, never for money it moves.
 */
const MoneyConstructor: BigJs.BigConstructor = BigJs();
MoneyConstructor.DP = 20;
MoneyConstructor.RM = rounding.halfUp;
MoneyConstructor.NE = -40;
MoneyConstructor.PE = 40;
MoneyConstructor.strict = true;

/** Exact decimal from a decimal string or an integer. Throws on anything else. */
export function money(value: string | bigint): Money {
  return new MoneyConstructor(value);
}

/** Nothing: shared, as decimals are immutable. */
export const zero: Money = money('0');

/** A decimal string as Kraken writes it: no exponent, at most 20 digits on either side of the point. */
const plainDecimal = /^-?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})$/;

/**
 * Exact decimal from what a client sent, or `null` when it is none. Exponents such as `1e-05`, which
 * Python and JavaScript write for small floats, are refused, as Kraken refuses them (python-kraken-sdk#94).
 */
export function parseMoney(text: string): Money | null {
  return plainDecimal.test(text) ? money(text) : null;
}

/** The number with exactly `decimals` digits after the point; further digits are rounded to nearest. */
export function fixed(amount: Money, decimals: number): string {
  return amount.toFixed(decimals, rounding.halfUp);
}

/** The number as short as it goes: `25000.1`, `0`. */
export function short(amount: Money): string {
  return amount.toFixed();
}

/** Digits after the point that the number really has. */
export function decimalsOf(amount: Money): number {
  return Math.max(0, amount.c.length - 1 - amount.e);
}

/** The smaller of two amounts. */
export function smaller(one: Money, other: Money): Money {
  return one.lt(other) ? one : other;
}
