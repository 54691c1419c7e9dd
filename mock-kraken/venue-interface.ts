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

/** What an accepted call changed. */
export interface Effect {
  readonly kind: 'order' | 'cancel' | 'amend' | 'transfer';
  /** Order ids or reference ids that came into being or were changed. */
  readonly ids: readonly string[];
}

/** What an endpoint answers: Kraken's envelope, and what it changed. */
export interface EndpointReply {
  /** Kraken error strings; empty when it worked. A `W…` string may stand beside a result. */
  readonly error: readonly string[];
  readonly result?: unknown;
  /** A file, which Kraken answers with in place of the envelope. */
  readonly file?: Uint8Array;
  readonly effect: Effect | null;
  /** Of a request for several things: the id of what came of each, `null` where nothing did. Default: `effect`'s first. */
  readonly made?: readonly (string | null)[];
  /** Ids that the result tells of without containing them. */
  readonly tellsOf?: readonly string[];
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

/** What `GetApiKeyInfo` shows of the API key that a request came with. Times are UNIX milliseconds. */
export interface KeyInfo {
  readonly name: string;
  /** The public key. */
  readonly apiKey: string;
  /** Last accepted nonce, decimal. */
  readonly nonce: string;
  /** Nonce units below the highest that are still accepted, decimal. */
  readonly nonceWindow: string;
  /** Permission ids, such as `query-funds`. */
  readonly permissions: readonly string[];
  /** `null`: no expiry. */
  readonly validUntilMs: number | null;
  readonly createdMs: number;
  readonly lastUsedMs: number;
  /** Empty: any address. */
  readonly ipAllowlist: readonly string[];
}

/** An open order that a request is about, as the matching engine's limiter needs it. */
export interface OrderAge {
  readonly txid: string;
  /** Kraken's pair id: `XXBTZUSD`. */
  readonly pair: string;
  /** Milliseconds since it was created or last amended. */
  readonly ageMs: number;
}

/**
 * What the matching engine's limiter may ask of the venue. Asking changes nothing, except that the venue comes to
 * the moment of the question: what is due by then expires or trades first.
 */
export interface OrderFacts {
  /** Kraken's id of a pair that was given by id, altname or websocket name; `null` when unknown. */
  pairId(name: string): string | null;
  /**
   * Open orders of an account in a pair (by Kraken's id), waiting ones included; without `atMs`, as of the latest
   * moment that the venue was told.
   */
  openOrderCount(account: string, pairId: string, atMs?: number): number;
  /** Milliseconds since an open order was created or last amended; `null` when the account has none such. */
  orderAge(account: string, txid: string, atMs: number): number | null;
  /**
   * The account's open orders that a cancel, amend or edit request would touch, found as the endpoint itself
   * would find them. Empty for every other request, and for one that names no open order.
   */
  ordersTouched(request: PrivateRequest): readonly OrderAge[];
}

/** Where all money of one asset is, as exact decimals: `accounts + house + fees` equals `putIn`. */
export interface MoneyTotals {
  readonly accounts: string;
  /** The market maker's own account: starts with nothing, may owe. */
  readonly house: string;
  readonly fees: string;
  /** What came in from outside, less what left. */
  readonly putIn: string;
}

/** The hand that moves a venue from outside: for tests and for an admin interface. */
export interface VenueControls {
  /** Pins a pair's price from a moment on; resting orders that it crosses trade at once. */
  setPrice(pair: string, price: string, atMs: number): void;
  /** Pins the price that many per cent above (or, negative, below) where it stands. */
  advancePrice(pair: string, percent: string, atMs: number): void;
  /** Lets the seed drive the pair's price again. */
  releasePrice(pair: string, atMs: number): void;
  /** Sets what an account holds of an asset, as an adjustment in its ledger. */
  setBalance(account: string, asset: string, balance: string, atMs: number): void;
  /** Money of one asset over the whole venue. */
  totals(asset: string): MoneyTotals;
  /** Ids of every asset. */
  assetIds(): readonly string[];
  /** Back to the state after the accounts were opened: no orders, no history, no pinned price. */
  reset(): void;
}
