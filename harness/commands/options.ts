import { InvalidArgumentError } from 'commander';

/** Says what `--strict` does, wherever it is an option. */
export const STRICT_HELP =
  'warnings (a nonce that lost precision, say) and refusals of what a call asks for break their rule, too';

/** What an option's number may be. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** Default true. */
  readonly whole?: boolean;
}

/**
 * A parser for commander that takes a number within `range` and refuses everything else in one sentence.
 */
export function numberWithin(range: NumberRange): (text: string) => number {
  const kind = range.whole === false ? 'a number' : 'a whole number';
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    const fits =
      value >= range.min && value <= range.max && (range.whole === false || Number.isInteger(value));
    if (fits) return value;
    throw new InvalidArgumentError(
      `Expected ${kind} from ${range.min} to ${range.max}, got ${JSON.stringify(text)}.`,
    );
  };
}

/** A parser for commander that takes one of `values`. */
export function oneOf<const T extends string>(values: readonly T[]): (text: string) => T {
  return (text) => {
    const value = values.find((candidate) => candidate === text);
    if (value !== undefined) return value;
    throw new InvalidArgumentError(`Expected one of ${values.join(', ')}, got ${JSON.stringify(text)}.`);
  };
}
