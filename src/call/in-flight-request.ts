import type { Runtime, TimerHandle } from '../runtime.ts';
import { TransportError } from './transport.ts';
import type { HttpReply, HttpRequest, HttpTransport } from './transport.ts';

/** A request that can be given up. Its signal is made for who asks for it: that takes as long as signing. */
class RevocableRequest implements HttpRequest {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly headers: HttpRequest['headers'];
  readonly body?: string;
  readonly shouldSend?: () => boolean;
  #connection: AbortController | undefined;
  #isGivenUp = false;

  constructor({ method, path, headers, body, shouldSend }: HttpRequest) {
    this.method = method;
    this.path = path;
    this.headers = headers;
    if (body !== undefined) this.body = body;
    if (shouldSend !== undefined) this.shouldSend = shouldSend;
  }

  get signal(): AbortSignal {
    this.#connection ??= new AbortController();
    if (this.#isGivenUp) this.#connection.abort();
    return this.#connection.signal;
  }

  isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  giveUp(): void {
    this.#isGivenUp = true;
    this.#connection?.abort();
  }
}

/** What a flight needs. */
export interface InFlightRequestOptions {
  readonly transport: HttpTransport;
  readonly runtime: Runtime;
  /** See `SharedClientOptions`. */
  readonly settlingMs: number;
}

/**
 * One request on its way, and the exchange perhaps at work on it.
 *
 *     send ──> reply ──> land
 *       └────> loseSight ── settlingMs ──> land      the reply may still come before that
 */
export class InFlightRequest {
  readonly #options: InFlightRequestOptions;
  #request: RevocableRequest | undefined;
  #giveUpReply: ((error: Error) => void) | undefined;
  #settled: Promise<void> | undefined;
  #timer: TimerHandle;

  constructor(options: InFlightRequestOptions) {
    this.#options = options;
  }

  /**
   * Sends the request.
   * @throws {TransportError} at once when the transport fails, and when the settling time passes without a reply
   */
  send(request: HttpRequest): Promise<HttpReply> {
    return new Promise((resolve, reject) => {
      this.#giveUpReply = reject;
      this.#request = new RevocableRequest(request);
      this.#options.transport(this.#request).then(resolve, reject);
    });
  }

  /**
   * Starts the settling time, if it has not started: nobody follows the call any more, or nobody can.
   * Resolves when it is over and the exchange cannot be at work on the call; with `Infinity`, never.
   */
  startSettling(): Promise<void> {
    return (this.#settled ??= new Promise((resolve) => {
      const { runtime, settlingMs } = this.#options;
      if (settlingMs === Infinity) return;
      this.#timer = runtime.timers.setTimeout(() => {
        resolve();
        this.#abandon();
      }, settlingMs);
    }));
  }

  /** It is known that the exchange is done with it: there is nothing left to wait for. */
  complete(): void {
    if (this.#timer !== undefined) this.#options.runtime.timers.clearTimeout(this.#timer);
  }

  #abandon(): void {
    const message = `Failed to read a reply: none came within the ${this.#options.settlingMs} ms after it was given up. The exchange may have received the request.`;
    this.#giveUpReply?.(new TransportError(message, { delivery: 'unknown' }));
    this.#request?.giveUp();
  }
}
