import type { EndpointReply } from '../../venue-interface.ts';
import { createVenue, type TradingVenue } from '../create-venue.ts';
import { type VenueOptions } from '../../venue-options.ts';

/** What the tests' accounts hold. */
export const openingBalances = { ZUSD: '100000', XXBT: '2', XETH: '20' } as const;

/** When the tests begin: 2026-11-22 12:55:36 UTC. */
export const startMs = 1_795_352_136_000;

/** A price on which tests pin XBTUSD: the best bid. The best ask is 50000.1. */
export const pinned = '50000.0';

/** What the tests read of an order. */
export interface ShownOrder {
  readonly refid: string | null;
  readonly status: string;
  readonly reason?: string | null;
  readonly descr: Readonly<Record<string, string>>;
  readonly vol: string;
  readonly vol_exec: string;
  readonly cost: string;
  readonly fee: string;
  readonly price: string;
  readonly stopprice: string;
  readonly limitprice: string;
  readonly misc: string;
  readonly oflags: string;
  readonly opentm: number;
  readonly closetm?: number;
  readonly userref?: number;
  readonly cl_ord_id?: string;
  readonly trades: readonly string[];
}

interface ShownBalance {
  readonly balance: string;
  readonly hold_trade: string;
}

/** A venue with MASTER and USER_1, XBTUSD pinned at 50000.0, and a clock that tests move by hand. */
export class Driver {
  readonly venue: TradingVenue;
  atMs: number = startMs;
  /** Whose calls they are. */
  account = 'MASTER';

  constructor(options: VenueOptions = {}) {
    this.venue = createVenue(options);
    this.venue.openAccount('MASTER', openingBalances);
    this.venue.openAccount('USER_1', openingBalances);
    this.venue.setPrice('XBTUSD', pinned, startMs);
  }

  /** The whole reply to a form-encoded call. */
  call(method: string, params: object = {}): EndpointReply {
    return this.send(method, params, 'form');
  }

  /** The whole reply to a call in JSON. */
  json(method: string, params: object = {}): EndpointReply {
    return this.send(method, params, 'json');
  }

  private send(method: string, params: object, encoding: 'form' | 'json'): EndpointReply {
    const { account, atMs } = this;
    return this.venue.callPrivate({ account, method, params: { ...params }, encoding, atMs });
  }

  /** The result of a call that must succeed, taken for what the test says it is. */
  ok<R = unknown>(method: string, params: object = {}): R {
    const { error, result } = this.json(method, params);
    if (error.length > 0) throw new Error(`${method}: ${error.join()}`);
    return result as R;
  }

  /** The result of a public call, likewise. */
  public<R = unknown>(method: string, params: object = {}): R {
    const { error, result } = this.venue.callPublic(method, { ...params }, this.atMs);
    if (error.length > 0) throw new Error(`${method}: ${error.join()}`);
    return result as R;
  }

  /** The first error of a call, or nothing. */
  error(method: string, params: object = {}): string | undefined {
    return this.json(method, params).error[0];
  }

  /** The id of an order that must be taken: a limit buy of 0.01 XBT at 40000, changed by `params`. */
  order(params: object = {}): string {
    const { txid } = this.ok<{ txid: [string] }>('AddOrder', { ...restingBuy, ...params });
    return txid[0];
  }

  /** The error of an order, or nothing. */
  refused(params: object): string | undefined {
    return this.error('AddOrder', { ...restingBuy, ...params });
  }

  /** An order as `QueryOrders` shows it. */
  query(txid: string): ShownOrder {
    const order = this.ok<Readonly<Record<string, ShownOrder>>>('QueryOrders', { txid, trades: true })[txid];
    if (order === undefined) throw new Error(`${txid} is not in the answer`);
    return order;
  }

  /** Balance and hold of an asset. */
  money(asset: string): readonly [balance: string, held: string] {
    const amounts = this.ok<Readonly<Record<string, ShownBalance>>>('BalanceEx')[asset];
    return [amounts?.balance ?? 'none', amounts?.hold_trade ?? 'none'];
  }

  wait(ms: number): void {
    this.atMs += ms;
  }

  price(price: string): void {
    this.venue.setPrice('XBTUSD', price, this.atMs);
  }
}

/** An order that rests. */
export const restingBuy = {
  pair: 'XBTUSD',
  type: 'buy',
  ordertype: 'limit',
  price: '40000',
  volume: '0.01',
} as const;
