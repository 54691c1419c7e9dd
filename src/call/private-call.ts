import {
  CallCancelledError,
  CallError,
  CallNotSentError,
  CallNotStartedError,
  CallTimeoutError,
  KeyRestingError,
  ReplyLostError,
  saysUnknownOrder,
} from './call-errors.ts';
import type { CallOutcome } from './call-errors.ts';
import type { CallIdentity } from '../account/index.ts';
import { observeCall } from './call-events.ts';
import type { CallStep } from './call-events.ts';
import type { ClientContext } from './client-context.ts';
import type { Turn } from '../lane/index.ts';
import { enterLane } from './enter-lane.ts';
import type { LaneWait, LeaveLane } from './enter-lane.ts';
import { readFailure } from './failure-cause.ts';
import type { ReadFailure } from './failure-cause.ts';
import { InFlightRequest } from './in-flight-request.ts';
import { createRedact, redactError } from './redaction.ts';
import type { Redact } from './redaction.ts';
import { RateBudgetWaitError } from '../account/index.ts';
import { parseKrakenError } from './kraken-error.ts';
import type { KrakenErrorInfo } from './kraken-error.ts';
import { learnExchangeTime } from './exchange-time.ts';
import type { OwnDeadline } from './order-deadline.ts';
import { readReply } from './read-reply.ts';
import type { HostMoment } from './exchange-clock.ts';
import type { LateParam, PreparedBody } from './request-body.ts';
import { decideRetry } from './retry-decision.ts';
import type { Decision, FailureCause } from './retry-decision.ts';
import { signRequest } from './signature.ts';
import { sleep } from '../sleep.ts';
import { TransportError } from './transport.ts';
import type { HttpReply, HttpRequest } from './transport.ts';
import { USER_AGENT } from './user-agent.ts';

/** One private call. */
export interface PrivateRequest extends LaneWait {
  readonly body: PreparedBody;
  /** How long the caller waits once its first turn has come, retries and breaks included. `Infinity`: no limit. */
  readonly timeoutMs: number;
  /** Parameters that are only known at the moment of sending; asked for once an attempt. */
  readonly late?: ((nonce: bigint) => readonly LateParam[]) | undefined;
  /** Gives each attempt a deadline of the client's, and one more attempt when that is refused. */
  readonly deadline?: OwnDeadline | undefined;
  /** The time limit starts the settling time, but the caller is told only after it: a late reply still counts. */
  readonly waitsForSettling?: boolean | undefined;
  /**
   * Called in the call's turn, which is not in service any more, when the call has failed. It may make calls; the
   * call then ends as it does.
   */
  readonly recover?: ((error: CallError) => Promise<void>) | undefined;
}

/**
 * How far ahead of the wall clock `EAPI:Invalid nonce` may push the nonce: enough for a clock that was set right
 * by a time server, little enough that a process which restarts seconds later is above it again.
 */
const FLOOR_AHEAD_NS = 5_000_000_000n;

/** A one-time code has 6 digits; what is shorter than this would be found in innocent text. */
const OTP_LENGTH_MIN = 4;

/** Causes that say there is no room for the call. */
const LIMITS: ReadonlySet<FailureCause> = new Set(['rate-limited', 'throttled']);

/** The result of a cancel that found nothing to cancel because an earlier attempt of it may have done so. */
const NOTHING_LEFT = Object.freeze({ count: 0 });

/**
 * Makes one private call: takes a turn, draws a nonce in it, signs, sends, reads the reply to its end, and does
 * so again where the retry table says so. Every private call of this package comes through here, and nothing
 * else sends one.
 *
 * Where it has to wait before it is sent again, it leaves the lane and comes back to its place; see `enterLane`.
 *
 * The caller may leave early (time limit, `signal`); the lane does not. It stays taken until the reply has
 * come, until it is certain that nothing was delivered, or until the settling time has passed.
 * @returns Kraken's `result`
 * @throws {CallError} a subclass that says what is known of the effect
 */
export function privateCall(caller: ClientContext, request: PrivateRequest): Promise<unknown> {
  return new PrivateCall(caller, request).run();
}

/**
 *     queued ──> in turn ──> ready ──> in flight ──> done
 *                  ^           ^           │
 *                  │           └── retry ──┼──> lane held ──> done
 *                  └── outside the lane <──┘
 */
class PrivateCall {
  readonly #caller: ClientContext;
  readonly #request: PrivateRequest;
  readonly #announce: ((step: CallStep) => void) | undefined;
  readonly #askedAtMs: number;
  /** When its first turn began. */
  #turnAtMs = 0;
  #attempt = 0;
  /** An attempt is on its way, or ended without an answer. */
  #mayHaveActed = false;
  /** How the last attempt failed that may have changed something. Never set for a read. */
  #leftOpen: CallError | undefined;
  /** Why the caller left before the end. Set once, never taken back. */
  #departure: CallError | undefined;
  /** The caller was told of the failure, and the call goes on without it. */
  #isTold = false;
  #reject: ((error: CallError) => void) | undefined;
  /** Set once the first turn has begun: ends the listening for the caller's departure. */
  #stopWatching: (() => void) | undefined;
  /** Ends the wait before an attempt when the caller leaves. */
  #patience: AbortController | undefined;
  /** Of the last attempt. */
  #signature = '';
  /** Of the last attempt. */
  #otp: string | undefined;
  /** Set while an attempt may be in service. */
  #flight: InFlightRequest | undefined;
  #timesFailed: Map<FailureCause, number> | undefined;

  constructor(caller: ClientContext, request: PrivateRequest) {
    this.#caller = caller;
    this.#request = request;
    this.#askedAtMs = this.#nowMs();
    this.#announce = observeCall(caller, request.method);
  }

  run(): Promise<unknown> {
    this.#caller.activity.begin();
    this.#announce?.({ type: 'queued' });
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      enterLane(this.#caller, this.#request, (turn, leave) => this.#inTurn(turn, leave)).then(
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

  #inTurn(turn: Turn, leave: LeaveLane | undefined): Promise<unknown> {
    if (this.#stopWatching === undefined) this.#begin();
    const { effect, recover } = this.#request;
    const decided = this.#attemptUntilDecided(turn, leave);
    if (effect === 'cancel') return decided.catch((error: unknown) => this.#concludeCancel(error));
    if (recover === undefined) return decided;
    return decided.catch((error: unknown) => recover(this.#asCallError(error)));
  }

  #begin(): void {
    this.#turnAtMs = this.#nowMs();
    this.#announce?.({ type: 'turn', waitedMs: this.#turnAtMs - this.#askedAtMs });
    this.#stopWatching = this.#watchCaller();
  }

  /** @returns Kraken's `result`, or the break after which to go on in another turn */
  async #attemptUntilDecided(turn: Turn, leave: LeaveLane | undefined): Promise<unknown> {
    for (;;) {
      const attempt = (this.#attempt += 1);
      const ready = this.#makeReady(turn, attempt);
      const request = ready instanceof Promise ? await ready : ready;
      // Whoever leaves is told that nothing was sent, so nothing may be: a listener can leave while it is signed.
      if (this.#departure !== undefined) throw this.#departure;
      const sentAt = this.#caller.exchangeClock.moment();
      try {
        const reply = await this.#send(request, attempt);
        return this.#read(reply, { attempt, sentAt });
      } catch (error) {
        const { cause, delayMs } = await this.#retryOrThrow(turn, {
          error: this.#asCallError(error),
          attempt,
        });
        // A refused connection is refused to all accounts: in the lane, one call after the other tries it.
        const mayLeave = leave !== undefined && cause !== 'not-sent';
        if (delayMs > 0 && mayLeave) return leave(delayMs, this.#untilDeparture());
        if (delayMs > 0) await this.#pause(delayMs);
      }
    }
  }

  /** A refusal of a repeated cancel does not speak for the earlier attempt, which may have been executed. */
  #concludeCancel(thrown: unknown): unknown {
    const error = this.#asCallError(thrown);
    if (this.#leftOpen === undefined || error.outcome === 'unknown') throw error;
    if (saysUnknownOrder(error)) return NOTHING_LEFT;
    throw this.#leftOpen;
  }

  /**
   * Not asynchronous unless something has to be waited for: this is done once a call, and each promise costs.
   * @throws {CallError} when the caller has left, or the key may not be used now
   */
  #makeReady(turn: Turn, attempt: number): HttpRequest | Promise<HttpRequest> {
    const { deadline, isInLane, method } = this.#request;
    const noRoomMs = this.#caller.keyState.budget?.msUntilRoom(method) ?? 0;
    if (noRoomMs > 0 && isInLane === true)
      throw new CallNotStartedError(this.#identity(), new RateBudgetWaitError(method));
    if (noRoomMs > 0) return this.#pause(noRoomMs).then(() => this.#drawAndSign(turn, attempt));
    const mustLearnTime = deadline !== undefined && !this.#caller.exchangeClock.isWellKnown;
    if (mustLearnTime) return this.#learnTime().then(() => this.#drawAndSign(turn, attempt));
    return this.#drawAndSign(turn, attempt);
  }

  #drawAndSign(turn: Turn, attempt: number): HttpRequest | Promise<HttpRequest> {
    const { otp } = this.#caller;
    if (typeof otp !== 'function') return this.#drawAndSignWith(otp, turn, attempt);
    return Promise.resolve(otp(this.#identity())).then((text) => this.#drawAndSignWith(text, turn, attempt));
  }

  #drawAndSignWith(otp: string | undefined, turn: Turn, attempt: number): HttpRequest | Promise<HttpRequest> {
    this.#otp = otp;
    if (this.#departure !== undefined) throw this.#departure;
    const restMs = this.#caller.keyState.cooldownMs(this.#nowMs());
    if (restMs > 0) throw new KeyRestingError(this.#identity(), restMs);
    const drawn = turn.drawNonce();
    if (typeof drawn === 'bigint') return this.#signIn(turn, { attempt, nonce: drawn });
    return Promise.resolve(drawn).then((nonce) => this.#signIn(turn, { attempt, nonce }));
  }

  #signIn(turn: Turn, drawn: { readonly attempt: number; readonly nonce: bigint }): HttpRequest {
    if (this.#departure !== undefined) throw this.#departure;
    this.#announce?.({ type: 'nonce', ...drawn });
    const request = this.#sign(drawn.nonce);
    return turn.shouldSend === undefined
      ? request
      : { ...request, shouldSend: () => turn.shouldSend?.() === true };
  }

  #sign(nonce: bigint): HttpRequest {
    const { apiKey, apiSecret } = this.#caller;
    const path = `/0/private/${this.#request.method}`;
    const { contentType, withNonce } = this.#request.body;
    const body = withNonce(nonce, this.#late(nonce));
    this.#signature = signRequest({ path, nonce, body, apiSecret });
    const headers = {
      'api-key': apiKey,
      'api-sign': this.#signature,
      'content-type': contentType,
      'user-agent': USER_AGENT,
    };
    return { method: 'POST', path, headers, body };
  }

  #late(nonce: bigint): readonly LateParam[] | undefined {
    const { deadline, late } = this.#request;
    if (deadline === undefined && this.#otp === undefined) return late?.(nonce);
    const params = [...(late?.(nonce) ?? [])];
    if (deadline !== undefined) params.push(deadline.draw());
    if (this.#otp !== undefined) params.push(['otp', this.#otp]);
    return params;
  }

  #send(request: HttpRequest, attempt: number): Promise<HttpReply> {
    const { keyState, limits, runtime, transport } = this.#caller;
    this.#flight = new InFlightRequest({ transport, runtime, settlingMs: limits.settlingMs });
    this.#mayHaveActed = true;
    keyState.budget?.charge(this.#request.method);
    this.#announce?.({ type: 'sent', attempt });
    return this.#flight.send(request);
  }

  /** @throws {CallError} when it is no success */
  #read(reply: HttpReply, sent: { readonly attempt: number; readonly sentAt: HostMoment }): unknown {
    const { attempt, sentAt } = sent;
    const afterMs = this.#nowMs() - sentAt.monotonicMs;
    this.#announce?.({ type: 'replied', attempt, status: reply.status, afterMs });
    const { effect, method } = this.#request;
    const { result, warnings } = readReply(this.#caller, reply, { method, effect, sentAt });
    this.#land();
    this.#caller.keyState.accepted();
    if (warnings.length > 0) this.#announceWarnings(warnings);
    return result;
  }

  #announceWarnings(warnings: readonly KrakenErrorInfo[]): void {
    const redact = this.#redactor();
    this.#announce?.({ type: 'warned', warnings: warnings.map(({ raw }) => parseKrakenError(redact(raw))) });
  }

  /** @returns how long to wait before the next attempt, and why */
  async #retryOrThrow(
    turn: Turn,
    failed: { readonly error: CallError; readonly attempt: number },
  ): Promise<{ readonly cause: FailureCause; readonly delayMs: number }> {
    const { attempt, error } = failed;
    const failure = this.#readFailure(error);
    const decision = this.#decide(failure);
    this.#noteKey(failure);
    if (failure.mayBeInService) await this.#holdLane(error, decision);
    this.#land();
    if (error.outcome === 'unknown' && this.#request.effect !== 'nothing') this.#leftOpen = error;
    this.#mayHaveActed = this.#leftOpen !== undefined;
    if (failure.cause === 'invalid-nonce') await this.#raiseFloor(turn);
    if (decision.action !== 'retry' || this.#departure !== undefined) throw error;
    this.#announce?.({ type: 'retried', attempt, cause: failure.cause, delayMs: decision.delayMs });
    return { cause: failure.cause, delayMs: decision.delayMs };
  }

  /** Whatever becomes of this call, the next one is to be above what the exchange may have seen elsewhere. */
  #raiseFloor(turn: Turn): void | Promise<void> {
    return turn.raiseFloor(this.#caller.runtime.clock.wallNs() + FLOOR_AHEAD_NS);
  }

  /**
   * The refusal of a deadline that the caller chose is the caller's. A refused nonce may answer a second delivery of
   * the same bytes while the first one is in service; a read in service beside others has no effect.
   */
  #readFailure(error: CallError): ReadFailure {
    const failure = readFailure(error, this.#caller.exchangeClock.earliestMs());
    if (failure.cause === 'invalid-nonce')
      return { ...failure, mayBeInService: this.#request.effect !== 'nothing' };
    if (failure.cause !== 'deadline') return failure;
    this.#request.deadline?.refused();
    return this.#request.deadline === undefined ? { ...failure, cause: 'refused' } : failure;
  }

  /** What the table says, unless the caller will have left before a retry. */
  #decide(failure: ReadFailure): Decision {
    this.#timesFailed ??= new Map();
    const times = (this.#timesFailed.get(failure.cause) ?? 0) + 1;
    this.#timesFailed.set(failure.cause, times);
    const { cause, toldToWaitMs } = failure;
    const decision = decideRetry({ effect: this.#request.effect, cause, times, toldToWaitMs });
    if (decision.action !== 'retry') return decision;
    if (this.#request.isInLane === true && decision.delayMs > 0) return { action: 'give-up' };
    const waitMs = decision.delayMs + (failure.mayBeInService ? this.#caller.limits.settlingMs : 0);
    const patienceMs = this.#turnAtMs + this.#request.timeoutMs - this.#nowMs();
    return waitMs < patienceMs ? decision : { action: 'give-up' };
  }

  #noteKey(failure: ReadFailure): void {
    const { keyState, limits } = this.#caller;
    if (failure.cause === 'locked-out') keyState.startCooldown(this.#nowMs(), limits.lockoutMs);
    else if (failure.refusesKey) keyState.refused(this.#nowMs(), limits.lockoutMs);
    else if (failure.cause === 'refused' || failure.cause === 'deadline') keyState.accepted();
    if (LIMITS.has(failure.cause)) keyState.budget?.exhaust(this.#request.method);
  }

  /** Tells the caller what there is to tell, and stays until the exchange cannot be at work on the call. */
  async #holdLane(error: CallError, decision: Decision): Promise<void> {
    if (decision.action !== 'retry' && this.#request.waitsForSettling !== true) this.#tellEarly(error);
    await this.#flight?.startSettling();
  }

  /** The exchange is done with the attempt. */
  #land(): void {
    this.#flight?.complete();
    this.#flight = undefined;
  }

  /** Listens for the caller's departure; returns what ends it. */
  #watchCaller(): () => void {
    const { timers } = this.#caller.runtime;
    const { signal, timeoutMs, waitsForSettling } = this.#request;
    const stopListening = signal === undefined ? undefined : this.#watchSignal(signal);
    const timer =
      timeoutMs === Infinity
        ? undefined
        : timers.setTimeout(() => this.#depart(this.#timedOut(), waitsForSettling !== true), timeoutMs);
    return () => {
      stopListening?.();
      if (timer !== undefined) timers.clearTimeout(timer);
    };
  }

  #watchSignal(signal: AbortSignal): () => void {
    const onAbort = (): void => this.#depart(this.#cancelled(), true);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    return () => signal.removeEventListener('abort', onAbort);
  }

  #depart(error: CallError, mayTell: boolean): void {
    this.#departure ??= error;
    if (mayTell) this.#tellEarly(error);
    void this.#flight?.startSettling();
    this.#patience?.abort(error);
  }

  /** In the turn, and no longer than the caller waits. */
  #pause(ms: number): Promise<void> {
    return sleep(ms, this.#caller.runtime.timers, this.#untilDeparture());
  }

  #untilDeparture(): AbortSignal {
    const patience = (this.#patience = new AbortController());
    if (this.#departure !== undefined) patience.abort(this.#departure);
    return patience.signal;
  }

  /** In the lane, and no longer than the caller waits. */
  #learnTime(): Promise<void> {
    return learnExchangeTime(this.#caller, this.#untilDeparture());
  }

  /** Before the lane is left. Only the first word counts. */
  #tellEarly(error: CallError): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#reject?.(error);
    if (this.#flight === undefined) return;
    const { settlingMs } = this.#caller.limits;
    this.#announce?.({ type: 'lane-held', settlingMs, errorCode: error.code });
  }

  #leaveLane(error: CallError | undefined): void {
    this.#stopWatching?.();
    const afterMs = this.#nowMs() - this.#askedAtMs;
    this.#announce?.({ type: 'settled', errorCode: error?.code, afterMs });
    this.#caller.activity.end();
  }

  /** What is thrown in a turn comes from the transport, or from the coordinator, or from making the request. */
  #asCallError(thrown: unknown): CallError {
    const error = thrown instanceof CallError ? thrown : this.#wrap(thrown);
    redactError(error, this.#redactor());
    return error;
  }

  #wrap(thrown: unknown): CallError {
    const isNotSent = thrown instanceof TransportError && thrown.delivery === 'not-sent';
    return this.#mayHaveActed && !isNotSent
      ? new ReplyLostError(this.#facts(), thrown)
      : new CallNotSentError(this.#identity(), thrown);
  }

  /** A server, or a library on the way, may repeat the headers of a request in an error. */
  #redactor(): Redact {
    const withoutSignature = createRedact([this.#signature]);
    const withoutOtp = createRedact([this.#otp ?? ''], OTP_LENGTH_MIN);
    return (text) => withoutOtp(withoutSignature(this.#caller.redact(text)));
  }

  #cancelled(): CallCancelledError {
    return new CallCancelledError(this.#facts(), this.#request.signal?.reason);
  }

  #timedOut(): CallTimeoutError {
    return new CallTimeoutError(this.#facts(), this.#request.timeoutMs);
  }

  #facts(): CallIdentity & { readonly outcome: CallOutcome } {
    const mayHaveChanged = this.#mayHaveActed && this.#request.effect !== 'nothing';
    return { ...this.#identity(), outcome: mayHaveChanged ? 'unknown' : 'not-executed' };
  }

  #identity(): CallIdentity {
    return { account: this.#caller.account, method: this.#request.method };
  }

  #nowMs(): number {
    return this.#caller.runtime.clock.monotonicMs();
  }
}
