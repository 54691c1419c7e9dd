import { CallCancelledError, CallError, CallNotStartedError, saysUnknownOrder } from '../call/index.ts';
import type { CallIdentity } from '../account/index.ts';
import type { ClientContext } from '../call/index.ts';
import { NonceproofError } from '../errors.ts';
import { CancelIncompleteError } from './order-errors.ts';
import { type Placing, placingsOf } from './placings.ts';
import { privateCall } from '../call/index.ts';
import type { PrivateRequest } from '../call/index.ts';
import { prepareBody } from '../call/index.ts';
import type { CallParams } from '../call/index.ts';

/** Which orders a call is about: those with these ids, or all of the account. */
type Aim = ReadonlySet<unknown> | 'all';

/**
 * The methods that can name an order whose placing is in doubt, which has no order id yet (Kraken docs, trading
 * endpoints). CancelAllOrdersAfter is not among them: it is wound again and again, and must never wait.
 */
const AIMS: ReadonlyMap<string, (params: CallParams) => Aim> = new Map<string, (params: CallParams) => Aim>([
  ['AmendOrder', (params) => new Set([params['cl_ord_id']])],
  ['CancelOrder', (params) => new Set([params['cl_ord_id']])],
  ['CancelOrderBatch', (params) => new Set([params['cl_ord_ids']].flat())],
  ['CancelAll', () => 'all'],
]);

/** Returns the placings in doubt, asked for before, whose orders a call is about. */
export function placingsMeant(caller: ClientContext, method: string, params: CallParams): readonly Placing[] {
  const aim = AIMS.get(method)?.(params);
  if (aim === undefined) return [];
  return placingsOf(caller.keyState)
    .inDoubt()
    .filter(({ clOrdId }) => aim === 'all' || (clOrdId !== undefined && aim.has(clOrdId)));
}

/**
 * Makes a call about orders some of which may exist or not, or not yet, by the client's own doing. It is sent in
 * its turn, and so before everything that is asked for later. What it then did not find is waited for until its
 * placing is decided, outside the lane, and the call is made for it again.
 * @throws {CancelIncompleteError} when only a part of the orders could be cancelled
 */
export function callInDoubt(
  caller: ClientContext,
  request: PrivateRequest,
  placings: readonly Placing[],
): Promise<unknown> {
  return new CallInDoubt(caller, request, placings).run();
}

class CallInDoubt {
  readonly #caller: ClientContext;
  readonly #request: PrivateRequest;
  readonly #placings: readonly Placing[];

  constructor(caller: ClientContext, request: PrivateRequest, placings: readonly Placing[]) {
    this.#caller = caller;
    this.#request = request;
    this.#placings = placings;
  }

  run(): Promise<unknown> {
    const { method } = this.#request;
    return method === 'CancelAll' || method === 'CancelOrderBatch' ? this.#cancelSet() : this.#callForOne();
  }

  /** One order: either it was there, or all of the call is done again when it is. */
  async #callForOne(): Promise<unknown> {
    try {
      return await privateCall(this.#caller, this.#request);
    } catch (error) {
      // A placing that has been decided by now was decided before the call was sent: they share the lane.
      const inDoubt = this.#inDoubt();
      if (!isUnknownOrder(error) || inDoubt.length === 0) throw error;
      await this.#untilCertain(inDoubt);
      if (inDoubt.every(({ state }) => state === 'absent')) throw error;
    }
    return privateCall(this.#caller, this.#request);
  }

  /** Several orders: what was there is cancelled, the rest one by one as it comes into being. */
  async #cancelSet(): Promise<unknown> {
    const first = await privateCall(this.#caller, this.#request).catch((error: unknown) => {
      if (isUnknownOrder(error) && this.#inDoubt().length > 0) return {};
      throw error;
    });
    let count = countOf(first);
    for (const placing of this.#inDoubt()) count += await this.#cancelWhenCertain(placing);
    return { ...(first as object), count };
  }

  async #cancelWhenCertain(placing: Placing): Promise<number> {
    try {
      await this.#untilCertain([placing]);
      if (placing.state === 'absent') return 0;
      const body = prepareBody({ cl_ord_id: placing.clOrdId }, 'form');
      const { queueTimeoutMs, signal, timeoutMs } = this.#request;
      const cancel: PrivateRequest = {
        method: 'CancelOrder',
        effect: 'cancel',
        body,
        queueTimeoutMs,
        signal,
        timeoutMs,
      };
      return countOf(await privateCall(this.#caller, cancel));
    } catch (cause) {
      if (isUnknownOrder(cause)) return 0;
      throw new CancelIncompleteError(this.#identity(), { clOrdId: placing.clOrdId, cause });
    }
  }

  #inDoubt(): readonly Placing[] {
    return this.#placings.filter(({ isInDoubt }) => isInDoubt);
  }

  /**
   * Outside the lane, and no longer than the caller waits for a turn.
   * @throws {CallError} when the caller leaves, or the wait would never end; the call was not executed
   */
  async #untilCertain(placings: readonly Placing[]): Promise<void> {
    const blocked = placings.find(({ isBlockedHere }) => isBlockedHere);
    if (blocked !== undefined) throw this.#notStarted(new PlacingBlockedError(blocked.clOrdId));
    const { queueTimeoutMs, signal } = this.#request;
    const { timers } = this.#caller.runtime;
    const patience = new AbortController();
    const leave = (): void => patience.abort();
    const timer = queueTimeoutMs === Infinity ? undefined : timers.setTimeout(leave, queueTimeoutMs);
    signal?.addEventListener('abort', leave, { once: true });
    if (signal?.aborted) leave();
    await Promise.all(placings.map((placing) => placing.whenCertain(patience.signal)));
    signal?.removeEventListener('abort', leave);
    if (timer !== undefined) timers.clearTimeout(timer);
    if (signal?.aborted)
      throw new CallCancelledError({ ...this.#identity(), outcome: 'not-executed' }, signal.reason);
    if (patience.signal.aborted) throw this.#notStarted(new PlacingWaitError(queueTimeoutMs));
  }

  #notStarted(cause: NonceproofError): CallNotStartedError {
    return new CallNotStartedError(this.#identity(), cause);
  }

  #identity(): CallIdentity {
    return { account: this.#caller.account, method: this.#request.method };
  }
}

/** The call names an order whose placing needs the lane, and runs in a turn that holds it. */
export class PlacingBlockedError extends NonceproofError {
  constructor(clOrdId: string | undefined) {
    super(
      'placing_blocked',
      `Failed to wait for the order ${clOrdId ?? 'that is being placed'}: its placing is in doubt and needs the lane, which the turn around this call holds. Make the call outside that turn, or place the order inside it.`,
    );
  }
}

/** The placing that a call waited for was not decided in time. */
export class PlacingWaitError extends NonceproofError {
  readonly waitTimeoutMs: number;

  constructor(waitTimeoutMs: number) {
    super(
      'placing_wait_timed_out',
      `Failed to wait for an order whose placing is in doubt: it was not decided within ${waitTimeoutMs} ms. Wait longer, or make the call when placeOrder has settled.`,
    );
    this.waitTimeoutMs = waitTimeoutMs;
  }
}

function isUnknownOrder(error: unknown): boolean {
  return error instanceof CallError && saysUnknownOrder(error);
}

function countOf(result: unknown): number {
  const { count } = (result ?? {}) as { readonly count?: unknown };
  return typeof count === 'number' ? count : 0;
}
