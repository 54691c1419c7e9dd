import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { BACKLOG_MAX, forward } from './forward.ts';
import { destinationOf } from './kraken-hosts.ts';
import type { NetworkLog } from './network-log.ts';
import { carriesCredentials } from './proxy-credentials.ts';
import type { ProxyCredentials } from './proxy-credentials.ts';
import type { TlsAdapter } from './tls-adapter.ts';

/** What the proxy leads to. */
export interface ProxyOptions {
  readonly door: TlsAdapter;
  /** Of the mock's own door, on 127.0.0.1. */
  readonly mockPort: number;
  /** Hosts that are not Kraken's are passed through. Kraken's never are. */
  readonly allowNet: boolean;
  readonly log: NetworkLog;
  readonly credentials: ProxyCredentials;
  /**
   * Tells whether a connection without credentials was made by a process of this run all the same: Java has no way
   * to be given any.
   */
  isOfRun(socket: Socket): Promise<boolean>;
}

/** An HTTP proxy on loopback. */
export interface Proxy {
  /** `http://<user>:<password>@127.0.0.1:<port>`. */
  readonly url: string;
  /** Requests of any kind that reached it. */
  readonly requests: number;
  close(): Promise<void>;
}

/**
 * Opens the proxy that leads Kraken's API host to the mock and refuses the rest. It serves the target of one run:
 * what it leads to, services on this machine among them, is not for its other users.
 */
export async function openProxy(options: ProxyOptions): Promise<Proxy> {
  const proxy = new LoopbackProxy(options);
  await proxy.listen();
  return proxy;
}

interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

class LoopbackProxy implements Proxy {
  readonly #options: ProxyOptions;
  readonly #server = createServer();
  readonly #sockets = new Set<Socket>();
  /** Whether a connection without credentials is of the run: found out once for each. */
  readonly #origins = new WeakMap<Socket, Promise<boolean>>();
  requests = 0;
  url = '';

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#server.on('connection', (socket) => this.#remember(socket));
    this.#server.on('connect', (request, socket, head) => {
      // What came with the head belongs to the tunnel.
      if (head.length > 0) socket.unshift(head);
      void this.#surely(request, socket, () => this.#onConnect(request, socket as Socket));
    });
    this.#server.on('request', (request, response) => {
      void this.#surely(request, request.socket, () => this.#onRequest(request, response));
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG_MAX }, resolve);
    });
    const { user, password } = this.#options.credentials;
    this.url = `http://${user}:${password}@127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /**
   * Serves what comes from this run alone. A target may ask for anything: what Node refuses to pass on is refused
   * here, and never ends the judge.
   */
  async #surely(request: IncomingMessage, socket: Duplex, serve: () => void): Promise<void> {
    try {
      if (await this.#isAllowed(request)) serve();
      else this.#demandCredentials(socket);
    } catch {
      this.#refuse(socket, null);
    }
  }

  async #isAllowed({ headers, socket }: IncomingMessage): Promise<boolean> {
    const { credentials, isOfRun } = this.#options;
    if (carriesCredentials(headers['proxy-authorization'], credentials)) return true;
    const origin = this.#origins.get(socket) ?? isOfRun(socket);
    this.#origins.set(socket, origin);
    return origin;
  }

  #demandCredentials(socket: Duplex): void {
    this.#options.log.withoutCredentials();
    end(socket, {
      status: '407 Proxy Authentication Required',
      headers: 'proxy-authenticate: Basic realm="nonceproof", charset="UTF-8"\r\n',
      words:
        'nonceproof serves the target of one run: send the user and the password that HTTPS_PROXY has in its URL.\n',
    });
  }

  /** `CONNECT host:port`: what every client does for https. */
  #onConnect(request: IncomingMessage, socket: Socket): void {
    this.requests += 1;
    const target = readAuthority(request.url ?? '');
    if (target !== null && destinationOf(target.host) === 'kraken-api' && target.port === 443) {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      this.#options.door.accept(socket);
    } else if (target !== null && this.#mayPass(target)) this.#tunnel(socket, target);
    else this.#refuse(socket, target);
  }

  #tunnel(socket: Socket, target: HostAndPort): void {
    const outside = connect({ ...target, noDelay: true });
    this.#remember(outside);
    outside.once('connect', () => socket.write('HTTP/1.1 200 Connection Established\r\n\r\n'));
    forward(socket, outside);
  }

  /** `GET http://host/path`: plain http, and https as some clients wrongly ask for it. */
  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    this.requests += 1;
    const url = readUrl(request.url ?? '');
    const target =
      url === null ? null : { host: url.hostname, port: Number(url.port || DEFAULT_PORTS[url.protocol]) };
    const isKraken = target !== null && destinationOf(target.host) === 'kraken-api';
    if (url !== null && isKraken && url.protocol === 'https:') {
      pass(request, response, {
        host: '127.0.0.1',
        port: this.#options.mockPort,
        path: url.pathname + url.search,
      });
    } else if (url !== null && target !== null && url.protocol === 'http:' && this.#mayPass(target)) {
      pass(request, response, { ...target, path: url.pathname + url.search });
    } else {
      this.#refuse(request.socket, target);
    }
  }

  #mayPass({ host }: HostAndPort): boolean {
    const destination = destinationOf(host);
    return destination === 'loopback' || (destination === 'elsewhere' && this.#options.allowNet);
  }

  #refuse(socket: Duplex, target: HostAndPort | null): void {
    if (target !== null) this.#options.log.refused(target);
    const where = target === null ? 'a target that cannot be read' : `${target.host}:${target.port}`;
    const words = `nonceproof refuses ${where}: only https://api.kraken.com is mocked.\n`;
    end(socket, { status: '403 Forbidden', words });
  }

  #remember(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
  }
}

interface LastWords {
  readonly status: string;
  /** Further ones, a line each. */
  readonly headers?: string;
  readonly words: string;
}

/** Answers a connection, and ends it. */
function end(socket: Duplex, { headers = '', status, words }: LastWords): void {
  const length = Buffer.byteLength(words);
  socket.end(
    `HTTP/1.1 ${status}\r\n${headers}connection: close\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\n\r\n${words}`,
  );
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** `null` for what is no URL, or one of another kind. */
function readUrl(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && url.protocol in DEFAULT_PORTS ? url : null;
}

const PORT_MAX = 65_535;

/** `null` for what is no host and port. */
function readAuthority(text: string): HostAndPort | null {
  const match = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  return match?.[1] === undefined || port < 1 || port > PORT_MAX ? null : { host: match[1], port };
}

function pass(
  request: IncomingMessage,
  response: ServerResponse,
  target: HostAndPort & { readonly path: string },
): void {
  const { method } = request;
  const headers = withoutCredentials(request.rawHeaders);
  const outside = httpRequest({ ...target, method, headers, setHost: false }, (reply) => {
    try {
      response.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
      reply.pipe(response);
      reply.on('error', () => response.destroy());
    } catch {
      // A server may answer with what must not be passed on: a status of 1000, say.
      outside.destroy();
      response.destroy();
    }
  });
  outside.on('error', () => response.destroy());
  request.pipe(outside);
}

/** What a proxy is told is not for the server behind it (RFC 9110, 11.7.2). */
function withoutCredentials(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, i) => rawHeaders[i - (i % 2)]?.toLowerCase() !== 'proxy-authorization');
}
