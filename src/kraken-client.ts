import type { ClientContext } from './call/index.ts';
import { callInDoubt, placingsMeant } from './orders/index.ts';
import { parseClientOptions, wait } from './client-options.ts';
import type { KrakenClientOptions } from './client-options.ts';
import { NonceproofError } from './errors.ts';
import type {
  Balances,
  CancelResult,
  CancelTarget,
  ClosedOrders,
  ClosedOrdersParams,
  ExtendedBalances,
  OpenOrders,
  OpenOrdersParams,
  OrderRequest,
  Orders,
  PlacedOrder,
  QueryOrdersParams,
  TradeBalance,
} from './kraken-types.ts';
import { needsDeadline, OwnDeadline } from './call/index.ts';
import { lookUpOrder } from './orders/index.ts';
import type { FoundOrder } from './orders/index.ts';
import { placeOrderOnce } from './orders/index.ts';
import { privateCall } from './call/index.ts';
import type { PrivateRequest } from './call/index.ts';
import { publicCall } from './call/index.ts';
import { InvalidParamsError, prepareBody } from './call/index.ts';
import type { BodyFormat, CallParams } from './call/index.ts';
import { callEffect } from './call/index.ts';

/** How to make one call. What is left out is the client's. */
export interface CallOptions {
  /** The caller's change of mind. Before the call's turn: it is never sent. After: its outcome is unknown. */
  readonly signal?: AbortSignal | undefined;
  /** See `SharedClientOptions`. */
  readonly timeoutMs?: number | undefined;
  /** See `SharedClientOptions`. */
  readonly queueTimeoutMs?: number | undefined;
}

/** How to make one call by its name. */
export interface QueryOptions extends CallOptions {
  /** Default: `json` for the methods that Kraken takes only as JSON, `form` for the rest. */
  readonly format?: BodyFormat | undefined;
}

/** How to place one order. */
export interface PlaceOrderOptions extends CallOptions {
  /**
   * How long the exchange is asked what became of an order whose reply was lost, while it does not answer that
   * either, in milliseconds. Default 60,000.
   */
  readonly resolveTimeoutMs?: number | undefined;
  /**
   * The order may have been sent before, by a process that is gone: the exchange is asked for its `cl_ord_id`
   * first, and the order is sent only when it certainly does not exist. That is known when the earlier sending
   * can no longer take effect: after `settlingMs` or the order's deadline, whichever is later, and 2 s more.
   * Needs a `cl_ord_id` that no other order ever had. Default `false`.
   */
  readonly mayExist?: boolean | undefined;
}

/** The client was closed; nothing was sent. */
export class ClientClosedError extends NonceproofError {
  constructor(account: string) {
    super('client_closed', `Failed to call for ${account}: the client is closed. Make a new one.`);
  }
}

/** Kraken answers a form with `EGeneral:Invalid arguments:orders` (veox/python3-krakenex issue 138). */
const JSON_ONLY: ReadonlySet<string> = new Set(['AddOrderBatch', 'CancelOrderBatch', 'Level3']);

/** What may stand in a path: `Balance`, `Earn/Strategies`. */
const METHOD_NAME = /^[A-Za-z0-9]+(\/[A-Za-z0-9]+)*$/;

/**
 * Kraken's REST API for one account. Its private calls take their turn in the lane that all clients of the
 * process share, and draw their nonce there, so that calls never overlap and nonces arrive in order.
 *
 * Every method that calls Kraken rejects with a `CallError`, whose `outcome` says whether the call may have
 * taken effect. Nothing that may have taken effect is sent twice; see the retry table in `retry-decision.ts`.
 *
 * One key in two processes is beyond a client: give each process its own key, or a coordinator that they share.
 */
export class KrakenClient {
  /** The account's name, as it was given. */
  readonly accountIdentifier: string;
  readonly #caller: ClientContext;

  /** @throws {InvalidOptionError} when an option makes no sense; it never shows the secret */
  constructor(options: KrakenClientOptions) {
    this.#caller = parseClientOptions(options);
    this.accountIdentifier = this.#caller.account;
  }

  /** Cash balances, net of pending withdrawals. */
  getBalance(options?: CallOptions): Promise<Balances> {
    return this.#query('Balance', {}, options);
  }

  /** Balances with what open orders hold back. */
  getBalanceEx(options?: CallOptions): Promise<ExtendedBalances> {
    return this.#query('BalanceEx', {}, options);
  }

  /** Collateral, margin and equity, counted in `asset`. Default `ZUSD`. */
  getTradeBalance(asset?: string, options?: CallOptions): Promise<TradeBalance> {
    return this.#query('TradeBalance', { asset }, options);
  }

  /** Orders that rest or wait. */
  getOpenOrders(params: OpenOrdersParams = {}, options?: CallOptions): Promise<OpenOrders> {
    return this.#query('OpenOrders', params, options);
  }

  /** Orders that are filled, cancelled or expired: at most 50, newest first; `ofs` for the pages after. */
  getClosedOrders(params: ClosedOrdersParams = {}, options?: CallOptions): Promise<ClosedOrders> {
    return this.#query('ClosedOrders', params, options);
  }

  /**
   * Downloads a report that `AddExport` asked for, once `ExportStatus` says `Processed`.
   * @param id - the report's id, as `AddExport` answers it
   * @returns the bytes of a zip file, at most 64 MiB
   * @throws {UnreadableReplyError} when something else came in its place
   */
  retrieveExport(id: string, options?: CallOptions): Promise<Uint8Array> {
    return this.#query('RetrieveExport', { id }, options);
  }

  /** @param txids - at most 50 order ids, Kraken's limit */
  queryOrders(
    txids: readonly string[],
    params: QueryOrdersParams = {},
    options?: CallOptions,
  ): Promise<Orders> {
    return this.#query('QueryOrders', { txid: txids, ...params }, options);
  }

  /**
   * Places an order exactly once, whatever happens to the reply: after a lost one, it asks the exchange for the
   * order before it settles. That can take the settling time and the order's deadline, so the promise can
   * outlast `timeoutMs`; a `signal` ends it at any moment. For an order that may have been sent before the
   * process was started, see `mayExist`.
   * @throws {OrderOutcomeUnknownError} with the id to ask for, when the exchange could not be asked either
   * @throws {OrderIdInUseError} when an open order has the `cl_ord_id` that the caller gave
   * @throws {KrakenApiError} when Kraken refused the order
   */
  placeOrder(order: OrderRequest, options: PlaceOrderOptions = {}): Promise<PlacedOrder> {
    const resolveTimeoutMs = wait('resolveTimeoutMs', options.resolveTimeoutMs ?? 60_000);
    return this.#open(() =>
      placeOrderOnce(this.#caller, order, {
        ...this.#waits(options),
        resolveTimeoutMs,
        mayExist: options.mayExist === true,
      }),
    );
  }

  /**
   * Looks for an order by its `cl_ord_id`, among the open ones and then among the closed ones.
   * @returns the newest one; `undefined` when the exchange has none now. One that was sent a moment ago can still
   * appear: to send it again, use {@link placeOrder} with `mayExist`, which waits until it cannot.
   */
  findOrder(clOrdId: string, options: CallOptions = {}): Promise<FoundOrder | undefined> {
    return this.#open(() => {
      if (clOrdId === '') throw new InvalidParamsError('cl_ord_id', 'it is empty', 'Give an id.');
      return lookUpOrder(
        (method) => privateCall(this.#caller, this.#request(method, { cl_ord_id: clOrdId }, options)),
        (order) => order.cl_ord_id === clOrdId,
      );
    });
  }

  /**
   * Cancels an order. After a lost reply it is sent again: cancelling twice is cancelling once. Then `count` is 0
   * when the order is gone.
   *
   * One that a client of this key in this process is placing, by its `cl_ord_id`, is waited for when the exchange
   * does not know it yet: until its placing is decided, and no longer than `queueTimeoutMs`. The same holds for
   * CancelOrderBatch, CancelAll and AmendOrder. In a turn that holds the lane which the placing needs, the call
   * fails instead (`PlacingBlockedError` as the cause). A new order in doubt has no order id that could be named.
   */
  cancelOrder(target: CancelTarget, options?: CallOptions): Promise<CancelResult> {
    return this.#query('CancelOrder', target, options);
  }

  /**
   * Makes any private call, once but for what the retry table allows. AddOrder through here is not looked up
   * after a lost reply; {@link placeOrder} is for that. Orders and amendments get a `deadline` unless they have one.
   * @param method - Kraken's name: `Ledgers`, `Earn/Strategies`
   * @param params - everything but the nonce; never changed
   * @returns Kraken's `result` as it came
   * @throws {InvalidParamsError} when they cannot be sent exactly; nothing was sent then
   */
  queryPrivate(method: string, params: CallParams = {}, options?: QueryOptions): Promise<unknown> {
    return this.#query(method, params, options);
  }

  /**
   * Makes any public call: no key, no nonce, no lane, no retry.
   * @returns Kraken's `result` as it came
   */
  queryPublic(method: string, params: CallParams = {}, options: CallOptions = {}): Promise<unknown> {
    const { signal, timeoutMs } = this.#waits(options);
    return this.#open(() =>
      publicCall(this.#caller, { method: methodName(method), params, signal, timeoutMs }),
    );
  }

  /**
   * Lets no new call in, lets those under way end, and resolves when none is queued or in service. Calls made
   * afterwards reject with {@link ClientClosedError}. Other clients of the lane go on.
   */
  close(): Promise<void> {
    return this.#caller.activity.close();
  }

  /** The cast is the typed methods' claim about Kraken's result; see `kraken-types.ts`. */
  #query<T>(method: string, params: object, options: QueryOptions = {}): Promise<T> {
    try {
      this.#assertOpen();
      const request = this.#request(method, params as CallParams, options);
      const placings = placingsMeant(this.#caller, method, params as CallParams);
      if (placings.length === 0) return privateCall(this.#caller, request) as Promise<T>;
      return this.#open(() => callInDoubt(this.#caller, request, placings)) as Promise<T>;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #request(method: string, params: CallParams, options: QueryOptions): PrivateRequest {
    const format = options.format ?? (JSON_ONLY.has(method) ? 'json' : 'form');
    return {
      method: methodName(method),
      body: prepareBody(params, format),
      effect: callEffect(method, params),
      deadline: needsDeadline(method, params) ? new OwnDeadline(this.#caller) : undefined,
      ...this.#waits(options),
    };
  }

  #waits(options: CallOptions): {
    signal: AbortSignal | undefined;
    timeoutMs: number;
    queueTimeoutMs: number;
  } {
    const { limits } = this.#caller;
    return {
      signal: options.signal,
      timeoutMs: wait('timeoutMs', options.timeoutMs ?? limits.timeoutMs),
      queueTimeoutMs: wait('queueTimeoutMs', options.queueTimeoutMs ?? limits.queueTimeoutMs),
    };
  }

  #assertOpen(): void {
    if (this.#caller.activity.isClosed) throw new ClientClosedError(this.#caller.account);
  }

  /** Counts an operation as under way until it ends; what it throws before its first await becomes a rejection. */
  async #open<T>(operation: () => Promise<T>): Promise<T> {
    const { activity } = this.#caller;
    this.#assertOpen();
    activity.begin();
    try {
      return await operation();
    } finally {
      activity.end();
    }
  }
}

/** @throws {InvalidParamsError} for what would change the path */
function methodName(method: string): string {
  if (METHOD_NAME.test(method)) return method;
  throw new InvalidParamsError('method', 'it is no name of an endpoint', 'Give one such as Balance.');
}
