import {
  CallCancelledError,
  CallError,
  CallNotSentError,
  CallNotStartedError,
  CallTimeoutError,
  KeyRestingError,
  ReplyLostError,
} from './call-errors.ts';
import type { CallIdentity, CallOutcome } from './call-errors.ts';
import { observeCall } from './call-events.ts';
import type { CallStep } from './call-events.ts';
import type { Caller } from './caller.ts';
import type { Turn } from './coordinator.ts';
import { readFailure } from './failure-cause.ts';
import type { ReadFailure } from './failure-cause.ts';
import { Flight } from './flight.ts';
import type { Reservation } from './rate-budget.ts';
import { decodeReply } from './reply.ts';
import type { LateParam, PreparedBody } from './request-body.ts';
import { decideRetry } from './retry-decision.ts';
import type { Decision, FailureCause, MethodEffect } from './retry-decision.ts';
import { signRequest } from './signature.ts';
import { sleep } from './sleep.ts';
import { TransportError } from './transport.ts';
import type { HttpReply, HttpRequest } from './transport.ts';
import { USER_AGENT } from './user-agent.ts';

/** One private call. */
export interface PrivateRequest {
  readonly method: string;
  readonly body: PreparedBody;
  /** What it changes, for the retry table. */
  readonly effect: MethodEffect;
  /** How long the caller waits once its turn has come, retries included. `Infinity`: no limit. */
  readonly timeoutMs: number;
  /** How long the caller waits for its turn. `Infinity`: no limit. */
  readonly queueTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Parameters that are only known at the moment of sending; asked for once an attempt. */
  readonly late?: ((nonce: bigint) => readonly LateParam[]) | undefined;
  /** The time limit starts the settling time, but the caller is told only after it: a late reply still counts. */
  readonly waitsForSettling?: boolean | undefined;
}

/**
 * How far ahead of the wall clock `EAPI:Invalid nonce` may push the nonce: enough for a clock that was set right
 * by a time server, little enough that a process which restarts seconds later is above it again.
 */
const FLOOR_AHEAD_NS = 5_000_000_000n;

/**
 * Makes one private call: takes a turn, draws a nonce in it, signs, sends, reads the reply to its end, and does
 * so again where the retry table says so. Every private call of this package comes through here, and nothing
 * else sends one.
 *
 * The caller may leave early (time limit, `signal`); the lane does not. It stays taken until the reply has
 * come, until it is certain that nothing was delivered, or until the settling time has passed.
 * @returns Kraken's `result`
 * @throws {CallError} a subclass that says what is known of the effect
 */
export function privateCall(caller: Caller, request: PrivateRequest): Promise<unknown> {
  return new PrivateCall(caller, request).run();
}

/**
 *     queued ──> in turn ──> ready ──> in flight ──> done
 *                              ^           │
 *                              └── retry ──┴──> lane held ──> done
 */
class PrivateCall {
  readonly #caller: Caller;
  readonly #request: PrivateRequest;
  readonly #announce: ((step: CallStep) => void) | undefined;
  readonly #askedAtMs: number;
  #turnAtMs = 0;
  #hasBegun = false;
  /** An attempt is on its way, or ended without an answer. */
  #mayHaveActed = false;
  /** Why the caller left before the end. Set once, never taken back. */
  #departure: CallError | undefined;
  /** Rejects the caller's promise; without effect when that is settled. */
  #tell: (error: CallError) => void = () => undefined;
  /** Ends the wait between two attempts when the caller leaves. */
  #patience: AbortController | undefined;
  /** Set while an attempt may be in service. */
  #flight: Flight | undefined;
  #reservation: Reservation | undefined;
  #timesFailed: Map<FailureCause, number> | undefined;

  constructor(caller: Caller, request: PrivateRequest) {
    this.#caller = caller;
    this.#request = request;
    this.#askedAtMs = this.#nowMs();
    this.#announce = observeCall(caller, request.method);
  }

  run(): Promise<unknown> {
    this.#caller.activity.begin();
    this.#announce?.({ type: 'queued' });
    return new Promise((resolve, reject) => {
      this.#tell = reject;
      this.#takeTurn().then(
        (result) => {
          this.#leaveLane(undefined);
          resolve(result);
        },
        (thrown: unknown) => {
          const error = this.#asCallError(thrown);
          this.#leaveLane(error);
          reject(error);
        },
      );
    });
  }

  async #takeTurn(): Promise<unknown> {
    const { account, coordinator, laneKey } = this.#caller;
    const { method, queueTimeoutMs, signal } = this.#request;
    if (signal?.aborted) throw this.#cancelled();
    if (this.#caller.keyState.budget !== undefined) await this.#reserve();
    const waitedMs = this.#nowMs() - this.#askedAtMs;
    const waitTimeoutMs = queueTimeoutMs === Infinity ? undefined : Math.max(0, queueTimeoutMs - waitedMs);
    const options = { signal, waitTimeoutMs, label: `${account} ${method}` };
    return coordinator.turn(laneKey, (turn) => this.#inTurn(turn), options);
  }

  async #reserve(): Promise<void> {
    const { method, queueTimeoutMs, signal } = this.#request;
    this.#reservation = await this.#caller.keyState.budget?.reserve(method, {
      signal,
      waitTimeoutMs: queueTimeoutMs,
    });
  }

  async #inTurn(turn: Turn): Promise<unknown> {
    this.#hasBegun = true;
    this.#turnAtMs = this.#nowMs();
    this.#announce?.({ type: 'turn', waitedMs: this.#turnAtMs - this.#askedAtMs });
    const stopWatching = this.#watchCaller();
    try {
      return await this.#attemptUntilDecided(turn);
    } finally {
      stopWatching();
    }
  }

  /** Ends, because every row of the retry table bounds its own retries. */
  async #attemptUntilDecided(turn: Turn): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      const request = await this.#makeReady(turn, attempt);
      try {
        return await this.#fly(request, attempt);
      } catch (error) {
        await this.#retryOrThrow(turn, { error, attempt });
      }
    }
  }

  /** @throws {CallError} when the caller has left, or the key may not be used now */
  async #makeReady(turn: Turn, attempt: number): Promise<HttpRequest> {
    const restMs = this.#caller.keyState.restMs(this.#nowMs());
    if (restMs > 0) throw new KeyRestingError(this.#identity(), restMs);
    const drawn = turn.drawNonce();
    const nonce = typeof drawn === 'bigint' ? drawn : await drawn;
    if (this.#departure !== undefined) throw this.#departure;
    this.#announce?.({ type: 'nonce', attempt, nonce });
    return this.#sign(nonce);
  }

  #sign(nonce: bigint): HttpRequest {
    const { apiKey, apiSecret } = this.#caller;
    const path = `/0/private/${this.#request.method}`;
    const { contentType, withNonce } = this.#request.body;
    const body = withNonce(nonce, this.#request.late?.(nonce));
    const headers = {
      'api-key': apiKey,
      'api-sign': signRequest({ path, nonce, body, apiSecret }),
      'content-type': contentType,
      'user-agent': USER_AGENT,
    };
    return { method: 'POST', path, headers, body };
  }

  async #fly(request: HttpRequest, attempt: number): Promise<unknown> {
    const { keyState, limits, runtime, transport } = this.#caller;
    this.#flight = new Flight({ transport, runtime, settlingMs: limits.settlingMs });
    this.#mayHaveActed = true;
    this.#spendBudget(attempt);
    this.#announce?.({ type: 'sent', attempt });
    const sentAtMs = this.#nowMs();
    const reply = await this.#reply(this.#flight, request);
    this.#announce?.({ type: 'replied', attempt, status: reply.status, afterMs: this.#nowMs() - sentAtMs });
    if (reply.status === 200) this.#caller.exchangeClock.observe(reply.headers['date']);
    const { result, warnings } = decodeReply(reply, this.#identity());
    this.#land();
    keyState.accepted();
    if (warnings.length > 0) this.#announce?.({ type: 'warned', warnings });
    return result;
  }

  async #reply(flight: Flight, request: HttpRequest): Promise<HttpReply> {
    try {
      return await flight.send(request);
    } catch (cause) {
      const isNotSent = cause instanceof TransportError && cause.delivery === 'not-sent';
      throw isNotSent
        ? new CallNotSentError(this.#identity(), cause)
        : new ReplyLostError(this.#identity(), cause);
    }
  }

  async #retryOrThrow(
    turn: Turn,
    failed: { readonly error: unknown; readonly attempt: number },
  ): Promise<void> {
    const { attempt, error } = failed;
    const failure = readFailure(error, this.#caller.exchangeClock.nowMs());
    const decision = this.#decide(failure);
    this.#noteKey(failure);
    if (failure.mayBeInService) await this.#holdLane(this.#asCallError(error), decision);
    this.#land();
    this.#mayHaveActed = this.#asCallError(error).outcome === 'unknown';
    if (decision.action !== 'retry' || this.#departure !== undefined) throw error;
    this.#announce?.({ type: 'retried', attempt, cause: failure.cause, delayMs: decision.delayMs });
    const { clock, timers } = this.#caller.runtime;
    if (decision.raiseFloor) await turn.raiseFloor(clock.wallNs() + FLOOR_AHEAD_NS);
    if (decision.delayMs === 0) return;
    this.#patience = new AbortController();
    await sleep(decision.delayMs, timers, this.#patience.signal);
  }

  /** What the table says, unless the caller will have left before a retry. */
  #decide(failure: ReadFailure): Decision {
    this.#timesFailed ??= new Map();
    const times = (this.#timesFailed.get(failure.cause) ?? 0) + 1;
    this.#timesFailed.set(failure.cause, times);
    const { cause, toldToWaitMs } = failure;
    const decision = decideRetry({ effect: this.#request.effect, cause, times, toldToWaitMs });
    if (decision.action !== 'retry') return decision;
    const waitMs = decision.delayMs + (failure.mayBeInService ? this.#caller.limits.settlingMs : 0);
    const patienceMs = this.#turnAtMs + this.#request.timeoutMs - this.#nowMs();
    return waitMs < patienceMs ? decision : { action: 'give-up' };
  }

  #noteKey(failure: ReadFailure): void {
    const { keyState, limits } = this.#caller;
    if (failure.cause === 'locked-out') keyState.rest(this.#nowMs(), limits.lockoutMs);
    else if (failure.refusesKey) keyState.refused(this.#nowMs(), limits.lockoutMs);
    else if (failure.cause === 'refused') keyState.accepted();
    if (failure.cause === 'rate-limited') keyState.budget?.exhaust(this.#request.method);
  }

  /** Tells the caller what there is to tell, and stays until the exchange cannot be at work on the call. */
  async #holdLane(error: CallError, decision: Decision): Promise<void> {
    const mayTell = decision.action !== 'retry' && this.#request.waitsForSettling !== true;
    if (mayTell && this.#departure === undefined) {
      this.#tell(error);
      this.#announceHeld(error);
    }
    await this.#flight?.loseSight();
  }

  /** The exchange is done with the attempt. */
  #land(): void {
    this.#flight?.land();
    this.#flight = undefined;
  }

  /** Listens for the caller's departure; returns what ends it. */
  #watchCaller(): () => void {
    const { timers } = this.#caller.runtime;
    const { signal, timeoutMs } = this.#request;
    const onAbort = (): void => this.#depart(this.#cancelled(), true);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    const onTimeout = (): void => this.#depart(this.#timedOut(), this.#request.waitsForSettling !== true);
    const timer = timeoutMs === Infinity ? undefined : timers.setTimeout(onTimeout, timeoutMs);
    return () => {
      signal?.removeEventListener('abort', onAbort);
      if (timer !== undefined) timers.clearTimeout(timer);
    };
  }

  #depart(error: CallError, mayTell: boolean): void {
    this.#departure ??= error;
    if (mayTell) this.#tell(error);
    if (mayTell && this.#flight !== undefined) this.#announceHeld(error);
    void this.#flight?.loseSight();
    this.#patience?.abort();
  }

  /** The first attempt's part of the budget was put aside; a retry has none. */
  #spendBudget(attempt: number): void {
    if (attempt === 1) this.#reservation?.spend();
    else this.#caller.keyState.budget?.charge(this.#request.method);
  }

  #leaveLane(error: CallError | undefined): void {
    this.#reservation?.release();
    this.#announce?.({ type: 'settled', errorCode: error?.code, afterMs: this.#nowMs() - this.#askedAtMs });
    this.#caller.activity.end();
  }

  #announceHeld(error: CallError): void {
    const { settlingMs } = this.#caller.limits;
    this.#announce?.({ type: 'lane-held', settlingMs, errorCode: error.code });
  }

  #asCallError(error: unknown): CallError {
    if (error instanceof CallError) return error;
    if (this.#hasBegun) {
      return this.#mayHaveActed
        ? new ReplyLostError(this.#identity(), error)
        : new CallNotSentError(this.#identity(), error);
    }
    return this.#request.signal?.aborted
      ? this.#cancelled()
      : new CallNotStartedError(this.#identity(), error);
  }

  #cancelled(): CallCancelledError {
    return new CallCancelledError(this.#facts(), this.#request.signal?.reason);
  }

  #timedOut(): CallTimeoutError {
    return new CallTimeoutError(this.#facts(), this.#request.timeoutMs);
  }

  #facts(): CallIdentity & { readonly outcome: CallOutcome } {
    return { ...this.#identity(), outcome: this.#mayHaveActed ? 'unknown' : 'not-executed' };
  }

  #identity(): CallIdentity {
    return { account: this.#caller.account, method: this.#request.method };
  }

  #nowMs(): number {
    return this.#caller.runtime.clock.monotonicMs();
  }
}
