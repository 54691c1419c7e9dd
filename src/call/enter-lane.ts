import { AccountQueueFullError, AccountWaitError } from '../account/index.ts';
import type { Place } from '../account/index.ts';
import { CallCancelledError, CallError, CallNotStartedError } from './call-errors.ts';
import type { ClientContext } from './client-context.ts';
import type { Turn, TurnOptions } from '../lane/index.ts';
import { RateBudgetWaitError } from '../account/index.ts';
import type { MethodEffect } from './retry-decision.ts';
import type { TimerHandle } from '../runtime.ts';
import { sleep } from '../sleep.ts';

/** How to wait for the lane. */
export interface LaneWait {
  /** `Balance`, `AddOrder`, … */
  readonly method: string;
  /** What the method changes; decides which calls of the account it waits for. */
  readonly effect: MethodEffect;
  readonly signal?: AbortSignal | undefined;
  /** `Infinity`: no limit. Room in the rate budget and earlier calls of the account are waited for within it. */
  readonly queueTimeoutMs: number;
  /** Part of an operation that is in the lane already. It fails where it would have to wait for time to pass. */
  readonly isInLane?: boolean | undefined;
}

/** A wait for which a call has left the lane; made by {@link LeaveLane}. */
export class LaneBreak {
  readonly delayMs: number;
  /** Ends the wait, and the wait for the next turn; its reason is what {@link enterLane} then throws. */
  readonly signal: AbortSignal;

  constructor(delayMs: number, signal: AbortSignal) {
    this.delayMs = delayMs;
    this.signal = signal;
  }
}

/** Makes what a body returns to leave its turn, and to be called again, in another one, after `delayMs`. */
export type LeaveLane = (delayMs: number, signal: AbortSignal) => LaneBreak;

/** What is done in a turn. Without `leave` it keeps the turn while it waits. */
export type LaneBody<T> = (turn: Turn, leave: LeaveLane | undefined) => Promise<T | LaneBreak>;

/**
 * Runs `body` in a turn of the caller's lane, and again in another turn after each break.
 *
 *     asked ──> queue of the lane ──> in turn ──> ended
 *       │          ^       (place)       │
 *       └──────────┴──── outside <───────┘ no room in the budget, an earlier call of the account waits, a break
 *
 * Outside, a call keeps its place, in the lane and among the calls of its account ({@link AccountOrder}), and the
 * lane is free for others. Inside a turn that the program took itself the call keeps that turn while it waits:
 * what is exclusive must stay so, and a wait for calls that wait for that turn would never end.
 * @throws {CallCancelledError} when `signal` came before the first turn began
 * @throws {CallNotStartedError} when the first turn did not begin for any other reason
 * @throws what `body` throws, a break's reason to end, and what keeps the coordinator from giving a further turn
 */
export function enterLane<T>(caller: ClientContext, wait: LaneWait, body: LaneBody<T>): Promise<T> {
  return new LaneEntry(caller, wait, body).run();
}

class LaneEntry<T> {
  readonly #caller: ClientContext;
  readonly #wait: LaneWait;
  readonly #body: LaneBody<T>;
  /** `undefined`: it runs inside a turn, or the coordinator has no places. */
  readonly #place: Place | undefined;
  readonly #leave: LeaveLane | undefined;
  /** On the monotonic clock: when the wait for the first turn is given up. */
  readonly #giveUpAtMs: number;
  /** The body was called: the limits of the queue do not count any more. */
  #hasBegun = false;
  /** The last one that the body asked for. */
  #break: LaneBreak | undefined;
  #queuePatience: AbortController | undefined;
  #stopListening: (() => void) | undefined;

  constructor(caller: ClientContext, wait: LaneWait, body: LaneBody<T>) {
    this.#caller = caller;
    this.#wait = wait;
    this.#body = body;
    this.#giveUpAtMs = this.#nowMs() + wait.queueTimeoutMs;
    const number = caller.coordinator.takePlace?.(caller.laneKey);
    if (number === undefined) return;
    const place = { number, onlyReads: wait.effect === 'nothing' };
    this.#place = place;
    this.#leave = (delayMs, signal) => {
      caller.keyState.order.join(place);
      return new LaneBreak(delayMs, signal);
    };
  }

  async run(): Promise<T> {
    try {
      this.#wait.signal?.throwIfAborted();
      if (this.#mustWait()) await this.#waitOutside(this.#stepOut());
      for (;;) {
        const outcome = await this.#enter();
        if (!(outcome instanceof LaneBreak)) return outcome;
        if (this.#hasBegun) this.#break = outcome;
        await this.#waitOutside(outcome);
      }
    } catch (error) {
      throw this.#hasBegun ? error : this.#notBegun(error);
    } finally {
      this.#stopListening?.();
      if (this.#place !== undefined) this.#caller.keyState.order.leave(this.#place);
    }
  }

  async #enter(): Promise<T | LaneBreak> {
    const signal = this.#hasBegun ? this.#break?.signal : this.#wait.signal;
    let isInside = false;
    try {
      return await this.#caller.coordinator.turn(
        this.#caller.laneKey,
        (turn) => {
          isInside = true;
          return this.#inTurn(turn);
        },
        this.#turnOptions(signal),
      );
    } catch (error) {
      throw !isInside && this.#hasBegun && signal?.aborted === true ? signal.reason : error;
    }
  }

  #inTurn(turn: Turn): Promise<T | LaneBreak> {
    if (this.#mustWait()) return Promise.resolve(this.#stepOut());
    this.#hasBegun = true;
    this.#stopListening?.();
    return this.#body(turn, this.#leave);
  }

  #turnOptions(signal: AbortSignal | undefined): TurnOptions {
    const { account } = this.#caller;
    const label = `${account} ${this.#wait.method}`;
    const isLimited = !this.#hasBegun && this.#giveUpAtMs !== Infinity;
    const waitTimeoutMs = isLimited ? Math.max(0, this.#giveUpAtMs - this.#nowMs()) : undefined;
    return { signal, waitTimeoutMs, label, place: this.#place?.number };
  }

  /** Whether it may not be sent now, but later; never so inside a turn. */
  #mustWait(): boolean {
    if (this.#place === undefined) return false;
    return this.#caller.keyState.order.blocks(this.#place) || this.#msUntilRoom() > 0;
  }

  #msUntilRoom(): number {
    return this.#caller.keyState.budget?.msUntilRoom(this.#wait.method) ?? 0;
  }

  /**
   * Joins those of the account that wait, unless it is one of them.
   * @throws {AccountQueueFullError}
   */
  #stepOut(): LaneBreak {
    if (this.#break !== undefined) return new LaneBreak(0, this.#break.signal);
    const { keyState, limits } = this.#caller;
    const isFull = keyState.order.length >= limits.accountQueueLengthMax;
    if (isFull && this.#queuePatience === undefined) {
      throw new AccountQueueFullError(limits.accountQueueLengthMax);
    }
    if (this.#place !== undefined) keyState.order.join(this.#place);
    return new LaneBreak(0, this.#patienceOfQueue());
  }

  /** @throws the signal's reason when it aborts */
  async #waitOutside({ delayMs, signal }: LaneBreak): Promise<void> {
    const { keyState, runtime } = this.#caller;
    for (let waitMs = delayMs; ; waitMs = this.#msUntilRoom()) {
      if (waitMs > 0) await sleep(waitMs, runtime.timers, signal);
      if (this.#place !== undefined) await keyState.order.wait(this.#place, signal);
      signal.throwIfAborted();
      if (this.#msUntilRoom() === 0) return;
    }
  }

  /** Aborts when the caller gives the wait for the first turn up, or at the time limit of the queue. */
  #patienceOfQueue(): AbortSignal {
    if (this.#queuePatience !== undefined) return this.#queuePatience.signal;
    const patience = (this.#queuePatience = new AbortController());
    const { timers } = this.#caller.runtime;
    const { signal } = this.#wait;
    const onAbort = (): void => patience.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    let timer: TimerHandle;
    if (this.#giveUpAtMs !== Infinity) {
      const leftMs = Math.max(0, this.#giveUpAtMs - this.#nowMs());
      timer = timers.setTimeout(() => patience.abort(this.#whatWasWaitedFor()), leftMs);
    }
    this.#stopListening = () => {
      signal?.removeEventListener('abort', onAbort);
      if (timer !== undefined) timers.clearTimeout(timer);
    };
    return patience.signal;
  }

  #whatWasWaitedFor(): Error {
    const { order } = this.#caller.keyState;
    const isBlocked = this.#place !== undefined && order.blocks(this.#place);
    return isBlocked ? new AccountWaitError() : new RateBudgetWaitError(this.#wait.method);
  }

  #notBegun(error: unknown): CallError {
    const { account } = this.#caller;
    const { method, signal } = this.#wait;
    if (!signal?.aborted) return new CallNotStartedError({ account, method }, error);
    return new CallCancelledError({ account, method, outcome: 'not-executed' }, signal.reason);
  }

  #nowMs(): number {
    return this.#caller.runtime.clock.monotonicMs();
  }
}
