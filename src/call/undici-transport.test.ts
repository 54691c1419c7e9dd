import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, LookupFunction, Server as TcpServer, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, MockAgent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from './transport.ts';
import { createUndiciTransport } from './undici-transport.ts';

const POST: HttpRequest = {
  method: 'POST',
  path: '/0/private/Balance',
  headers: { 'api-key': 'k' },
  body: 'nonce=1',
};

const servers: (Server | TcpServer)[] = [];

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(resolve);
      });
    }),
  );
});

async function listen<T extends Server | TcpServer>(server: T): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = (listener: RequestListener): Promise<string> => listen(createServer(listener));

/** Talks TCP, for what node:http would not send. */
function serveRaw(onRequest: (socket: Socket, text: string) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('data', (chunk) => onRequest(socket, chunk.toString()));
    socket.on('error', () => undefined);
  });
  return listen(server);
}

describe('a request that may not leave any more', () => {
  it('is held back when its connection comes too late, and counts as not sent', async () => {
    let arrived = 0;
    const baseUrl = await serve((_request, response) => {
      arrived += 1;
      response.end('{}');
    });
    let isLate = false;
    let hasConnected = false;
    const dispatcher = new Agent();
    dispatcher.on('connect', () => (hasConnected = true));
    const transport = createUndiciTransport({ baseUrl, dispatcher });
    const asked: boolean[] = [];
    const shouldSend = (): boolean => {
      asked.push(hasConnected);
      return !isLate;
    };
    const sending = transport({ ...POST, shouldSend });
    isLate = true;
    await expect(sending).rejects.toMatchObject({ code: 'transport_failed', delivery: 'not-sent' });
    isLate = false;
    expect(await transport({ ...POST, shouldSend })).toMatchObject({ status: 200, body: '{}' });
    expect(asked).toEqual([true, true]);
    expect(arrived).toBe(1);
    await dispatcher.close();
  });
});

describe('a reply', () => {
  it('is handed over whole, with status, headers and body', async () => {
    const baseUrl = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        response.writeHead(201, { 'X-Method': request.method, 'set-cookie': ['a', 'b'] });
        response.end(`${request.url} ${request.headers['api-key']} ${body} é`);
      });
    });
    const reply = await createUndiciTransport({ baseUrl })(POST);
    expect(reply).toMatchObject({ status: 201, body: '/0/private/Balance k nonce=1 é' });
    expect(reply.headers).toMatchObject({ 'x-method': 'POST', 'set-cookie': 'a, b' });
  });

  it('that redirects is handed over, not followed', async () => {
    let requests = 0;
    const baseUrl = await serve((_request, response) => {
      requests += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect((await createUndiciTransport({ baseUrl })(POST)).status).toBe(302);
    expect(requests).toBe(1);
  });

  it('may take as long as it likes: there is no time limit here', async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    let seen: { headersTimeout?: unknown; bodyTimeout?: unknown } = {};
    const dispatch = agent.dispatch.bind(agent);
    agent.dispatch = (options, handler) => {
      seen = options;
      return dispatch(options, handler);
    };
    agent.get('http://mock').intercept({ path: POST.path, method: 'POST' }).reply(200, 'late').delay(20);
    const transport = createUndiciTransport({ baseUrl: 'http://mock', dispatcher: agent });
    expect((await transport(POST)).body).toBe('late');
    expect(seen).toMatchObject({ headersTimeout: 0, bodyTimeout: 0 });
  });
});

describe('a failure', () => {
  it('to connect means that nothing was sent', async () => {
    const baseUrl = await serve(() => undefined);
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    await expect(createUndiciTransport({ baseUrl })(POST)).rejects.toMatchObject({
      code: 'transport_failed',
      delivery: 'not-sent',
    });
  });

  it('to find the host means that nothing was sent', async () => {
    const notFound = Object.assign(new Error('getaddrinfo ENOTFOUND'), { syscall: 'getaddrinfo' });
    const lookup: LookupFunction = (_host, _options, done) => done(notFound, []);
    const dispatcher = new Agent({ connect: { lookup } });
    const transport = createUndiciTransport({ baseUrl: 'http://kraken.invalid', dispatcher });
    await expect(transport(POST)).rejects.toMatchObject({ delivery: 'not-sent' });
  });

  it('to connect in time means that nothing was sent', async () => {
    const dispatcher = new Agent({
      connect: (_options, done) =>
        done(Object.assign(new Error('timeout'), { code: 'UND_ERR_CONNECT_TIMEOUT' }), null),
    });
    const transport = createUndiciTransport({ baseUrl: 'http://127.0.0.1:1', dispatcher });
    await expect(transport(POST)).rejects.toMatchObject({ delivery: 'not-sent' });
  });

  it.each([
    ['is reset', (socket: Socket) => socket.resetAndDestroy()],
    ['is closed', (socket: Socket) => socket.end()],
    [
      'breaks off within the body',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"er'),
    ],
    ['is no HTTP', (socket: Socket) => socket.end('hello\r\n\r\n')],
  ])(
    'of a connection that %s after the request leaves the outcome open, and is not tried again',
    async (_name, answer) => {
      let requests = 0;
      const baseUrl = await serveRaw((socket) => {
        requests += 1;
        answer(socket);
      });
      await expect(createUndiciTransport({ baseUrl })(POST)).rejects.toMatchObject({ delivery: 'unknown' });
      await delay(20);
      expect(requests).toBe(1);
    },
  );

  it('by the caller leaves the outcome open once it was sent', async () => {
    const change = new AbortController();
    const baseUrl = await serve(() => change.abort());
    const transport = createUndiciTransport({ baseUrl });
    await expect(transport({ ...POST, signal: change.signal })).rejects.toMatchObject({
      delivery: 'unknown',
    });
  });

  it('by the caller before it was sent means that nothing was', async () => {
    const transport = createUndiciTransport({ baseUrl: await serve(() => undefined) });
    await expect(transport({ ...POST, signal: AbortSignal.abort() })).rejects.toMatchObject({
      delivery: 'not-sent',
    });
  });
});

it('never writes a second request on a connection whose reply is still to come', async () => {
  const sockets = new Set<Socket>();
  let waiting = 0;
  let waitingMax = 0;
  const baseUrl = await serve((request, response) => {
    sockets.add(request.socket);
    waiting += 1;
    waitingMax = Math.max(waitingMax, waiting / sockets.size);
    setTimeout(() => {
      waiting -= 1;
      response.end('{}');
    }, 5);
  });
  const transport = createUndiciTransport({ baseUrl });
  await Promise.all(Array.from({ length: 10 }, () => transport(POST)));
  expect(waitingMax).toBe(1);
});

it('takes up idle connections for the next requests', async () => {
  const sockets = new Set<Socket>();
  const baseUrl = await serve((request, response) => {
    sockets.add(request.socket);
    response.end('{}');
  });
  const transport = createUndiciTransport({ baseUrl });
  for (let call = 0; call < 10; call += 1) await transport(POST);
  expect(sockets.size).toBeLessThanOrEqual(2);
});

describe('a connection that was tried at several addresses', () => {
  const failed = (code: string, syscall: string): Error => Object.assign(new Error(code), { code, syscall });
  const refused = failed('ECONNREFUSED', 'connect');
  const unreachable = failed('ENETUNREACH', 'connect');
  const broken = failed('ECONNRESET', 'read');

  it.each([
    ['all of them failed to connect', [refused, unreachable], 'not-sent'],
    ['one of them broke later', [refused, broken], 'unknown'],
    ['one of them broke later, first', [broken, refused], 'unknown'],
    ['no address says what happened', [], 'unknown'],
    ['one of several at one address broke', [refused, new AggregateError([refused, broken])], 'unknown'],
    ['nested ones failed to connect', [refused, new AggregateError([unreachable])], 'not-sent'],
  ])('%s', async (_name, errors, delivery) => {
    const dispatcher = new MockAgent();
    dispatcher.disableNetConnect();
    const cause = new AggregateError(errors);
    dispatcher
      .get('http://127.0.0.1')
      .intercept({ path: () => true, method: 'POST' })
      .replyWithError(cause);
    const transport = createUndiciTransport({ baseUrl: 'http://127.0.0.1', dispatcher });
    await expect(transport(POST)).rejects.toMatchObject({ delivery });
    await dispatcher.close();
  });
});

describe('a body that is not JSON', () => {
  const FILE = Buffer.from('504b0304000000ff00ff00c3', 'hex');

  it('comes as its exact bytes, too', async () => {
    const baseUrl = await serve((_request, response) => {
      response.setHeader('content-type', 'application/octet-stream');
      response.end(FILE);
    });
    const reply = await createUndiciTransport({ baseUrl })(POST);
    expect(Buffer.from(reply.bytes ?? [])).toEqual(FILE);
    expect(reply).toMatchObject({ mayBeCutOff: false, body: FILE.toString() });
  });

  it('is whole as well when it comes in chunks', async () => {
    const baseUrl = await serve((_request, response) => {
      response.write(FILE.subarray(0, 5));
      response.end(FILE.subarray(5));
    });
    const reply = await createUndiciTransport({ baseUrl })(POST);
    expect(Buffer.from(reply.bytes ?? [])).toEqual(FILE);
    expect(reply.mayBeCutOff).toBe(false);
  });

  it('may be cut off when only the end of the connection ends it', async () => {
    const baseUrl = await serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nPK'));
    expect(await createUndiciTransport({ baseUrl })(POST)).toMatchObject({ body: 'PK', mayBeCutOff: true });
  });

  it('is a lost reply when it is shorter than it promised', async () => {
    const baseUrl = await serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nPK'));
    await expect(createUndiciTransport({ baseUrl })(POST)).rejects.toMatchObject({ delivery: 'unknown' });
  });

  it('is not made for JSON, of which the text is enough', async () => {
    const baseUrl = await serve((_request, response) => {
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end('{"error":[]}');
    });
    expect(await createUndiciTransport({ baseUrl })(POST)).not.toHaveProperty('bytes');
  });
});
