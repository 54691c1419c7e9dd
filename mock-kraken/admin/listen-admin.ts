import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Exchange } from '../exchange/index.ts';
import { ExchangeError } from '../exchange/index.ts';
import { FaultPlanError } from '../faults/index.ts';
import { systemRandomBytes } from '../system.ts';
import { VenueError } from '../venue/errors/index.ts';
import type { AdapterWorld } from '../world.ts';
import { AdminError } from './admin-error.ts';
import { refuseForeign, shown, targetOf } from './admin-target.ts';
import { ADMIN_ROUTES, type AdminSubject } from './routes.ts';

/** How the admin API is set up. */
export interface AdminOptions {
  /** Default: 0, any free port. Always on 127.0.0.1. */
  readonly port?: number;
  /** What stands behind `GET /verdict`. Default: nothing, which is answered 404. */
  readonly verdict?: () => unknown;
  /** Runs after the exchange was reset. Default: nothing. */
  readonly onReset?: () => void;
  /** Longest request body; a longer one is answered 413. Default: 1,048,576. */
  readonly bodyBytesMax?: number;
  /** What nobody can guess. Default: the system's. */
  readonly randomBytes?: (bytes: number) => Buffer;
}

/** The hand that moves an exchange from outside, on a port of its own. */
export interface AdminApi {
  /** `http://127.0.0.1:<port>`, no trailing slash. */
  readonly url: string;
  /** Every request must carry it: `Authorization: Bearer <token>`. Made anew at each start. */
  readonly token: string;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

const BODY_BYTES_MAX = 1_048_576;
const TOKEN_BYTES = 32;
const REQUEST_TIMEOUT_MS = 10_000;

/** Opens the admin API of an exchange on 127.0.0.1. Rejects when the port is taken. */
export async function listenAdmin(
  exchange: Exchange,
  world: AdapterWorld,
  options: AdminOptions = {},
): Promise<AdminApi> {
  const { randomBytes = systemRandomBytes, bodyBytesMax = BODY_BYTES_MAX } = options;
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const subject: AdminSubject = {
    exchange,
    world,
    verdict: options.verdict ?? null,
    onReset: options.onReset ?? (() => undefined),
    randomBytes,
  };
  const desk = new AdminDesk(subject, { token, bodyBytesMax });
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    void desk.serve(request, response);
  });
  const url = await listen(server, options.port ?? 0);
  return { url, token, close: () => close(server) };
}

class AdminDesk {
  readonly #subject: AdminSubject;
  readonly #authorization: Buffer;
  readonly #bodyBytesMax: number;

  constructor(subject: AdminSubject, limits: { readonly token: string; readonly bodyBytesMax: number }) {
    this.#subject = subject;
    this.#authorization = digest(`Bearer ${limits.token}`);
    this.#bodyBytesMax = limits.bodyBytesMax;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    try {
      send(response, 200, await this.#answer(request));
    } catch (error) {
      const { status, code, message } = refusalOf(error);
      if (status === 401) response.setHeader('www-authenticate', 'Bearer');
      send(response, status, { error: { code, message } });
    }
  }

  async #answer(request: IncomingMessage): Promise<unknown> {
    refuseForeign(request);
    const { pathname, query } = targetOf(request.url ?? '');
    const { authorization = '' } = request.headers;
    if (!timingSafeEqual(digest(authorization), this.#authorization)) throw UNAUTHORIZED();
    const wanted = `${request.method ?? ''} ${pathname}`;
    const route = ADMIN_ROUTES.get(wanted);
    if (route === undefined) throw unknownRoute(wanted);
    const body = parseJson(await readBody(request, this.#bodyBytesMax));
    return route(this.#subject, { query, body });
  }
}

/** Of equal length whatever was sent, so that comparing takes equally long. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw tooLarge(bytesMax);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof AdminError ? error : INCOMPLETE();
  }
  return Buffer.concat(chunks);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new AdminError(400, 'bad_json', 'Failed to read request: its body is not JSON.');
  }
}

const UNAUTHORIZED = (): AdminError =>
  new AdminError(
    401,
    'unauthorized',
    'Failed to authorize: the token is missing or wrong. Send Authorization: Bearer TOKEN, as printed at start.',
  );

const INCOMPLETE = (): AdminError =>
  new AdminError(400, 'incomplete', 'Failed to read request: its sender left before its end.');

function unknownRoute(asked: string): AdminError {
  const routes = [...ADMIN_ROUTES.keys()].join(', ');
  return new AdminError(404, 'unknown_route', `Failed to find ${shown(asked)}: there is ${routes}.`);
}

function tooLarge(bytesMax: number): AdminError {
  return new AdminError(413, 'too_large', `Failed to read request: its body is above ${bytesMax} bytes.`);
}

/** What was asked for cannot be: the asker's affair. Anything else is a defect here, and says no more than that. */
function refusalOf(error: unknown): AdminError {
  if (error instanceof AdminError) return error;
  if (error instanceof ExchangeError) return new AdminError(409, error.code, error.message);
  if (error instanceof VenueError || error instanceof FaultPlanError)
    return new AdminError(400, error.code, error.message);
  return new AdminError(500, 'internal_error', 'Failed to answer: internal error.');
}

function send(response: ServerResponse, status: number, answer: unknown): void {
  const text = `${JSON.stringify(answer)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    // What is left of a body that was not read would be taken for the next request.
    ...(status === 200 ? {} : { connection: 'close' }),
  });
  response.end(text);
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
