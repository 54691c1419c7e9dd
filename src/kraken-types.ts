/**
 * Parameters and results of the modelled endpoints, with Kraken's own names (Kraken docs, REST endpoints).
 * Amounts are decimal strings and times are seconds since 1970 with decimals, as Kraken sends them; nothing is
 * converted, and nothing is checked: a result is as good as the exchange's word.
 */

/** Asset (`ZUSD`, `XXBT`, `ETH2.S`) to amount. */
export type Balances = Readonly<Record<string, string>>;

/** One asset of BalanceEx. Available is `balance + credit - credit_used - hold_trade`. */
export interface ExtendedBalance {
  readonly balance: string;
  readonly hold_trade: string;
  readonly credit?: string;
  readonly credit_used?: string;
}

/** Asset to amounts. */
export type ExtendedBalances = Readonly<Record<string, ExtendedBalance>>;

/** Result of TradeBalance. */
export interface TradeBalance {
  /** Equivalent balance of all currencies. */
  readonly eb: string;
  /** Trade balance. */
  readonly tb: string;
  /** Margin of open positions. */
  readonly m: string;
  /** Unrealized net profit or loss of open positions. */
  readonly n: string;
  /** Cost basis of open positions. */
  readonly c: string;
  /** Floating valuation of open positions. */
  readonly v: string;
  /** Equity. */
  readonly e: string;
  /** Free margin. */
  readonly mf: string;
  /** Margin level in percent; absent without positions. */
  readonly ml?: string;
  /** Value of unfilled orders. */
  readonly uv?: string;
}

/** Which way an order goes. */
export type OrderSide = 'buy' | 'sell';

/** Kraken's kinds of order. */
export type OrderType =
  | 'market'
  | 'limit'
  | 'iceberg'
  | 'stop-loss'
  | 'take-profit'
  | 'stop-loss-limit'
  | 'take-profit-limit'
  | 'trailing-stop'
  | 'trailing-stop-limit'
  | 'settle-position';

/** Where an order stands. */
export type OrderStatus = 'pending' | 'open' | 'closed' | 'canceled' | 'expired';

/** What an order is, in words and parts. */
export interface OrderDescription {
  readonly pair: string;
  readonly type: OrderSide;
  readonly ordertype: OrderType;
  readonly price: string;
  readonly price2: string;
  readonly leverage: string;
  /** `buy 1.25000000 XBTUSD @ limit 37500.0` */
  readonly order: string;
  readonly close: string;
}

/** An order as OpenOrders, ClosedOrders and QueryOrders show it. */
export interface OrderInfo {
  readonly refid: string | null;
  readonly userref: number | null;
  readonly cl_ord_id?: string | null;
  readonly status: OrderStatus;
  readonly opentm: number;
  readonly starttm: number;
  readonly expiretm: number;
  readonly descr: OrderDescription;
  readonly vol: string;
  readonly vol_exec: string;
  readonly cost: string;
  readonly fee: string;
  /** Average price. */
  readonly price: string;
  readonly stopprice: string;
  readonly limitprice: string;
  readonly misc: string;
  readonly oflags: string;
  readonly trades?: readonly string[];
  /** Closed orders only. */
  readonly closetm?: number;
  /** Closed orders only. */
  readonly reason?: string | null;
}

/** Order id to order. */
export type Orders = Readonly<Record<string, OrderInfo>>;

/** Result of OpenOrders. */
export interface OpenOrders {
  readonly open: Orders;
}

/** Result of ClosedOrders: 50 a page, newest first. */
export interface ClosedOrders {
  readonly closed: Orders;
  readonly count: number;
}

/** Parameters of OpenOrders. */
export interface OpenOrdersParams {
  readonly trades?: boolean | undefined;
  readonly userref?: number | undefined;
  readonly cl_ord_id?: string | undefined;
}

/** Parameters of ClosedOrders. */
export interface ClosedOrdersParams extends OpenOrdersParams {
  /** Exclusive; a time or an order id. */
  readonly start?: number | string | undefined;
  /** Inclusive; a time or an order id. */
  readonly end?: number | string | undefined;
  readonly ofs?: number | undefined;
  readonly closetime?: 'both' | 'open' | 'close' | undefined;
  readonly consolidate_taker?: boolean | undefined;
  readonly without_count?: boolean | undefined;
}

/** Parameters of QueryOrders besides the ids. */
export interface QueryOrdersParams {
  readonly trades?: boolean | undefined;
  readonly userref?: number | undefined;
  readonly consolidate_taker?: boolean | undefined;
}

/** Parameters of AddOrder. Amounts and prices as decimal strings. */
export interface OrderRequest {
  readonly pair: string;
  readonly type: OrderSide;
  readonly ordertype: OrderType;
  readonly volume: string;
  readonly price?: string | undefined;
  readonly price2?: string | undefined;
  readonly displayvol?: string | undefined;
  readonly trigger?: 'last' | 'index' | undefined;
  readonly leverage?: string | undefined;
  readonly reduce_only?: boolean | undefined;
  readonly stptype?: 'cancel-newest' | 'cancel-oldest' | 'cancel-both' | undefined;
  readonly oflags?: string | undefined;
  readonly timeinforce?: 'GTC' | 'IOC' | 'GTD' | 'FOK' | undefined;
  readonly starttm?: string | undefined;
  readonly expiretm?: string | undefined;
  readonly close?: OrderClose | undefined;
  /**
   * Not unique, and excludes `cl_ord_id`: an order with one cannot be asked for when its reply is lost, and is
   * then reported as unknown.
   */
  readonly userref?: number | undefined;
  /** At most 18 characters, or a UUID. Default: one made from the nonce. Give a new one for each order. */
  readonly cl_ord_id?: string | undefined;
  /** RFC 3339. Default: `orderDeadlineMs` after sending. */
  readonly deadline?: string | undefined;
  /** Only checks the order; nothing is placed, and there is no order id. */
  readonly validate?: boolean | undefined;
  readonly asset_class?: 'tokenized_asset' | undefined;
}

/** The conditional close order of an {@link OrderRequest}. */
export interface OrderClose {
  readonly ordertype: OrderType;
  readonly price?: string | undefined;
  readonly price2?: string | undefined;
}

/** An order that exists. */
export interface PlacedOrder {
  /** Kraken's order ids; empty for `validate`. */
  readonly txid: readonly string[];
  readonly descr: { readonly order: string; readonly close?: string };
  /** The order's `cl_ord_id`; undefined when it has none. */
  readonly clOrdId: string | undefined;
  /** `asked`: the reply was lost, and the order was found by its `cl_ord_id`. */
  readonly known: 'answered' | 'asked';
}

/** Which orders CancelOrder cancels. */
export type CancelTarget = { readonly txid: string } | { readonly cl_ord_id: string };

/** Result of CancelOrder. */
export interface CancelResult {
  readonly count: number;
  readonly pending?: boolean;
}
