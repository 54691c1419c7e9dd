import { http, type DefaultBodyType, type HttpHandler, type HttpResponse } from 'msw';
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
import { responseOf } from './msw-delivery.ts';

/** What the MSW door can be told. */
export interface MswAdapterOptions extends AdapterOptions {
  /** Whose requests to answer, no trailing slash. Default: `https://api.kraken.com`. */
  readonly baseUrl?: string;
}

const KRAKEN = 'https://api.kraken.com';

/**
 * The exchange as MSW request handlers, for `setupServer(...)`. Needs the package `msw` beside this one. MSW
 * sees global fetch, node:http and what is built on them; it does not see undici's own `request` and `Client`
 * (see `createExchangeDispatcher`). It hands a request over when its body is complete, so a slow body is not
 * seen as in service while it is on its way.
 */
export function createMswHandlers(exchange: Exchange, options: MswAdapterOptions = {}): HttpHandler[] {
  const door = createAdapter(exchange, options);
  return [http.all(`${options.baseUrl ?? KRAKEN}/0/*`, ({ request }) => answer(door, request))];
}

async function answer(door: Adapter, request: Request): Promise<HttpResponse<DefaultBodyType>> {
  const { pathname, search } = new URL(request.url);
  const head = { path: pathname + search, headers: Object.fromEntries(request.headers) };
  const atOnce = answerAtOnce(door, head, request.method);
  const reply = atOnce ?? (await handleCall(door, { head, body: readWhole(door, request) }).reply);
  const { kind } = reply.delivery;
  door.exchange.delivered(reply, kind === 'whole' || kind === 'drip');
  return responseOf(reply, door.pauses);
}

async function readWhole(door: Adapter, request: Request): Promise<ReceivedBody> {
  try {
    return withinLimit(door, new Uint8Array(await request.arrayBuffer()));
  } catch {
    return { problem: 'incomplete' };
  }
}
