import { errors, type Dispatcher } from 'undici';
import type { CancellableDelays } from './cancellable-delays.ts';
import { bytesOf, type ExchangeReply } from '../exchange-reply.ts';

/**
 * Hands a reply to one of undici's handlers, as whole or as damaged as its delivery says, with the errors that
 * undici's own sockets would raise; and nothing more once the sender has given up.
 */
export class ReplyReceiver implements Dispatcher.DispatchController {
  readonly #handler: Dispatcher.DispatchHandler;
  #reason: Error | null = null;

  constructor(handler: Dispatcher.DispatchHandler) {
    this.#handler = handler;
  }

  get aborted(): boolean {
    return this.#reason !== null;
  }

  get reason(): Error | null {
    return this.#reason;
  }

  /** Never: replies are short and are not held back. */
  get paused(): boolean {
    return false;
  }

  pause(): void {}

  resume(): void {}

  /** The sender gives up. The exchange does not hear of it. */
  abort(reason: Error): void {
    this.fail(reason);
  }

  /** Ends the request without a reply, or in the middle of one. */
  fail(error: unknown): void {
    if (this.aborted) return;
    this.#reason = error instanceof Error ? error : new errors.UndiciError(String(error));
    this.#handler.onResponseError?.(this, this.#reason);
  }

  async deliver(reply: ExchangeReply, pauses: CancellableDelays): Promise<void> {
    const { delivery } = reply;
    const body = Buffer.from(bytesOf(reply));
    switch (delivery.kind) {
      case 'whole':
        this.#start(reply, body);
        this.#push(body);
        return this.#end();
      case 'cut':
        this.#start(reply, body);
        this.#push(body.subarray(0, delivery.bytes));
        return this.fail(new errors.SocketError('other side closed'));
      case 'drip':
        this.#start(reply, body);
        for (let at = 0; at < body.length && !this.aborted; at += delivery.bytesAtATime) {
          await pauses.wait((delivery.ms * delivery.bytesAtATime) / body.length);
          this.#push(body.subarray(at, at + delivery.bytesAtATime));
        }
        return this.#end();
      case 'silence':
        await pauses.wait(delivery.ms);
        return this.fail(new errors.SocketError('other side closed'));
      case 'reset':
        return this.fail(systemError('read', 'ECONNRESET'));
      case 'refused':
        return this.fail(systemError('connect', 'ECONNREFUSED'));
    }
  }

  #start({ status, headers }: ExchangeReply, body: Buffer): void {
    if (this.aborted) return;
    const length = { 'content-length': String(body.length) };
    this.#handler.onResponseStart?.(this, status, { ...headers, ...length }, '');
  }

  #push(bytes: Buffer): void {
    if (!this.aborted) this.#handler.onResponseData?.(this, bytes);
  }

  #end(): void {
    if (!this.aborted) this.#handler.onResponseEnd?.(this, {});
  }
}

/** An error as Node raises it for a socket. */
function systemError(syscall: string, code: string): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { syscall, code });
}
