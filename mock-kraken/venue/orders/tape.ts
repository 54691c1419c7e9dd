import type { Accounts, Balances } from '../balances/index.ts';
import type { Fill, Worth } from './fills.ts';
import type { Ids } from '../balances/index.ts';
import { type Money, zero } from '../catalog/index.ts';
import type { Order } from './order.ts';
import { Records } from '../balances/index.ts';
import type { Trade } from './trade.ts';

/** Turns fills into trades: moves the money, writes the trade down, and tells the order. */
export class Tape {
  readonly trades: Records<Trade>;
  readonly #books: Accounts;
  readonly #ids: Ids;
  #count = 0;

  constructor(books: Accounts, ids: Ids, tradesMax: number) {
    this.#books = books;
    this.#ids = ids;
    this.trades = new Records(tradesMax);
  }

  /** Writes down what an order of this purse traded. The order's hold is not its concern. */
  write(
    purse: Balances,
    order: Order,
    { fill, worth }: { readonly fill: Fill; readonly worth: Worth },
  ): void {
    const id = this.#ids.next('T');
    const ledgerIds = this.#settle(purse, order, { id, fill, worth });
    this.#count += 1;
    const { pair, side, type, feeIn } = order.terms;
    this.trades.add(id, {
      id,
      account: order.account,
      orderTxid: order.txid,
      pair,
      side,
      orderType: type,
      atMs: fill.atMs,
      volume: fill.volume,
      maker: fill.maker,
      ...worth,
      feeIn,
      number: this.#count,
      ledgerIds,
    });
    order.tradeIds.push(id);
  }

  /** Base and quote change hands, and the fee goes with the one that it is taken in. */
  #settle(purse: Balances, { terms }: Order, { id, fill, worth }: Settlement): readonly string[] {
    const { pair, side, feeIn } = terms;
    const post = (asset: string, amount: Money, fee: Money): string =>
      this.#books.trade(purse, {
        type: 'trade',
        subtype: 'tradespot',
        refid: id,
        asset,
        atMs: fill.atMs,
        amount,
        fee,
      }).id;
    const [gained, paid] = side === 'buy' ? [fill.volume, worth.cost.neg()] : [fill.volume.neg(), worth.cost];
    return [
      post(pair.base.id, gained, feeIn === 'base' ? worth.fee : zero),
      post(pair.quote.id, paid, feeIn === 'quote' ? worth.fee : zero),
    ];
  }
}

/** A fill with its worth, under the id of its trade. */
interface Settlement {
  readonly id: string;
  readonly fill: Fill;
  readonly worth: Worth;
}
