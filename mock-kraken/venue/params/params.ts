import type { RequestParams } from '../../venue-interface.ts';
import { invalidArguments } from '../../kraken-errors.ts';
import { type Money, parseMoney } from '../catalog/index.ts';
import { refuse } from '../errors/index.ts';

/** Longest text that any parameter may have, in characters; Kraken's own longest is a list of 50 ids. */
const textCharsMax = 2000;

/**
 * A parameter as text, or `undefined` when absent, empty or `null`. Form bodies carry text only; JSON may
 * carry numbers and booleans, which read as their text. Anything nested is refused.
 */
export function text(params: RequestParams, name: string): string | undefined {
  const value = Object.hasOwn(params, name) ? params[name] : undefined;
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'object' || typeof value === 'function') return refuse(invalidArguments(name));
  const read = String(value);
  return read.length > textCharsMax ? refuse(invalidArguments(name)) : read;
}

/** A parameter that must be there. */
export function requiredText(params: RequestParams, name: string): string {
  return text(params, name) ?? refuse(invalidArguments(name));
}

/** One of a few words; `fallback` when absent. */
export function word<W extends string>(
  params: RequestParams,
  name: string,
  choice: { readonly among: readonly W[]; readonly fallback: W },
): W {
  const value = text(params, name);
  if (value === undefined) return choice.fallback;
  return choice.among.find((known) => known === value) ?? refuse(invalidArguments(name));
}

/**
 * A yes or no. Text is true unless it is empty, `false` or `0`: Python's `False`, sent in a form, counts as
 * true, so that `validate=False` places no order (pykrakenapi#39).
 */
export function flag(params: RequestParams, name: string, fallback = false): boolean {
  const value = text(params, name);
  return value === undefined ? fallback : value !== 'false' && value !== '0';
}

/** A decimal, or `undefined` when absent. */
export function decimal(params: RequestParams, name: string): Money | undefined {
  const value = text(params, name);
  return value === undefined ? undefined : (parseMoney(value) ?? refuse(invalidArguments(name)));
}

/** A whole number of at most 15 digits, or `undefined` when absent. */
export function integer(params: RequestParams, name: string): number | undefined {
  const value = text(params, name);
  if (value === undefined) return undefined;
  return /^[+-]?\d{1,15}$/.test(value) ? Number(value) : refuse(invalidArguments(name));
}

/** A comma-separated list or a JSON array, without blanks; empty when absent. */
export function list(params: RequestParams, name: string, lengthMax: number): readonly string[] {
  const value = Object.hasOwn(params, name) ? params[name] : undefined;
  const items = Array.isArray(value) ? value.map(itemText) : (text(params, name)?.split(',') ?? []);
  const named = items.map((item) => item.trim()).filter((item) => item !== '');
  return named.length > lengthMax ? refuse(invalidArguments(name)) : named;
}

/** Objects and other oddities read as nothing, so that they name nothing. */
function itemText(item: unknown): string {
  return typeof item === 'string' || typeof item === 'number' ? String(item) : '';
}
