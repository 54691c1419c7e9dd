import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  answerAtOnce,
  handleCall,
  createAdapter,
  type Adapter,
  type AdapterOptions,
  type IncomingCall,
} from './adapter.ts';
import type { Exchange } from '../exchange/index.ts';
import { sendReply } from './http-delivery.ts';
import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import type { ReceivedBody } from '../exchange/index.ts';
import { jsonReply, type ExchangeReply } from '../exchange-reply.ts';
import { apiKeyOf, type RequestHead } from '../exchange/index.ts';

/** What the door of real sockets can be told. */
export interface HttpAdapterOptions extends AdapterOptions {
  /** Default: 0, any free port. Always on 127.0.0.1. */
  readonly port?: number;
  /** Longest request head; a longer one is answered 431. Default: 16,384. */
  readonly headBytesMax?: number;
  /** A request that is not complete after this time is answered 408. Default: 30,000. */
  readonly requestTimeoutMs?: number;
  /** How long `close` waits for the calls in service before it ends their service. Default: 1,000. */
  readonly closeTimeoutMs?: number;
  /**
   * Tells whether a connection belongs to a program that has no business here. Asked before a private call arrives
   * whose API key is missing or unknown, and of no other; such a call is answered as ever, is left out of the journal,
   * and its connection is closed. Must not reject. Default: no connection does.
   */
  readonly isForeign?: (connection: Socket) => Promise<boolean>;
}

/** The exchange on a real socket, for clients in any language. */
export interface HttpAdapter {
  /** `http://127.0.0.1:<port>`, no trailing slash. */
  readonly url: string;
  /** How many connections the fault `refuse` turned away so far, beside those of the calls that it struck. */
  readonly connectionsRefused: number;
  /** How many private calls were left out of the journal, see `isForeign`. */
  readonly foreignCalls: number;
  /** Stops listening, lets the calls in service end, and closes every connection. */
  close(): Promise<void>;
}

const HEAD_BYTES_MAX = 16_384;
const REQUEST_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 1_000;

/**
 * How many connections one fault `refuse` turns away at most. A closed port would turn away whatever comes within its
 * time, and a client that does not retry would spend all its calls on it within milliseconds.
 */
const REFUSED_CONNECTIONS_MAX = 3;

/** How often connections are looked at for requests that take too long. */
const TIMEOUT_CHECK_MS = 1_000;

/**
 * How many connections may wait to be accepted; the system may allow fewer. Node's default of 511 is less than a
 * thousand accounts that connect at once, and Linux then lets go what a client has sent already: the client's system
 * repeats it after 1, 3, 7, … seconds, long after the client gave up.
 */
const BACKLOG_MAX = 4_096;

/** Long enough that no idle connection is closed under a client in the middle of a run. */
const KEEP_ALIVE_TIMEOUT_MS = 3_600_000;

/** Opens the exchange on 127.0.0.1. Rejects when the port is taken. */
export async function listenHttp(exchange: Exchange, options: HttpAdapterOptions = {}): Promise<HttpAdapter> {
  const listener = new HttpListener(createAdapter(exchange, options), options);
  const url = await listener.listen(options.port ?? 0);
  return {
    url,
    get connectionsRefused() {
      return listener.connectionsRefused;
    },
    get foreignCalls() {
      return listener.foreignCalls;
    },
    close: () => listener.close(),
  };
}

class HttpListener {
  readonly #door: Adapter;
  readonly #server: Server;
  readonly #closeTimeoutMs: number;
  readonly #isForeign: HttpAdapterOptions['isForeign'];
  /** How many more connections the fault `refuse` turns away; `null` when it is over. */
  #refusal: { left: number } | null = null;
  connectionsRefused = 0;
  foreignCalls = 0;
  /** Calls on their way or in service. */
  readonly #underWay = new Set<Promise<void>>();
  /** Per connection, the arrival of its last private request: the next one cannot overtake it. */
  readonly #lastArrival = new WeakMap<Duplex, Promise<unknown>>();

  constructor(door: Adapter, options: HttpAdapterOptions) {
    this.#door = door;
    this.#isForeign = options.isForeign;
    this.#closeTimeoutMs = options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS;
    const timeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
    this.#server = createServer({
      maxHeaderSize: options.headBytesMax ?? HEAD_BYTES_MAX,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      requestTimeout: timeoutMs,
      headersTimeout: timeoutMs,
      connectionsCheckingInterval: Math.min(timeoutMs, TIMEOUT_CHECK_MS),
      noDelay: true,
    });
    this.#server.on('request', (request, response) => this.#onRequest(request, response));
    this.#server.on('clientError', answerClientError);
    this.#server.on('connection', (socket) => this.#onConnection(socket));
  }

  listen(port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port, host: '127.0.0.1', backlog: BACKLOG_MAX }, () => {
        this.#server.off('error', reject);
        resolve(`http://127.0.0.1:${this.#port()}`);
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    const { timers } = this.#door.world;
    const cutOff = timers.setTimeout(() => this.#cutOff(), this.#closeTimeoutMs);
    const { unread } = this.#door;
    while (this.#underWay.size + unread.size > 0) await Promise.all([...this.#underWay, ...unread]);
    timers.clearTimeout(cutOff);
    this.#door.pauses.endAll();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Bodies that are still on their way count as incomplete, and every service ends now. */
  #cutOff(): void {
    this.#server.closeAllConnections();
    this.#door.pauses.endAll();
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    const head = headOf(request);
    // A reply that nobody waits for any more may fail to be written; the exchange does not care.
    response.on('error', () => undefined);
    const body = collectBody(request, this.#door.bodyBytesMax);
    const atOnce = answerAtOnce(this.#door, head, request.method ?? '');
    if (atOnce !== null) void sendReply(response, atOnce, this.#door.pauses);
    else if (this.#isForeign === undefined || this.#door.exchange.has({ apiKey: apiKeyOf(head) }))
      this.#onCall({ head, body }, request.socket, response);
    else this.#onUnknownKey({ head, body }, this.#isForeign(request.socket), response);
  }

  #deliver(response: ServerResponse, reply: ExchangeReply): Promise<void> {
    if (reply.delivery.kind === 'refused') this.#refuseFor(reply.delivery.ms);
    const { exchange, pauses } = this.#door;
    return sendReply(response, reply, pauses).then((isWhole) => exchange.delivered(reply, isWhole));
  }

  /**
   * Turns away the next connections one by one, up to a number or for a time, whichever ends first. Idle connections
   * are closed, others go on, as when a server is restarted.
   */
  #refuseFor(ms: number): void {
    const refusal = { left: REFUSED_CONNECTIONS_MAX };
    this.#refusal = refusal;
    this.#server.closeIdleConnections();
    void this.#door.pauses.wait(ms).then(() => {
      if (this.#refusal === refusal) this.#refusal = null;
    });
  }

  #onConnection(socket: Socket): void {
    // One listener for each reply that is under way on a connection; the number of those has no bound here.
    socket.setMaxListeners(0);
    if (this.#refusal === null) return;
    this.#refusal.left -= 1;
    if (this.#refusal.left === 0) this.#refusal = null;
    this.connectionsRefused += 1;
    socket.resetAndDestroy();
  }

  #port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** A call that is ahead on the same connection arrives first. */
  #onCall(incoming: IncomingCall, socket: Duplex, response: ServerResponse): void {
    const { arrival, reply } = handleCall(this.#door, incoming, this.#lastArrival.get(socket));
    if (arrival !== null) this.#lastArrival.set(socket, arrival);
    this.#follow(reply.then((decided) => this.#deliver(response, decided)));
  }

  /** The call arrives once it is known not to be foreign; so do those behind it on its connection. */
  #onUnknownKey(incoming: IncomingCall, asked: Promise<boolean>, response: ServerResponse): void {
    const { socket } = response.req;
    const ready = Promise.all([asked, this.#lastArrival.get(socket)]);
    const carried = ready.then(([isForeign]) => (isForeign ? null : handleCall(this.#door, incoming)));
    this.#lastArrival.set(
      socket,
      carried.then((call) => call?.arrival),
    );
    this.#follow(
      carried.then((call) =>
        call === null
          ? this.#sendAway(response)
          : call.reply.then((decided) => this.#deliver(response, decided)),
      ),
    );
  }

  async #sendAway(response: ServerResponse): Promise<void> {
    this.foreignCalls += 1;
    await sendReply(response, NOT_OURS, this.#door.pauses);
  }

  #follow(delivery: Promise<void>): void {
    const served = delivery.finally(() => this.#underWay.delete(served));
    this.#underWay.add(served);
  }
}

const UNKNOWN_KEY = jsonReply({ error: [KRAKEN_ERRORS.invalidKey] });
const NOT_OURS: ExchangeReply = {
  ...UNKNOWN_KEY,
  headers: { ...UNKNOWN_KEY.headers, connection: 'close' },
};

function headOf(request: IncomingMessage): RequestHead {
  return {
    path: pathOfTarget(request.url ?? '/'),
    headers: request.headers,
    ip: request.socket.remoteAddress ?? '127.0.0.1',
    isAbandoned: () => request.socket.destroyed,
  };
}

/** Clients that are set up for a proxy send the whole URL. */
function pathOfTarget(target: string): string {
  if (target.startsWith('/') || !URL.canParse(target)) return target;
  const { pathname, search } = new URL(target);
  return pathname + search;
}

/** Reads a body to its end. What exceeds the limit is thrown away, not kept. */
function collectBody(request: IncomingMessage, bytesMax: number): Promise<ReceivedBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
      else resolve({ problem: 'too-large' });
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('close', () => resolve({ problem: 'incomplete' }));
  });
}

/** HTTP's own answers to bytes that are no request; everything else is 400. */
const CLIENT_ERROR_STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status = CLIENT_ERROR_STATUS[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
