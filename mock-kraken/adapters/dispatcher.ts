import { Dispatcher, errors, Response, type BodyInit } from 'undici';
import { ReplyReceiver } from './dispatcher-delivery.ts';
import {
  answerAtOnce,
  handleCall,
  createAdapter,
  withinLimit,
  type Adapter,
  type AdapterOptions,
} from './adapter.ts';
import type { Exchange } from '../exchange/index.ts';
import type { ReceivedBody } from '../exchange/index.ts';
import type { ExchangeReply } from '../exchange-reply.ts';
import type { RequestHead } from '../exchange/index.ts';

/**
 * The exchange as an undici dispatcher: no sockets, any origin, `https://api.kraken.com` included. Hand it to
 * undici's `request`, to `fetch` as `dispatcher`, or to `setGlobalDispatcher`. `close` waits for the calls in
 * service; `destroy` ends their service at once.
 *
 * Each request arrives when it is dispatched, as if it had a connection of its own: undici's pooling, pipelining
 * and time limits (`headersTimeout`, `bodyTimeout`) belong to its sockets and do not exist here.
 */
export function createExchangeDispatcher(exchange: Exchange, options: AdapterOptions = {}): Dispatcher {
  return new ExchangeDispatcher(createAdapter(exchange, options));
}

class ExchangeDispatcher extends Dispatcher {
  readonly #door: Adapter;
  /** Composing is how undici wraps handlers of its older kind, such as those of its own `request` and `fetch`. */
  readonly #accept: Dispatcher.Dispatch;
  readonly #underWay = new Set<Promise<void>>();
  #closed = false;

  constructor(door: Adapter) {
    super();
    this.#door = door;
    this.#accept = this.compose(() => (request, handler) => this.#send(request, handler)).dispatch;
  }

  override dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.#accept(request, handler);
  }

  #send(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const receiver = new ReplyReceiver(handler);
    if (this.#closed) receiver.fail(new errors.ClientClosedError());
    handler.onRequestStart?.(receiver, null);
    // Aborted before it was sent.
    if (receiver.aborted) return true;
    const served = this.#answer(request)
      .then((reply) => this.#deliver(receiver, reply))
      .catch((error: unknown) => receiver.fail(error))
      .finally(() => this.#underWay.delete(served));
    this.#underWay.add(served);
    return true;
  }

  async #deliver(receiver: ReplyReceiver, reply: ExchangeReply): Promise<void> {
    const { exchange, pauses } = this.#door;
    await receiver.deliver(reply, pauses);
    exchange.delivered(reply, !receiver.aborted);
  }

  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback?: () => void): Promise<void> | void {
    this.#closed = true;
    const closed = this.#untilServed();
    if (callback === undefined) return closed;
    void closed.then(callback);
  }

  override destroy(...parameters: DestroyParameters): Promise<void> {
    this.#door.pauses.endAll();
    const callback = parameters.find((parameter) => typeof parameter === 'function');
    return this.close().then(callback);
  }

  async #untilServed(): Promise<void> {
    const { unread } = this.#door;
    while (this.#underWay.size + unread.size > 0) await Promise.all([...this.#underWay, ...unread]);
  }

  async #answer(request: Dispatcher.DispatchOptions): Promise<ExchangeReply> {
    const head = headOf(request);
    const atOnce = answerAtOnce(this.#door, head, request.method);
    return atOnce ?? handleCall(this.#door, { head, body: readWhole(this.#door, request.body) }).reply;
  }
}

type DestroyParameters = readonly (Error | (() => void) | null)[];

function headOf({ path, query, headers }: Dispatcher.DispatchOptions): RequestHead {
  const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
  return { path: path + search, headers: headersOf(headers ?? {}) };
}

/** undici takes headers as an object, as pairs, and as one flat list of names and values. */
function headersOf(headers: NonNullable<Dispatcher.DispatchOptions['headers']>): RequestHead['headers'] {
  const pairs = Array.isArray(headers)
    ? pairsOf(headers)
    : Symbol.iterator in headers
      ? headers
      : Object.entries(headers);
  return Object.fromEntries([...pairs].map(([name, value]) => [name.toLowerCase(), value]));
}

function pairsOf(flat: readonly string[]): [name: string, value: string][] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? '']] : []));
}

/** Reads a body of any kind that undici takes. One that fails under way counts as incomplete. */
async function readWhole(door: Adapter, body: Dispatcher.DispatchOptions['body']): Promise<ReceivedBody> {
  if (body === null || body === undefined) return '';
  if (typeof body === 'string' || body instanceof Uint8Array) return withinLimit(door, body);
  try {
    return withinLimit(door, new Uint8Array(await new Response(body as BodyInit).arrayBuffer()));
  } catch {
    return { problem: 'incomplete' };
  }
}
