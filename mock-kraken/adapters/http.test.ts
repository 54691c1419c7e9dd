import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { describe, expect, test } from 'vitest';
import { generateCredentials, type Credentials } from '../exchange/index.ts';
import { createExchange, type Exchange } from '../exchange/index.ts';
import type { FaultKind, FaultPlan } from '../faults/index.ts';
import { createFixedVenue } from '../fixed-venue.ts';
import { listenHttp, type HttpAdapter, type HttpAdapterOptions } from './http.ts';
import { systemWorld } from '../system.ts';
import { describeAdapter, doorReply, type AdapterUnderTest } from '../testing/adapter-conformance.ts';
import { describeFaults } from '../testing/fault-conformance.ts';
import { ManualWorld } from '../testing/manual-world.ts';
import { closed, connectTo, exchangeBytes, wireText } from '../testing/raw-socket.ts';
import { signedRequest, type SignedRequest } from '../testing/signed-request.ts';
import { eventually } from '../testing/eventually.ts';

const DOOR: AdapterUnderTest = {
  name: 'http',
  open: async (exchange, options) => {
    const door = await listenHttp(exchange, options);
    const agent = new Agent();
    return {
      send: async ({ path, httpMethod = 'POST', headers = {}, body, signal }) => {
        const reply = await request(door.url + path, {
          dispatcher: agent,
          method: httpMethod as 'POST',
          headers,
          body: body ?? null,
          signal: signal ?? null,
        });
        return doorReply(reply.statusCode, await reply.body.arrayBuffer());
      },
      close: async () => {
        await door.close();
        await agent.close();
      },
    };
  },
};

describeAdapter(DOOR);
describeFaults(DOOR);

describe('on real sockets', () => {
  test('pipelined requests count as arrived when their heads arrive, and are answered in order', async () => {
    await using bench = await openBench();
    const replies = exchangeBytes(bench.url, wireText(balance(1), 'keep-alive') + wireText(balance(2)));
    await bench.untilWaiting(2);
    expect(bench.exchange.journal.map((record) => record.violations)).toEqual([[], ['no-overlap']]);
    bench.world.advance(SERVICE_MS);
    expect(await replies).toMatch(/ZUSD[^]*Throttled/);
  });

  test('a request whose body is slow counts as arrived when its head arrives', async () => {
    await using bench = await openBench();
    const text = wireText(balance(1));
    const socket = await connectTo(bench.url);
    socket.write(text.slice(0, -1));
    await eventually(() => expect(bench.exchange.journal).toHaveLength(1));
    const second = exchangeBytes(bench.url, wireText(balance(2)));
    await bench.untilWaiting(1);
    socket.write(text.slice(-1));
    await bench.untilWaiting(2);
    bench.world.advance(SERVICE_MS);
    expect(await second).toContain('Throttled');
    expect(bench.exchange.journal.map((record) => record.violations)).toEqual([
      ['nonce-increasing'],
      ['no-overlap'],
    ]);
  });

  test('requests on one connection never overtake each other, whatever the jitter', async () => {
    await using bench = await openBench({ arrivalJitterMs: 50, seed: 1 });
    const nonces = Array.from({ length: 20 }, (_, index) => String(index + 1));
    const socket = await connectTo(bench.url);
    socket.write(nonces.map((nonce) => wireText(balance(nonce), 'keep-alive')).join(''));
    await bench.untilWaiting(20);
    while (bench.exchange.journal.length < 20) {
      bench.world.advance(1);
      await nextTurn();
    }
    expect(bench.exchange.journal.map((record) => record.nonce)).toEqual(nonces);
    bench.world.advance(SERVICE_MS);
    socket.destroy();
  });

  test('a client that leaves in the middle of its body has made a call that is rejected', async () => {
    await using bench = await openBench();
    const socket = await connectTo(bench.url);
    socket.write(wireText(balance(1)).slice(0, -1));
    await eventually(() => expect(bench.exchange.journal).toHaveLength(1));
    socket.destroy();
    await bench.untilWaiting(1);
    bench.world.advance(SERVICE_MS);
    await eventually(() => expect(bench.exchange.journal[0]?.departedNs).not.toBeNull());
    expect(bench.exchange.journal).toMatchObject([{ outcome: 'rejected', nonce: null }]);
  });

  test('closing ends a service that would not end in time', async () => {
    await using bench = await openBench({ serviceTime: 3_600_000, closeTimeoutMs: 100 });
    const reply = exchangeBytes(bench.url, wireText(balance(1)));
    await bench.untilWaiting(1);
    const closed = bench.close();
    bench.world.advance(100);
    await closed;
    await reply;
    expect(bench.exchange.journal).toMatchObject([{ outcome: 'accepted', departedNs: 100_000_000 }]);
  });

  test.each([
    ['400', 'no HTTP at all', 'nonsense\r\n\r\n'],
    ['400', 'no host', 'GET /0/public/Time HTTP/1.1\r\n\r\n'],
    ['400', 'two lengths', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
    ['431', 'a huge head', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
    ['413', 'a huge body', wireText({ path: '/0/private/Balance', headers: {}, body: 'x'.repeat(70_000) })],
  ])('%s answers %s', async (status, _what, bytes) => {
    await using bench = await openBench({ serviceTime: NO_SERVICE_TIME, world: systemWorld() });
    expect(await exchangeBytes(bench.url, bytes)).toMatch(`HTTP/1.1 ${status} `);
  });

  test('a request for the whole URL, as for a proxy, is a request for its path', async () => {
    await using bench = await openBench({ serviceTime: NO_SERVICE_TIME, world: systemWorld() });
    const bytes = wireText(balance(1)).replace('POST /', 'POST http://api.kraken.com/');
    expect(await exchangeBytes(bench.url, bytes)).toContain('ZUSD');
  });

  test('408 answers a head that never ends', async () => {
    await using bench = await openBench({ requestTimeoutMs: 20 });
    const socket = await connectTo(bench.url);
    socket.write('GET / HTTP/1.1\r\n');
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(bytes.toString()).toMatch('HTTP/1.1 408 ');
  });

  test('a port that is taken is an error of its caller', async () => {
    await using bench = await openBench();
    const port = Number(new URL(bench.url).port);
    await expect(listenHttp(bench.exchange, { port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('connections that have no business at a door', () => {
  const [, STRANGER] = generateCredentials({ users: 2, seed: 1 }) as [Credentials, Credentials];
  const unknown = signedRequest({ credentials: STRANGER, method: 'Balance', nonce: 1 });
  const unsigned: SignedRequest = { path: '/0/private/Balance', headers: {}, body: 'nonce=1' };

  test.each([
    ['an unknown key', unknown],
    ['no key', unsigned],
  ])('a call with %s is answered and closed, and is in no journal and no lane', async (_what, request) => {
    await using bench = await openBench({ isForeign: () => Promise.resolve(true) });
    const socket = await connectTo(bench.url);
    socket.write(wireText(balance(1), 'keep-alive'));
    await bench.untilWaiting(1);
    expect(await exchangeBytes(bench.url, wireText(request, 'keep-alive'))).toMatch(
      /connection: close[^]*EAPI:Invalid key/,
    );
    expect(bench.door.foreignCalls).toBe(1);
    expect(bench.exchange.journal).toMatchObject([{ account: 'MASTER', violations: [] }]);
    socket.destroy();
  });

  test('a call whose body never comes is answered all the same', async () => {
    await using bench = await openBench({ isForeign: () => Promise.resolve(true) });
    expect(await exchangeBytes(bench.url, wireText(unknown).slice(0, -1))).toContain('EAPI:Invalid key');
    expect(bench.exchange.journal).toEqual([]);
  });

  test('nothing is asked of a call with a known key', async () => {
    const isForeign = (): Promise<boolean> => Promise.reject(new Error('must not be asked'));
    await using bench = await openBench({
      isForeign,
      serviceTime: NO_SERVICE_TIME,
      world: systemWorld(),
    });
    expect(await exchangeBytes(bench.url, wireText(balance(1)))).toContain('ZUSD');
  });

  test('a call of which nothing is proved counts, ahead of what comes after it on its connection', async () => {
    let answer: (isForeign: boolean) => void = () => undefined;
    const asked = new Promise<boolean>((resolve) => (answer = resolve));
    await using bench = await openBench({ isForeign: () => asked });
    const another = exchangeBytes(bench.url, wireText(balance(2)));
    await bench.untilWaiting(1);
    const replies = exchangeBytes(bench.url, wireText(unknown, 'keep-alive') + wireText(balance(3)));
    await bench.untilWaiting(2);
    bench.world.advance(0);
    await nextTurn();
    answer(false);
    await eventually(() => expect(bench.exchange.journal).toHaveLength(3));
    expect(bench.exchange.journal.map(({ account, nonce }) => [account, nonce])).toEqual([
      ['MASTER', '2'],
      [null, '1'],
      ['MASTER', '3'],
    ]);
    expect(bench.door.foreignCalls).toBe(0);
    await bench.untilWaiting(3);
    bench.world.advance(SERVICE_MS);
    await Promise.all([replies, another]);
  });
});

describe('faults on real sockets', () => {
  /** What comes back to a request of a connection of its own; a reset may come while it still connects. */
  const sent = (url: string): Promise<string> =>
    exchangeBytes(url, wireText({ path: '/', headers: {}, body: '' })).catch(() => '');

  /** A door whose first call is struck. */
  const openStruck = (kind: FaultKind, ms?: number): Promise<HttpBench> =>
    openBench({ serviceTime: NO_SERVICE_TIME }, { version: 1, name: 'test', faults: [{ kind, nth: 1, ms }] });

  test('a refused call is reset, and so are the next three connections, each counted', async () => {
    await using bench = await openStruck('refuse', 100);
    const socket = await connectTo(bench.url);
    const failed = once(socket, 'error');
    socket.write(wireText(balance(1)));
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
    await bench.untilWaiting(1);
    for (let n = 0; n < 3; n++) expect(await sent(bench.url)).toBe('');
    expect(await sent(bench.url)).toContain('EGeneral:Unknown method');
    expect(bench.door.connectionsRefused).toBe(3);
  });

  test('no connection is turned away once the time of a refusal is over', async () => {
    await using bench = await openStruck('refuse', 100);
    await exchangeBytes(bench.url, wireText(balance(1)));
    await bench.untilWaiting(1);
    expect(await sent(bench.url)).toBe('');
    bench.world.advance(100);
    expect(await sent(bench.url)).toContain('EGeneral:Unknown method');
    expect(bench.door.connectionsRefused).toBe(1);
  });

  test('a truncated reply promises more than it brings', async () => {
    await using bench = await openStruck('truncate');
    const sent = exchangeBytes(bench.url, wireText(balance(1)));
    await bench.untilWaiting(1);
    bench.world.advance(0);
    const [head = '', body = ''] = (await sent).split('\r\n\r\n');
    const promised = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    expect(body.length).toBe(Math.floor(promised / 2));
    expect(body).not.toBe('');
  });

  test('a dripping reply comes a few bytes at a time, over its time', async () => {
    await using bench = await openStruck('slow-drip', 300);
    const socket = await connectTo(bench.url);
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.write(wireText(balance(1)));
    await bench.untilWaiting(1);
    bench.world.advance(0);
    const lengths = new Set<number>();
    for (let ms = 0; ms < 300; ms += 10) {
      await bench.untilWaiting(1);
      bench.world.advance(10);
      lengths.add(received.length);
    }
    await closed(socket);
    expect(received).toContain('ZUSD');
    expect(lengths.size).toBeGreaterThan(1);
  });

  test('closing does not wait for a reply that waited behind another when its connection went', async () => {
    await using bench = await openStruck('slow-service', 3_600_000);
    const socket = await connectTo(bench.url);
    socket.write(wireText(balance(1), 'keep-alive') + wireText(balance(2), 'keep-alive'));
    await bench.untilWaiting(2);
    bench.world.advance(0);
    await eventually(() => expect(bench.exchange.journal[1]?.departedNs).not.toBeNull());
    await nextTurn();
    socket.destroy();
    const isClosed = bench.close();
    bench.world.advance(60_000);
    await isClosed;
  });

  test('a silent reply keeps the connection open for its time', async () => {
    await using bench = await openStruck('drop-after-apply', 1_000);
    const socket = await connectTo(bench.url);
    socket.write(wireText(balance(1)));
    await bench.untilWaiting(1);
    bench.world.advance(0);
    await bench.untilWaiting(1);
    bench.world.advance(999);
    expect(socket.closed).toBe(false);
    bench.world.advance(1);
    await closed(socket);
    expect(bench.exchange.journal).toMatchObject([
      { departedNs: expect.any(Number), outcome: 'faulted', fault: 'drop-after-apply' },
    ]);
  });
});

const [MASTER] = generateCredentials({ users: 1, seed: 1 }) as [Credentials];
const SERVICE_MS = 5;
const NO_SERVICE_TIME = { kind: 'fixed', ms: 0, held: { fraction: 0, factor: 1 } } as const;

interface HttpBench extends AsyncDisposable {
  readonly url: string;
  readonly door: HttpAdapter;
  readonly exchange: Exchange;
  readonly world: ManualWorld;
  untilWaiting(timers: number): Promise<void>;
  close(): Promise<void>;
}

/** An exchange with one account behind a door whose time moves by hand. */
async function openBench(options: HttpAdapterOptions = {}, faults?: FaultPlan): Promise<HttpBench> {
  const world = new ManualWorld();
  const exchange = createExchange({ venue: createFixedVenue, ...(faults && { faults }) });
  exchange.addAccount(MASTER);
  const serviceTime = { kind: 'fixed', ms: SERVICE_MS, held: { fraction: 0, factor: 1 } } as const;
  const door = await listenHttp(exchange, { world, serviceTime, ...options });
  return {
    url: door.url,
    close: () => door.close(),
    door,
    exchange,
    world,
    untilWaiting: (timers) => eventually(() => expect(world.waiting).toBe(timers)),
    [Symbol.asyncDispose]: () => {
      const closed = door.close();
      world.advance(60_000);
      return closed;
    },
  };
}

function balance(nonce: string | number): SignedRequest {
  return signedRequest({ credentials: MASTER, method: 'Balance', nonce });
}
