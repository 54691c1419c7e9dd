import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { TransportError } from './transport.ts';
import type { Delivery, HttpReply, HttpRequest, HttpTransport } from './transport.ts';

/** The base URL of the real exchange. */
export const KRAKEN_BASE_URL = 'https://api.kraken.com';

/** What {@link createUndiciTransport} takes. */
export interface UndiciTransportOptions {
  /** Scheme and host, no trailing slash. Default {@link KRAKEN_BASE_URL}. */
  readonly baseUrl?: string | undefined;
  /**
   * Sends the requests. Default: one agent for the whole process. One that retries, pipelines, follows
   * redirects or has time limits of its own can break the lane.
   */
  readonly dispatcher?: Dispatcher | undefined;
}

const REPLY_BYTES_MAX = 64 * 1024 * 1024;
const CONNECTIONS_MAX = 1024;

let processAgent: Agent | undefined;

/** One request at a time on a connection. */
function defaultDispatcher(): Agent {
  return (processAgent ??= new Agent({
    pipelining: 1,
    maxResponseSize: REPLY_BYTES_MAX,
    connections: CONNECTIONS_MAX,
  }));
}

/**
 * Sends requests with undici's `request`, which neither retries nor follows redirects.
 * MSW does not see these: hand in MSW's reply through a `dispatcher`, or your own `HttpTransport`.
 */
export function createUndiciTransport(options: UndiciTransportOptions = {}): HttpTransport {
  const baseUrl = options.baseUrl ?? KRAKEN_BASE_URL;
  return async (httpRequest) => {
    if (httpRequest.signal?.aborted) throw transportError('not-sent', httpRequest.signal.reason);
    try {
      return await roundTrip(
        `${baseUrl}${httpRequest.path}`,
        httpRequest,
        watched(options.dispatcher ?? defaultDispatcher(), httpRequest),
      );
    } catch (cause) {
      throw transportError(isNotSent(cause) ? 'not-sent' : 'unknown', cause);
    }
  };
}

/** What {@link HttpRequest.shouldSend} refused. */
class HeldBackError extends Error {}

/** Asks at the last moment: between `onRequestStart` and the first byte undici does nothing that waits. */
function watched(dispatcher: Dispatcher, { shouldSend }: HttpRequest): Dispatcher {
  if (shouldSend === undefined) return dispatcher;
  return dispatcher.compose((dispatch) => (options, handler) => {
    const { onRequestStart } = handler;
    handler.onRequestStart = (controller, context) => {
      if (!shouldSend()) throw new HeldBackError('it was ready too late to be sent');
      onRequestStart?.call(handler, controller, context);
    };
    return dispatch(options, handler);
  });
}

/**
 * undici's own time limits are off, whatever the dispatcher's are: one that gives up on a reply would let the
 * next call in while the exchange still works on this one. Whoever sends has a limit of its own, and keeps the
 * lane.
 */
async function roundTrip(url: string, httpRequest: HttpRequest, dispatcher: Dispatcher): Promise<HttpReply> {
  const { statusCode, headers, body } = await request(url, {
    dispatcher,
    method: httpRequest.method,
    headers: httpRequest.headers,
    body: httpRequest.body ?? null,
    signal: httpRequest.signal ?? null,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const reply = { status: statusCode, headers: joinLists(headers) };
  if (isJson(reply.headers)) return { ...reply, body: await body.text() };
  const bytes = await body.bytes();
  return { ...reply, bytes, body: new TextDecoder().decode(bytes), mayBeCutOff: !hasLength(reply.headers) };
}

function isJson(headers: HttpReply['headers']): boolean {
  return headers['content-type']?.startsWith('application/json') === true;
}

/** Without either header the body lasts until the connection ends, however it ends (RFC 9112, section 6.3). */
function hasLength(headers: HttpReply['headers']): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

function joinLists(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return joined;
}

function transportError(delivery: Delivery, cause: unknown): TransportError {
  const whatToDo = delivery === 'not-sent' ? 'Nothing was delivered.' : 'The exchange may have received it.';
  return new TransportError(`Failed to exchange one HTTP request: ${describe(cause)}. ${whatToDo}`, {
    delivery,
    cause,
  });
}

function describe(cause: unknown): string {
  return cause instanceof Error
    ? `${errorCode(cause) ?? cause.name} ${cause.message}`.trim()
    : 'no reason given';
}

function errorCode(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * Whether the failure happened before there was a connection: it names the system call that looked up or
 * connected, or it is undici's own limit on connecting. Everything else may have come after the bytes left.
 */
function isNotSent(error: unknown): boolean {
  if (error instanceof HeldBackError) return true;
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isNotSent);
  if (errorCode(error) === 'UND_ERR_CONNECT_TIMEOUT') return true;
  const syscall: unknown = error instanceof Error && 'syscall' in error ? error.syscall : undefined;
  return syscall === 'connect' || syscall === 'getaddrinfo';
}
