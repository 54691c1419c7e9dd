import type { KeyObject } from 'node:crypto';
import {
  CallCancelledError,
  CallNotSentError,
  CallTimeoutError,
  ReplyLostError,
  UnreadableReplyError,
} from './call-errors.ts';
import type { Coordinator, Turn } from './coordinator.ts';
import { decodeReply } from './reply.ts';
import type { DecodedReply } from './reply.ts';
import type { PreparedBody } from './request-body.ts';
import type { Runtime, TimerHandle } from './runtime.ts';
import { signRequest } from './signature.ts';
import { TransportError } from './transport.ts';
import type { HttpReply, HttpRequest, HttpTransport } from './transport.ts';

/** Who calls, and through what. One per client. */
export interface Caller {
  readonly account: string;
  /** Names the lane when the coordinator's scope is `key`. */
  readonly laneKey: string;
  readonly apiKey: string;
  readonly apiSecret: KeyObject;
  readonly coordinator: Coordinator;
  readonly transport: HttpTransport;
  readonly runtime: Runtime;
  /** See `KrakenClientOptions`. */
  readonly settlingMs: number;
}

/** One private call. */
export interface PrivateRequest {
  readonly method: string;
  readonly body: PreparedBody;
  /** How long the caller waits after its turn has come. `Infinity`: no limit. */
  readonly timeoutMs: number;
  /** How long the caller waits for its turn. `undefined`: no limit. */
  readonly queueTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes one private call: takes a turn, draws a nonce in it, signs, sends, reads the reply to its end. The only
 * function that does; every private call of this package comes through here.
 *
 * The caller may leave early (time limit, `signal`); the lane does not. It stays taken until the reply has
 * come, until it is certain that nothing was delivered, or until `settlingMs` have passed since the client
 * lost sight of the call.
 */
export function privateCall(caller: Caller, request: PrivateRequest): Promise<DecodedReply> {
  return new PrivateCall(caller, request).run();
}

class PrivateCall {
  readonly #caller: Caller;
  readonly #request: PrivateRequest;
  readonly #abort = new AbortController();
  /** Tells the caller; only the first word counts. */
  #tell: (error: Error) => void = () => undefined;
  #isSent = false;
  #settlingTimer: TimerHandle;
  #hasSettled: Promise<void> | undefined;
  #onSettled: (() => void) | undefined;

  constructor(caller: Caller, request: PrivateRequest) {
    this.#caller = caller;
    this.#request = request;
  }

  run(): Promise<DecodedReply> {
    const { account, coordinator, laneKey } = this.#caller;
    const { method, queueTimeoutMs, signal } = this.#request;
    return new Promise((resolve, reject) => {
      this.#tell = reject;
      const options = { signal, waitTimeoutMs: queueTimeoutMs, label: `${account} ${method}` };
      coordinator.turn(laneKey, (turn) => this.#inTurn(turn), options).then(resolve, reject);
    });
  }

  async #inTurn(turn: Turn): Promise<DecodedReply> {
    const stopWatching = this.#watchCaller();
    try {
      return await this.#attempt(turn);
    } finally {
      stopWatching();
      this.#caller.runtime.timers.clearTimeout(this.#settlingTimer);
    }
  }

  /** Tells the caller when its patience ends, and starts the settling time. */
  #watchCaller(): () => void {
    const { timers } = this.#caller.runtime;
    const { signal, timeoutMs } = this.#request;
    const leave = (error: Error): void => {
      this.#tell(error);
      void this.#settle();
    };
    const onAbort = (): void => leave(new CallCancelledError(this.#facts(), signal?.reason));
    signal?.addEventListener('abort', onAbort, { once: true });
    const onTimeout = (): void => leave(new CallTimeoutError(this.#facts(), timeoutMs));
    const timer = Number.isFinite(timeoutMs) ? timers.setTimeout(onTimeout, timeoutMs) : undefined;
    return () => {
      signal?.removeEventListener('abort', onAbort);
      timers.clearTimeout(timer);
    };
  }

  async #attempt(turn: Turn): Promise<DecodedReply> {
    const drawn = turn.drawNonce();
    const nonce = typeof drawn === 'bigint' ? drawn : await drawn;
    try {
      return decodeReply(await this.#send(this.#sign(nonce)), this.#facts());
    } catch (error) {
      if (error instanceof CallNotSentError) throw error;
      if (
        error instanceof ReplyLostError ||
        (error instanceof UnreadableReplyError && error.outcome === 'unknown')
      ) {
        this.#tell(error);
        await this.#settle();
      }
      throw error;
    }
  }

  #sign(nonce: bigint): HttpRequest {
    const { apiKey, apiSecret } = this.#caller;
    const path = `/0/private/${this.#request.method}`;
    const { contentType, withNonce } = this.#request.body;
    const body = withNonce(nonce);
    const headers = {
      'api-key': apiKey,
      'api-sign': signRequest({ path, nonce, body, apiSecret }),
      'content-type': contentType,
      'user-agent': USER_AGENT,
    };
    return { method: 'POST', path, headers, body, signal: this.#abort.signal };
  }

  #send(request: HttpRequest): Promise<HttpReply> {
    this.#isSent = true;
    return new Promise((resolve, reject) => {
      this.#onSettled = () => reject(new ReplyLostError(this.#facts(), undefined));
      this.#caller.transport(request).then(resolve, (cause: unknown) => {
        const isNotSent = cause instanceof TransportError && cause.delivery === 'not-sent';
        reject(
          isNotSent ? new CallNotSentError(this.#facts(), cause) : new ReplyLostError(this.#facts(), cause),
        );
      });
    });
  }

  /** Resolves when the exchange cannot be at work on the call any more. */
  #settle(): Promise<void> {
    return (this.#hasSettled ??= new Promise((resolve) => {
      const { settlingMs, runtime } = this.#caller;
      if (!Number.isFinite(settlingMs)) return;
      this.#settlingTimer = runtime.timers.setTimeout(() => {
        resolve();
        this.#onSettled?.();
        this.#abort.abort();
      }, settlingMs);
    }));
  }

  #facts(): { account: string; method: string; outcome: 'unknown' | 'not-executed' } {
    const outcome = this.#isSent ? 'unknown' : 'not-executed';
    return { account: this.#caller.account, method: this.#request.method, outcome };
  }
}

/** Kraken's 2023 documentation requires the header, the present one recommends it. */
export const USER_AGENT = 'nonceproof';
