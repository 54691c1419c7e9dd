import { Big } from 'big.js';
import { NonceproofError } from '../errors.ts';
import type { OrderRequest } from '../kraken-types.ts';

/** What Kraken asks of the orders of a pair (Kraken docs, AssetPairs). */
export interface PairRules {
  /** Decimals of a volume in the base currency. */
  readonly lotDecimals: number;
  /** Decimals of an amount in the quote currency; `undefined` when Kraken names none. */
  readonly costDecimals: number | undefined;
  /** Least volume in the base currency; `undefined` when Kraken names none. */
  readonly orderMin: Big | undefined;
  /** Least price times volume in the quote currency; `undefined` when Kraken names none. */
  readonly costMin: Big | undefined;
}

/** Kraken's answer to AssetPairs does not say how to scale an order; nothing was placed. */
export class PairRulesError extends NonceproofError {
  constructor(pair: string, observed: string) {
    super(
      'pair_rules',
      `Failed to read the rules of ${pair}: ${observed}. Check the pair's name, or place the orders one by one.`,
    );
  }
}

/** Asks AssetPairs for one pair and returns Kraken's `result`. */
export type AskForPair = (params: Readonly<Record<string, string>>) => Promise<unknown>;

/**
 * The rules of pairs, each asked for once. Kraken knows every name of a pair (`XXBTZUSD`, `XBTUSD`, `XBT/USD`),
 * so the name is passed on as it is; what comes back is remembered under all of its names. A failed question
 * is asked again by the next caller.
 */
export class PairRulesBook {
  readonly #ask: AskForPair;
  readonly #known = new Map<string, Promise<PairRules>>();

  constructor(ask: AskForPair) {
    this.#ask = ask;
  }

  /**
   * @throws {CallError} when Kraken did not answer, or knows no such pair
   * @throws {PairRulesError} when the answer cannot be used
   */
  of({ asset_class: assetClass, pair }: Pick<OrderRequest, 'asset_class' | 'pair'>): Promise<PairRules> {
    const key = keyOf(assetClass, pair);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const asked = this.#learn(assetClass, pair);
    this.#known.set(key, asked);
    asked.catch(() => this.#known.delete(key));
    return asked;
  }

  async #learn(assetClass: string | undefined, pair: string): Promise<PairRules> {
    const classParam: Record<string, string> = assetClass === undefined ? {} : { aclass_base: assetClass };
    const result = await this.#ask({ pair, ...classParam });
    const { names, rules } = readPair(pair, result);
    for (const name of names) this.#known.set(keyOf(assetClass, name), Promise.resolve(rules));
    return rules;
  }
}

function keyOf(assetClass: string | undefined, pair: string): string {
  return `${assetClass ?? ''} ${pair}`;
}

function readPair(
  pair: string,
  result: unknown,
): { readonly names: readonly string[]; readonly rules: PairRules } {
  const pairs = typeof result === 'object' && result !== null ? Object.entries(result) : [];
  const [entry] = pairs;
  if (entry === undefined || pairs.length > 1) {
    throw new PairRulesError(pair, `Kraken answered with ${pairs.length} pairs instead of one`);
  }
  const [id, info] = entry as [string, Readonly<Record<string, unknown>> | null];
  const rules: PairRules = {
    lotDecimals: readDecimals(pair, info, 'lot_decimals') ?? missing(pair, 'lot_decimals'),
    costDecimals: readDecimals(pair, info, 'cost_decimals'),
    orderMin: readAmount(pair, info, 'ordermin'),
    costMin: readAmount(pair, info, 'costmin'),
  };
  const names = [id, info?.['altname'], info?.['wsname']];
  return { names: names.filter((name) => typeof name === 'string'), rules };
}

type PairInfo = Readonly<Record<string, unknown>> | null;

function readDecimals(pair: string, info: PairInfo, field: string): number | undefined {
  const value = info?.[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= DECIMALS_MAX)
    return value;
  throw new PairRulesError(pair, `${field} is ${JSON.stringify(value)}`);
}

/** More than any asset has; scaling divides to more decimals than that. */
const DECIMALS_MAX = 30;

function readAmount(pair: string, info: PairInfo, field: string): Big | undefined {
  const value = info?.[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value)) return new Big(value);
  throw new PairRulesError(pair, `${field} is ${JSON.stringify(value)}`);
}

function missing(pair: string, field: string): never {
  throw new PairRulesError(pair, `Kraken names no ${field}`);
}
