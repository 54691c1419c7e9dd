import type { Side } from '../market/index.ts';
import type { Money } from '../catalog/index.ts';
import type { OrderType } from './order.ts';
import type { Pair } from '../catalog/index.ts';

/** One execution of an order, or of a part of it, against the house. */
export interface Trade {
  readonly id: string;
  readonly account: string;
  readonly orderTxid: string;
  readonly pair: Pair;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly atMs: number;
  readonly price: Money;
  readonly volume: Money;
  /** Price times volume in the quote asset; what lies below that asset's smallest unit is dropped. */
  readonly cost: Money;
  readonly fee: Money;
  readonly feeIn: 'base' | 'quote';
  readonly maker: boolean;
  /** Counts all trades of the venue. */
  readonly number: number;
  readonly ledgerIds: readonly string[];
}
