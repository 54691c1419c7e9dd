import type { Big } from 'big.js';
import { decimal, scaleVolume } from './orders/index.ts';
import type { SkipReason } from './orders/index.ts';
import { NonceproofError } from './errors.ts';
import type { CallOptions, KrakenClient } from './kraken-client.ts';
import type { OrderRequest, PlacedOrder } from './kraken-types.ts';
import { PairRulesBook } from './orders/index.ts';
import type { PairRules } from './orders/index.ts';

/** Whose orders are repeated by whom, and to what scale. */
export interface CopyTraderOptions {
  readonly master: KrakenClient;
  readonly users: readonly KrakenClient[];
  /** The asset whose balances set the scale, as Kraken's Balance names it: `ZUSD`. */
  readonly scaleAsset: string;
}

/** What became of one USER's copy. */
export type UserCopy =
  | {
      readonly account: string;
      readonly status: 'copied';
      readonly volume: string;
      readonly order: PlacedOrder;
    }
  /** Its share is smaller than what Kraken takes for the pair; nothing was sent. */
  | {
      readonly account: string;
      readonly status: 'skipped';
      readonly reason: SkipReason;
      /** What its share would have been. */
      readonly volume: string;
      /** The least that Kraken takes, as a volume (`ordermin`) or an amount in the quote currency (`costmin`). */
      readonly minimum: string | undefined;
    }
  /** See the error's `outcome` for whether the order may exist. */
  | { readonly account: string; readonly status: 'failed'; readonly error: unknown };

/** What became of an order and of its copies, in the order of the users. */
export interface CopyReport {
  readonly master: PlacedOrder;
  readonly users: readonly UserCopy[];
}

/** MASTER's order cannot be scaled; nothing was placed. */
export class CopyScaleError extends NonceproofError {
  constructor(observed: string, whatToDo: string) {
    super('copy_scale', `Failed to copy an order: ${observed}. ${whatToDo}`);
  }
}

/**
 * Repeats MASTER's orders for every USER, scaled to their balances. All calls go through the clients, and so
 * through their lane, one at a time. What Kraken asks of the orders of a pair is asked for once (AssetPairs, a public
 * call) and kept for the life of the trader.
 */
export class CopyTrader {
  readonly #options: CopyTraderOptions;
  readonly #pairs: PairRulesBook;

  constructor(options: CopyTraderOptions) {
    this.#options = options;
    this.#pairs = new PairRulesBook((params) => options.master.queryPublic('AssetPairs', params));
  }

  /**
   * Places MASTER's order, then each USER's: `volume × USER's balance ÷ MASTER's balance`, with the balances as
   * they were before MASTER's order, cut off to the pair's decimals; a copy below the pair's minimum is skipped, with
   * the reason. Volume 0 (close a margin position whole) is passed on as it is. Each copy
   * gets a `cl_ord_id` of its own. A USER that fails is reported, and the others go on.
   * @throws {CallError} when AssetPairs, MASTER's balance or MASTER's order failed; no copy was placed then
   * @throws {PairRulesError} when AssetPairs does not say how to scale; nothing was placed
   * @throws {CopyScaleError} when MASTER has none of the asset, or the volume is no number
   */
  async copyOrder(order: OrderRequest, options?: CallOptions): Promise<CopyReport> {
    const { master, users } = this.#options;
    refuseNoVolume(order.volume);
    const rules = await this.#pairs.of(order);
    const masterBalance = await this.#balanceOf(master, options);
    if (masterBalance.lte(0)) throw this.#nothingToScaleBy(master);
    const placed = await master.placeOrder(order, options);
    const copies = users.map((user) => this.#copy(user, { order, rules, masterBalance, options }));
    return { master: placed, users: await Promise.all(copies) };
  }

  async #copy(user: KrakenClient, master: MasterOrder): Promise<UserCopy> {
    const account = user.accountIdentifier;
    try {
      const share = { part: await this.#balanceOf(user, master.options), whole: master.masterBalance };
      const scaled = scaleVolume(master.order, share, master.rules);
      if ('reason' in scaled) return { account, status: 'skipped', ...scaled };
      const { volume } = scaled;
      const copy = { ...master.order, volume, cl_ord_id: undefined };
      return { account, status: 'copied', volume, order: await user.placeOrder(copy, master.options) };
    } catch (error) {
      return { account, status: 'failed', error };
    }
  }

  async #balanceOf(client: KrakenClient, options: CallOptions | undefined): Promise<Big> {
    const balances = await client.getBalance(options);
    return decimal(balances[this.#options.scaleAsset] ?? '0');
  }

  #nothingToScaleBy(master: KrakenClient): CopyScaleError {
    const { scaleAsset } = this.#options;
    const observed = `${master.accountIdentifier} has no ${scaleAsset} to set the scale`;
    return new CopyScaleError(observed, 'Fund it, or choose another scaleAsset.');
  }
}

interface MasterOrder {
  readonly order: OrderRequest;
  readonly rules: PairRules;
  readonly masterBalance: Big;
  readonly options: CallOptions | undefined;
}

/** @throws {CopyScaleError} when `volume` is no number */
function refuseNoVolume(volume: string): void {
  try {
    decimal(volume);
  } catch {
    throw new CopyScaleError(
      `the volume ${JSON.stringify(volume)} is no decimal number`,
      'Pass digits as a string.',
    );
  }
}
