import { Dispatcher, errors, getGlobalDispatcher, Response, setGlobalDispatcher } from 'undici';
import type { BodyInit } from 'undici';
import type { HttpReply, HttpRequest } from '../../../src/index.ts';
import { WORLD_BASE_URL } from '../world/index.ts';
import type { Undo } from './patch.ts';
import type { Router } from './router.ts';
import type { WorldPorts } from '../world/index.ts';

/**
 * Replaces undici's global dispatcher, which global `fetch` and every use of undici without a dispatcher of its
 * own go through.
 */
export function patchGlobalDispatcher(router: Router): Undo {
  const real = getGlobalDispatcher();
  setGlobalDispatcher(new WorldDispatcher(router, real));
  return () => setGlobalDispatcher(real);
}

class WorldDispatcher extends Dispatcher {
  readonly #router: Router;
  readonly #real: Dispatcher;
  /** Composing is how undici wraps handlers of its older kind, such as those of its own `request` and `fetch`. */
  readonly #accept: Dispatcher.Dispatch;

  constructor(router: Router, real: Dispatcher) {
    super();
    this.#router = router;
    this.#real = real;
    this.#accept = this.compose(() => (request, handler) => this.#send(request, handler)).dispatch;
  }

  override dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.#accept(request, handler);
  }

  #send(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const world = this.#router.worldFor('fetch');
    if (world === null) return this.#real.dispatch(request, handler);
    const origin = String(request.origin);
    if (origin !== WORLD_BASE_URL) this.#router.refuse(`connection to ${origin}`);
    const receiver = new Receiver(handler);
    handler.onRequestStart?.(receiver, null);
    if (!receiver.aborted) void carry(world, request, receiver);
    return true;
  }
}

async function carry(
  world: WorldPorts,
  request: Dispatcher.DispatchOptions,
  receiver: Receiver,
): Promise<void> {
  try {
    receiver.deliver(await world.transport(await requestOf(request, receiver.signal)));
  } catch (error) {
    receiver.fail(new errors.SocketError(error instanceof Error ? error.message : String(error)));
  }
}

/** Hands a reply to undici's handler, unless its sender has given up meanwhile. */
class Receiver implements Dispatcher.DispatchController {
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #controller = new AbortController();

  constructor(handler: Dispatcher.DispatchHandler) {
    this.#handler = handler;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get aborted(): boolean {
    return this.#controller.signal.aborted;
  }

  get reason(): Error | null {
    return this.aborted ? (this.#controller.signal.reason as Error) : null;
  }

  get paused(): boolean {
    return false;
  }

  pause(): void {
    // Replies are short and handed over whole.
  }

  resume(): void {
    // Never paused.
  }

  abort(reason: Error): void {
    this.fail(reason);
  }

  fail(reason: Error): void {
    if (this.aborted) return;
    this.#controller.abort(reason);
    this.#handler.onResponseError?.(this, reason);
  }

  deliver({ status, headers, body }: HttpReply): void {
    if (this.aborted) return;
    const bytes = Buffer.from(body);
    this.#handler.onResponseStart?.(this, status, { ...headers, 'content-length': String(bytes.length) }, '');
    this.#handler.onResponseData?.(this, bytes);
    this.#handler.onResponseEnd?.(this, {});
  }
}

async function requestOf(request: Dispatcher.DispatchOptions, signal: AbortSignal): Promise<HttpRequest> {
  const { path, query, headers, method, body } = request;
  const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
  const text = await textOf(body);
  return {
    method: method === 'GET' ? 'GET' : 'POST',
    path: path + search,
    headers: headersOf(headers ?? {}),
    signal,
    ...(text === undefined ? {} : { body: text }),
  };
}

async function textOf(body: Dispatcher.DispatchOptions['body']): Promise<string | undefined> {
  if (body === null || body === undefined) return undefined;
  return typeof body === 'string' ? body : new Response(body as BodyInit).text();
}

/** undici takes headers as an object, as pairs, and as one flat list of names and values. */
function headersOf(headers: NonNullable<Dispatcher.DispatchOptions['headers']>): Record<string, string> {
  const pairs: Iterable<readonly [string, unknown]> = Array.isArray(headers)
    ? headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1]] as const] : []))
    : Symbol.iterator in headers
      ? headers
      : Object.entries(headers);
  return Object.fromEntries([...pairs].map(([name, value]) => [name.toLowerCase(), String(value)]));
}
