import type { Effect } from './journal.ts';

/** Parameters of a request after its body was parsed: form values are strings, JSON values are what they are. */
export type RequestParams = Readonly<Record<string, unknown>>;

/** A private request that passed admission. */
export interface PrivateRequest {
  /** `MASTER`, `USER_n`. */
  readonly account: string;
  /** `Balance`, `AddOrder`, `Earn/Strategies`, … */
  readonly method: string;
  readonly params: RequestParams;
  /** How the body was encoded; `AddOrderBatch` and `CancelOrderBatch` need JSON. */
  readonly encoding: 'form' | 'json';
  /** Wall-clock milliseconds at the exchange. */
  readonly atMs: number;
}

/** What an endpoint answers: Kraken's envelope, and what it changed. */
export interface EndpointReply {
  /** Kraken error strings; empty when it worked. A `W…` string may stand beside a result. */
  readonly error: readonly string[];
  readonly result?: unknown;
  readonly effect: Effect | null;
}

/**
 * The trading side of the exchange: accounts, balances, orders, market. Plain synchronous state; admission
 * (keys, nonces, signatures, overlap, limits) is not its concern.
 */
export interface Venue {
  /** Opens an account with balances by asset, e.g. `{ ZUSD: '10000' }`; defaults are the venue's. */
  openAccount(account: string, balances?: Readonly<Record<string, string>>): void;
  callPrivate(request: PrivateRequest): EndpointReply;
  callPublic(method: string, params: RequestParams, atMs: number): EndpointReply;
}
