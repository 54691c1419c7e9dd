import type { KrakenClient, CallOptions, PlaceOrderOptions, QueryOptions } from './kraken-client.ts';
import type { Balances, OrderRequest, OrderSide, PlacedOrder } from './kraken-types.ts';
import type { CallParams } from './call/index.ts';

/** A market order. */
export interface MarketOrder {
  /** `XBTUSD`, `XXBTZUSD`. */
  readonly pair: string;
  readonly side: OrderSide;
  /** In the base currency, as a decimal string. */
  readonly volume: string;
  /** See {@link OrderRequest.cl_ord_id}; needed to place the order again after a restart, with `mayExist`. */
  readonly clOrdId?: string | undefined;
}

/**
 * The seed design's broker, in its words. It has no lock, no nonce and no HTTP of its own: every call is the
 * client's, in the client's lane.
 */
export class KrakenBroker {
  readonly accountIdentifier: string;
  readonly #client: KrakenClient;

  constructor(client: KrakenClient) {
    this.accountIdentifier = client.accountIdentifier;
    this.#client = client;
  }

  /** `_kraken_private_call`: see {@link KrakenClient.queryPrivate}. */
  krakenPrivateCall(method: string, params?: CallParams, options?: QueryOptions): Promise<unknown> {
    return this.#client.queryPrivate(method, params, options);
  }

  /** `get_account_balance`: see {@link KrakenClient.getBalance}. */
  getAccountBalance(options?: CallOptions): Promise<Balances> {
    return this.#client.getBalance(options);
  }

  /** `place_market_order`, exactly once: see {@link KrakenClient.placeOrder}. */
  placeMarketOrder(order: MarketOrder, options?: PlaceOrderOptions): Promise<PlacedOrder> {
    const { clOrdId, pair, side, volume } = order;
    const request: OrderRequest = { pair, type: side, ordertype: 'market', volume, cl_ord_id: clOrdId };
    return this.#client.placeOrder(request, options);
  }
}
