import { CallCancelledError, CallError, KrakenApiError } from '../call/index.ts';
import type { CallIdentity } from '../account/index.ts';
import type { ClientContext } from '../call/index.ts';
import { saysIdInUse } from '../call/index.ts';
import type { OrderInfo, OrderRequest, PlacedOrder } from '../kraken-types.ts';
import { learnExchangeTime } from '../call/index.ts';
import { AHEAD_MS_MAX, OwnDeadline } from '../call/index.ts';
import { OrderAbsentError, OrderIdInUseError, OrderOutcomeUnknownError } from './order-errors.ts';
import { lookUpOrder } from './order-lookup.ts';
import { Placing, placingsOf } from './placings.ts';
import { privateCall } from '../call/index.ts';
import type { PrivateRequest } from '../call/index.ts';
import { InvalidParamsError, prepareBody } from '../call/index.ts';
import type { CallParams, LateParam, PreparedBody } from '../call/index.ts';
import { decideRetry } from '../call/index.ts';
import type { MethodEffect } from '../call/index.ts';
import { sleep } from '../sleep.ts';

/** How to place an order. */
export interface PlacementOptions {
  readonly timeoutMs: number;
  readonly queueTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** How long the exchange is asked what became of an order while it does not answer, in milliseconds. */
  readonly resolveTimeoutMs: number;
  /** The order may have been sent before, by a process that is gone: asks before it sends. */
  readonly mayExist: boolean;
}

/** How far the clocks of the exchange's machines may be apart, and how long an order may take to be listed. */
const EXCHANGE_SLACK_MS = 1_000;
const FIRST_PAUSE_MS = 250;
const PAUSE_MS_MAX = 4_000;

/**
 * Places an order exactly once. After a lost reply it asks for the order by its `cl_ord_id`, among the open
 * orders and then among the closed ones (an order only moves that way, so it cannot slip through), until it is
 * found or its deadline has passed; only an order that is then absent is sent again.
 *
 * `cl_ord_id` is unique among *open* orders only (Kraken docs, AddOrder), so sending it twice does not by itself
 * keep a filled order from being placed again: asking first does.
 */
export function placeOrderOnce(
  caller: ClientContext,
  order: OrderRequest,
  options: PlacementOptions,
): Promise<PlacedOrder> {
  const placement = new OrderPlacement(caller, order, options);
  const placings = placingsOf(caller.keyState);
  return placement.isLookedUp
    ? placings.follow(
        placement.placing,
        () => placement.run(),
        () => Math.min(placement.certainInMs, AHEAD_MS_MAX),
      )
    : placement.run();
}

/** What the exchange said when it was asked for the order. */
interface Answer {
  readonly found?: PlacedOrder | undefined;
  /** It was not found, and it never will be. */
  readonly isAbsent?: boolean | undefined;
  /** Why the exchange did not answer. */
  readonly failure?: unknown;
}

type OrderCall = Omit<PrivateRequest, 'signal' | 'timeoutMs'>;

class OrderPlacement {
  readonly #caller: ClientContext;
  readonly #options: PlacementOptions;
  readonly #order: OrderRequest;
  readonly #body: PreparedBody;
  readonly #effect: MethodEffect;
  /** What others may know of it while it goes on. */
  readonly placing: Placing;
  /** Set as the first attempt is sent, unless the caller chose one. */
  #clOrdId: string | undefined;
  /** `undefined` when the caller chose one. */
  readonly #deadline: OwnDeadline | undefined;
  /** On the monotonic clock; `undefined` before the first attempt. */
  #lastSentAtMs: number | undefined;
  /** The earliest time that the exchange's clock can have shown as the first attempt was sent. */
  #firstSentMs: number | undefined;
  /** On the monotonic clock: until then the order of a process that is gone may still take effect. */
  #earlierUntilMs = -Infinity;

  constructor(caller: ClientContext, order: OrderRequest, options: PlacementOptions) {
    this.#caller = caller;
    this.#order = order;
    this.#options = options;
    this.#body = prepareBody(order as unknown as CallParams, 'form');
    this.#clOrdId = order.cl_ord_id;
    this.#effect = effectOf(order);
    this.#deadline = order.deadline === undefined ? new OwnDeadline(caller) : undefined;
    this.placing = new Placing(caller, order.cl_ord_id);
  }

  /** Whether the exchange can be asked for it. */
  get isLookedUp(): boolean {
    return this.#effect === 'order';
  }

  /** How long until an order that is not found certainly never will be. `Infinity` while that is unknown. */
  get certainInMs(): number {
    return Math.max(0, this.#earlierUntilMs - this.#nowMs(), this.#refusedInMs());
  }

  /** Ends, because the retry table bounds how often an absent order is sent again. */
  async run(): Promise<PlacedOrder> {
    const earlier =
      this.#options.mayExist && this.#effect !== 'nothing' ? await this.#findEarlier() : undefined;
    if (earlier !== undefined) return earlier;
    for (let times = 1; ; times += 1) {
      const { error, found, isAbsent } = await this.#sendAndAsk(times);
      const order = found ?? (isAbsent === true ? undefined : await this.#askUntilCertain());
      if (order !== undefined) return order;
      const { action } = decideRetry({ effect: this.#effect, cause: 'order-absent', times });
      if (action !== 'retry') throw this.#absent(error);
    }
  }

  /**
   * Looks for the order that a process sent which is gone. It is certainly absent only when none of the three can
   * let it in any more: its nonce (what has not arrived is below the nonces of these questions), the time that the
   * exchange may be at work on what has arrived (`settlingMs`), and its deadline.
   */
  async #findEarlier(): Promise<PlacedOrder | undefined> {
    if (this.#order.cl_ord_id === undefined) throw new MissingOrderIdError();
    const { limits } = this.#caller;
    const deadlineMs = this.#callersDeadlineInMs() ?? limits.orderDeadlineMs;
    const mayLastMs = Math.min(Math.max(limits.settlingMs, deadlineMs), AHEAD_MS_MAX);
    this.#earlierUntilMs = this.#nowMs() + mayLastMs + 2 * EXCHANGE_SLACK_MS;
    const { found, isAbsent } = await this.#ask(false);
    return found ?? (isAbsent === true ? undefined : this.#askUntilCertain());
  }

  /**
   * Asks in the turn of the order, so that nobody comes between a lost reply and the question what became of it.
   * While the answer is not certain yet, the lane is left to others.
   */
  async #sendAndAsk(times: number): Promise<Answer & { readonly error?: unknown }> {
    let answer: (Answer & { readonly error: unknown }) | undefined;
    const result = await this.#send({
      method: 'AddOrder',
      body: this.#body,
      effect: this.#effect,
      queueTimeoutMs: this.#options.queueTimeoutMs,
      late: (nonce) => this.#late(nonce),
      deadline: this.#deadline,
      waitsForSettling: this.#effect === 'order',
      recover: async (error) => {
        this.#throwUnlessOpen(error, times);
        answer = { error, ...(await this.#ask(true)) };
        this.#throwIfOthersId(error, answer);
      },
    });
    return answer ?? this.#answered(result) ?? this.#ask(false);
  }

  /** Adds the order's id to what the caller is told who cancels when the order may exist. */
  async #send(request: OrderCall): Promise<unknown> {
    try {
      return await this.#call(request);
    } catch (error) {
      const isOpen = error instanceof CallCancelledError && error.outcome === 'unknown';
      throw isOpen && this.#effect === 'order' ? this.#unknown(error) : error;
    }
  }

  #call(request: OrderCall): Promise<unknown> {
    const { signal, timeoutMs } = this.#options;
    return privateCall(this.#caller, { ...request, signal, timeoutMs });
  }

  /** The id is the first attempt's nonce, which no other call ever has; later attempts keep it. */
  #late(nonce: bigint): readonly LateParam[] {
    this.#firstSentMs ??= this.#caller.exchangeClock.now().earliestMs;
    this.#lastSentAtMs = this.#nowMs();
    if (this.#effect === 'order') this.#clOrdId ??= `np${nonce.toString(36)}`;
    this.placing.clOrdId = this.#clOrdId;
    const clOrdId = this.#order.cl_ord_id === undefined ? this.#clOrdId : undefined;
    return clOrdId === undefined ? [] : [['cl_ord_id', clOrdId]];
  }

  /** How far away the caller's deadline is, at most. */
  #callersDeadlineInMs(): number | undefined {
    if (this.#order.deadline === undefined) return undefined;
    const leftMs = Date.parse(this.#order.deadline) - this.#caller.exchangeClock.earliestMs();
    return Number.isNaN(leftMs) ? AHEAD_MS_MAX : leftMs;
  }

  /** The engine takes none that is further ahead than Kraken allows, whatever one that cannot be read says. */
  #callersDeadlineMs(latestSentMs: number): number {
    const callersMs = Date.parse(this.#order.deadline ?? '');
    const latestMs = latestSentMs + AHEAD_MS_MAX;
    return Number.isNaN(callersMs) ? latestMs : Math.min(callersMs, latestMs);
  }

  /** How long until the engine refuses whatever was sent, by the earliest time that its clock can show. */
  #refusedInMs(): number {
    if (this.#lastSentAtMs === undefined) return 0;
    const { earliestMs, latestMs } = this.#caller.exchangeClock.now();
    const latestSentMs = latestMs - (this.#nowMs() - this.#lastSentAtMs);
    const deadlineMs = this.#deadline?.latestMs ?? this.#callersDeadlineMs(latestSentMs);
    return deadlineMs + EXCHANGE_SLACK_MS - earliestMs;
  }

  /**
   * Lets pass only what leaves open whether the order exists. A refusal of an order that is sent again does not
   * speak for the earlier attempt, so it is asked for as well. "cl_ord_id not unique" says that an order with
   * the id lives: this one, when the request was delivered twice and the second delivery is answered.
   */
  #throwUnlessOpen(error: CallError, times: number): void {
    const isOpen = error.outcome === 'unknown' || times > 1 || saysIdInUseOf(error);
    const isCancelled = error instanceof CallCancelledError;
    const { action } = decideRetry({ effect: this.#effect, cause: 'unknown', times: 1 });
    if (action !== 'ask' || isCancelled || !isOpen) throw error;
  }

  /** The id is in use, the caller chose it, and the exchange knows no order of this call: an older order has it. */
  #throwIfOthersId(error: CallError, { found, failure }: Answer): void {
    const isOthers = found === undefined && failure === undefined && this.#order.cl_ord_id !== undefined;
    if (!isOthers || !saysIdInUseOf(error)) return;
    throw new OrderIdInUseError(this.#identity(), { clOrdId: this.#order.cl_ord_id, errors: error.errors });
  }

  /** @returns the order, or `undefined` when it certainly does not exist and never will */
  async #askUntilCertain(): Promise<PlacedOrder | undefined> {
    const giveUpAtMs = this.#nowMs() + this.#options.resolveTimeoutMs;
    for (let round = 1; ; round += 1) {
      await this.#pause(round);
      const { failure, found, isAbsent } = await this.#ask(false);
      if (found !== undefined || isAbsent === true) return found;
      const isTimeUnknown = this.certainInMs === Infinity;
      if ((failure !== undefined || isTimeUnknown) && this.#nowMs() >= giveUpAtMs)
        throw this.#unknown(failure);
      if (isTimeUnknown) await learnExchangeTime(this.#caller, this.#options.signal);
    }
  }

  async #ask(isInLane: boolean): Promise<Answer> {
    const isLastWord = this.certainInMs === 0;
    try {
      const found = await this.#find(isInLane);
      return { found, isAbsent: found === undefined && isLastWord };
    } catch (failure) {
      if (failure instanceof CallCancelledError) throw this.#unknown(failure);
      return { failure };
    }
  }

  async #find(isInLane: boolean): Promise<PlacedOrder | undefined> {
    const found = await lookUpOrder(
      (method) => this.#read(method, isInLane),
      (order) => this.#isOurs(order),
    );
    if (found === undefined) return undefined;
    const { descr } = found.order;
    return {
      txid: [found.txid],
      descr: { order: descr.order, close: descr.close },
      clOrdId: this.#clOrdId,
      known: 'asked',
    };
  }

  #read(method: string, isInLane: boolean): Promise<unknown> {
    const body = prepareBody({ cl_ord_id: this.#clOrdId }, 'form');
    return this.#call({ method, body, effect: 'nothing', isInLane, queueTimeoutMs: Infinity });
  }

  /** An id that the caller chose may have belonged to an order that is closed by now. */
  #isOurs(order: OrderInfo): boolean {
    if (order.cl_ord_id !== this.#clOrdId) return false;
    if (this.#order.cl_ord_id === undefined || this.#options.mayExist) return true;
    return order.opentm * 1000 >= (this.#firstSentMs ?? 0) - EXCHANGE_SLACK_MS;
  }

  /** @returns `undefined` when the answer has no order id although an order was to be placed */
  #answered(result: unknown): Answer | undefined {
    const { descr = { order: '' }, txid } = (result ?? {}) as Partial<PlacedOrder>;
    if (txid === undefined && this.#effect === 'order') return undefined;
    return { found: { txid: txid ?? [], descr, clOrdId: this.#clOrdId, known: 'answered' } };
  }

  /** Not beyond the moment at which the answer becomes certain, nor beyond the caller's patience. */
  #pause(round: number): Promise<void> {
    const backoffMs = Math.min(FIRST_PAUSE_MS * 2 ** (round - 1), PAUSE_MS_MAX);
    const { certainInMs } = this;
    const pauseMs = certainInMs > 0 ? Math.min(backoffMs, certainInMs) : backoffMs;
    return sleep(pauseMs, this.#caller.runtime.timers, this.#options.signal);
  }

  /** The last time round: refused, or lost again. */
  #absent(error: unknown): unknown {
    const isRefused = error instanceof CallError && error.outcome === 'not-executed';
    return isRefused ? error : new OrderAbsentError(this.#identity(), this.#idAnd(error));
  }

  #unknown(cause: unknown): OrderOutcomeUnknownError {
    return new OrderOutcomeUnknownError(this.#identity(), this.#idAnd(cause));
  }

  #idAnd(cause: unknown): { readonly clOrdId: string; readonly cause: unknown } {
    return { clOrdId: this.#clOrdId ?? '', cause };
  }

  #identity(): CallIdentity {
    return { account: this.#caller.account, method: 'AddOrder' };
  }

  #nowMs(): number {
    return this.#caller.runtime.clock.monotonicMs();
  }
}

/** The order that may exist cannot be asked for. */
class MissingOrderIdError extends InvalidParamsError {
  constructor() {
    const whatToDo =
      'Give the id that the order was sent with: one that you chose and kept before it was sent.';
    super('cl_ord_id', 'it is missing, and the order may exist', whatToDo);
  }
}

function effectOf(order: OrderRequest): MethodEffect {
  if (order.validate === true) return 'nothing';
  return order.userref === undefined || order.cl_ord_id !== undefined ? 'order' : 'something';
}

function saysIdInUseOf(error: CallError): error is KrakenApiError {
  return error instanceof KrakenApiError && error.errors.some(saysIdInUse);
}
