import { Big } from 'big.js';
import { NonceproofError } from './errors.ts';
import type { CallOptions, KrakenClient } from './kraken-client.ts';
import type { OrderRequest, PlacedOrder } from './kraken-types.ts';

/** Whose orders are repeated by whom, and to what scale. */
export interface CopyTraderOptions {
  readonly master: KrakenClient;
  readonly users: readonly KrakenClient[];
  /** The asset whose balances set the scale, as Kraken's Balance names it: `ZUSD`. */
  readonly scaleAsset: string;
  /** Decimals of a volume; further ones are cut off. Default 8, Kraken's `lot_decimals` for nearly every pair. */
  readonly volumeDecimals?: number | undefined;
}

/** What became of one USER's copy. */
export type UserCopy =
  | {
      readonly account: string;
      readonly status: 'copied';
      readonly volume: string;
      readonly order: PlacedOrder;
    }
  /** Its balance is too small for the smallest volume. */
  | { readonly account: string; readonly status: 'skipped' }
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

/** Divides to 40 decimals: more than rounding there could carry into those of a volume. */
const Decimal = Big();
Decimal.DP = 40;

/**
 * Repeats MASTER's orders for every USER, scaled to their balances. All calls go through the clients, and so
 * through their lane, one at a time.
 */
export class CopyTrader {
  readonly #options: CopyTraderOptions;

  constructor(options: CopyTraderOptions) {
    this.#options = options;
  }

  /**
   * Places MASTER's order, then each USER's: `volume × USER's balance ÷ MASTER's balance`, with the balances as
   * they were before MASTER's order. Volume 0 (close a margin position whole) is passed on as it is. Each copy
   * gets a `cl_ord_id` of its own. A USER that fails is reported, and the others go on.
   * @throws {CallError} when MASTER's balance or order failed; no copy was placed then
   * @throws {CopyScaleError} when MASTER has none of the asset, or the volume is no number
   */
  async copyOrder(order: OrderRequest, options?: CallOptions): Promise<CopyReport> {
    const { master, users } = this.#options;
    const masterVolume = parseVolume(order.volume);
    const masterBalance = await this.#balanceOf(master, options);
    if (masterBalance.lte(0)) throw this.#nothingToScaleBy(master);
    const placed = await master.placeOrder(order, options);
    const copies = users.map((user) => this.#copy(user, { order, masterVolume, masterBalance, options }));
    return { master: placed, users: await Promise.all(copies) };
  }

  async #copy(user: KrakenClient, master: MasterOrder): Promise<UserCopy> {
    const account = user.accountIdentifier;
    try {
      const volume = this.#scale(master, await this.#balanceOf(user, master.options));
      if (volume === undefined) return { account, status: 'skipped' };
      const copy = { ...master.order, volume, cl_ord_id: undefined };
      return { account, status: 'copied', volume, order: await user.placeOrder(copy, master.options) };
    } catch (error) {
      return { account, status: 'failed', error };
    }
  }

  /** @returns `undefined` when the share is smaller than the smallest volume */
  #scale({ masterBalance, masterVolume }: MasterOrder, balance: Big): string | undefined {
    if (masterVolume.eq(0)) return '0';
    const share = masterVolume.times(balance).div(masterBalance);
    const volume = share.round(this.#options.volumeDecimals ?? 8, Big.roundDown);
    return volume.gt(0) ? volume.toFixed() : undefined;
  }

  async #balanceOf(client: KrakenClient, options: CallOptions | undefined): Promise<Big> {
    const balances = await client.getBalance(options);
    return new Decimal(balances[this.#options.scaleAsset] ?? 0);
  }

  #nothingToScaleBy(master: KrakenClient): CopyScaleError {
    const { scaleAsset } = this.#options;
    const observed = `${master.accountIdentifier} has no ${scaleAsset} to set the scale`;
    return new CopyScaleError(observed, 'Fund it, or choose another scaleAsset.');
  }
}

interface MasterOrder {
  readonly order: OrderRequest;
  readonly masterVolume: Big;
  readonly masterBalance: Big;
  readonly options: CallOptions | undefined;
}

function parseVolume(volume: string): Big {
  try {
    return new Decimal(volume);
  } catch {
    throw new CopyScaleError(
      `the volume ${JSON.stringify(volume)} is no decimal number`,
      'Pass digits as a string.',
    );
  }
}
