import { describe, expect, test } from 'vitest';
import { generateCredentials } from '../exchange/index.ts';
import type { AdapterOptions } from '../adapters/index.ts';
import { createExchange, type Exchange } from '../exchange/index.ts';
import { createFixedVenue, FIXED_FILE } from '../fixed-venue.ts';
import { ManualWorld } from './manual-world.ts';
import { signedBody, signedRequest, type SignedRequest } from './signed-request.ts';
import { eventually } from './eventually.ts';

/** A request as a test sends it through a door. */
export interface AdapterRequest extends Partial<SignedRequest> {
  readonly path: string;
  /** Default: POST. */
  readonly httpMethod?: string;
  readonly signal?: AbortSignal;
}

/** A reply as it came through. */
export interface AdapterReply {
  readonly status: number;
  readonly body: string;
  /** What `body` was read from. */
  readonly bytes: Uint8Array;
}

/** A reply of these bytes, as text, too. */
export function doorReply(status: number, bytes: ArrayBuffer): AdapterReply {
  return { status, body: new TextDecoder().decode(bytes), bytes: new Uint8Array(bytes) };
}

/** A door that is open for one test. */
export interface OpenAdapter {
  /** Sends on a connection of its own; rejects when there is no reply. */
  send(request: AdapterRequest): Promise<AdapterReply>;
  close(): Promise<void>;
}

/** What the suite needs to know of a door. */
export interface AdapterUnderTest {
  readonly name: string;
  open(exchange: Exchange, options: AdapterOptions): Promise<OpenAdapter>;
  /** Cases that this door cannot run, by their name, with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** What each case gets. */
interface Bench {
  readonly exchange: Exchange;
  readonly world: ManualWorld;
  readonly door: OpenAdapter;
}

const [MASTER] = generateCredentials({ users: 1, seed: 1 }) as [
  ReturnType<typeof generateCredentials>[number],
];
const SERVICE_MS = 5;

function balance(nonce: number): SignedRequest {
  return signedRequest({ credentials: MASTER, method: 'Balance', nonce });
}

/** Waits until so many timers wait in the world: a step of a call that real input and output leads up to. */
async function untilWaiting(world: ManualWorld, timers: number): Promise<void> {
  await eventually(() => expect(world.waiting).toBe(timers));
}

/** Sends a call and lets its service pass. */
async function sendThrough({ door, world }: Bench, request: AdapterRequest): ReturnType<OpenAdapter['send']> {
  const reply = door.send(request);
  await untilWaiting(world, 1);
  world.advance(SERVICE_MS);
  return reply;
}

type Case = (bench: Bench) => Promise<void>;

const CASES: Readonly<Record<string, Case | { readonly options: AdapterOptions; readonly run: Case }>> = {
  'answers a call in Kraken’s envelope and records its service': async (bench) => {
    const reply = await sendThrough(bench, balance(1));
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toEqual({ error: [], result: { ZUSD: '1000.0000' } });
    const [record] = bench.exchange.journal;
    expect(record).toMatchObject({ account: 'MASTER', nonce: '1', outcome: 'accepted', error: null });
    expect(Number(record?.departedNs) - Number(record?.arrivedNs)).toBeCloseTo(SERVICE_MS * 1e6, -2);
  },

  'answers no call before its service is over': async ({ door, world, exchange }) => {
    const reply = door.send(balance(1));
    await untilWaiting(world, 1);
    world.advance(SERVICE_MS - 1);
    expect(exchange.journal).toMatchObject([{ departedNs: null }]);
    world.advance(1);
    expect((await reply).status).toBe(200);
  },

  'hands out a file byte by byte': async (bench) => {
    const request = signedRequest({ credentials: MASTER, method: 'RetrieveExport', nonce: 1 });
    const reply = await sendThrough(bench, request);
    expect(reply.status).toBe(200);
    expect(reply.bytes).toEqual(FIXED_FILE);
    expect(bench.exchange.journal).toMatchObject([{ outcome: 'accepted', error: null, effect: null }]);
  },

  'takes a JSON body and reads its numeric nonce exactly': async (bench) => {
    const nonce = '1616492376594000001';
    const request = signedBody({
      credentials: MASTER,
      method: 'Balance',
      nonce,
      body: `{"nonce": ${nonce}}`,
      type: 'application/json',
    });
    expect(JSON.parse((await sendThrough(bench, request)).body)).toMatchObject({ error: [] });
    expect(bench.exchange.journal).toMatchObject([{ nonce, outcome: 'accepted' }]);
  },

  'answers status 200 with Kraken’s words to a wrong key, signature and nonce': async (bench) => {
    const request = balance(1);
    const refused = [
      { ...request, headers: { ...request.headers, 'api-key': 'nobody' } },
      { ...request, headers: { ...request.headers, 'api-sign': 'AAAA' } },
      balance(-1),
    ];
    for (const each of refused) expect((await sendThrough(bench, each)).status).toBe(200);
    expect(bench.exchange.journal.map((record) => record.error)).toEqual([
      'EAPI:Invalid key',
      'EAPI:Invalid signature',
      'EAPI:Invalid nonce',
    ]);
  },

  'refuses a call that arrives while another is in service': async ({ door, world, exchange }) => {
    const first = door.send(balance(1));
    await untilWaiting(world, 1);
    const second = door.send(balance(2));
    await untilWaiting(world, 2);
    world.advance(SERVICE_MS);
    expect((await first).body).toContain('ZUSD');
    expect((await second).body).toMatch(/EService: Throttled: \d+/);
    expect(exchange.journal).toMatchObject([
      { outcome: 'accepted', violations: [] },
      { outcome: 'rejected', violations: ['no-overlap'] },
    ]);
  },

  'never sees a client overlap that waits for each reply, not even with no service time': {
    options: { serviceTime: { kind: 'fixed', ms: 0 } },
    run: async ({ door, world, exchange }) => {
      for (let nonce = 1; nonce <= 20; nonce++) {
        const reply = door.send(balance(nonce));
        await untilWaiting(world, 1);
        world.advance(0);
        await reply;
      }
      const ends = exchange.journal.map((record) => Number(record.departedNs));
      const starts = exchange.journal.slice(1).map((record) => record.arrivedNs);
      expect(starts.every((start, index) => start > (ends[index] ?? Infinity))).toBe(true);
      expect(exchange.journal.flatMap((record) => record.violations)).toEqual([]);
    },
  },

  'goes on serving a call whose client has given up': async ({ door, world, exchange }) => {
    const patience = new AbortController();
    const abandoned = door.send({ ...orderRequest(1), signal: patience.signal });
    const gaveUp = expect(abandoned).rejects.toThrow();
    await untilWaiting(world, 1);
    patience.abort();
    await gaveUp;
    const next = door.send(balance(2));
    await untilWaiting(world, 2);
    world.advance(SERVICE_MS);
    await next;
    expect(exchange.journal).toMatchObject([
      { outcome: 'accepted', effect: { kind: 'order' } },
      { outcome: 'rejected', violations: ['no-overlap'] },
    ]);
  },

  'lets requests on different connections overtake each other': {
    // With this seed the first request needs longer than the second.
    options: { arrivalJitterMs: 100, seed: 3 },
    run: async ({ door, world, exchange }) => {
      const replies = [door.send(balance(1))];
      await untilWaiting(world, 1);
      replies.push(door.send(balance(2)));
      await untilWaiting(world, 2);
      world.advance(100);
      await untilWaiting(world, 2);
      expect(exchange.journal.map((record) => record.nonce)).toEqual(['2', '1']);
      world.advance(SERVICE_MS);
      await Promise.all(replies);
    },
  },

  'answers a public GET at once, outside the journal': async ({ door, exchange }) => {
    const reply = await door.send({ path: '/0/public/Time?a=b', httpMethod: 'GET' });
    expect(JSON.parse(reply.body)).toMatchObject({ error: [], result: { unixtime: expect.any(Number) } });
    expect(exchange.journal).toEqual([]);
    expect(exchange.publicCalls).toBe(1);
  },

  'knows no public POST and no other path': async ({ door, exchange }) => {
    for (const path of ['/0/public/Time', '/0/', '/0/privates/Balance']) {
      const reply = await door.send({ path, body: '', headers: {} });
      expect(JSON.parse(reply.body)).toEqual({ error: ['EGeneral:Unknown method'] });
    }
    expect(exchange.publicCalls).toBe(0);
  },

  'answers a body it cannot read with an HTTP error and a record': {
    options: { bodyBytesMax: 100 },
    run: async (bench) => {
      const bodies: [status: number, type: string, body: string][] = [
        [413, 'application/x-www-form-urlencoded', `nonce=1&x=${'y'.repeat(200)}`],
        [415, 'text/html', 'nonce=1'],
        [400, 'application/json', '{"nonce": 1'],
        [400, 'application/json', '[1]'],
        [400, 'application/x-www-form-urlencoded', 'nonce=1&pair=%E0%A4%A'],
      ];
      for (const [status, type, body] of bodies) {
        const request = signedBody({ credentials: MASTER, method: 'Balance', nonce: '1', body, type });
        const reply = await sendThrough(bench, request);
        expect([reply.status, reply.body]).toEqual([status, '{"error":["EAPI:Bad request"]}']);
      }
      expect(bench.exchange.journal.every((record) => record.outcome === 'rejected')).toBe(true);
    },
  },

  'waits for the calls in service when it closes': async ({ door, world, exchange }) => {
    const reply = door.send(balance(1));
    await untilWaiting(world, 1);
    const closed = door.close();
    await eventually(() => expect(world.waiting).toBeGreaterThan(0));
    world.advance(SERVICE_MS);
    expect((await reply).status).toBe(200);
    await closed;
    expect(exchange.journal).toMatchObject([{ outcome: 'accepted', departedNs: expect.any(Number) }]);
  },
};

function orderRequest(nonce: number): SignedRequest {
  const params = { pair: 'XBTUSD', type: 'buy', ordertype: 'market', volume: '0.01' };
  return signedRequest({ credentials: MASTER, method: 'AddOrder', nonce, params });
}

/** Closing again does nothing: a case may have closed the door itself. */
function closedOnce(door: OpenAdapter): OpenAdapter {
  let closed: Promise<void> | null = null;
  return { send: door.send, close: () => (closed ??= door.close()) };
}

/** Runs every case through one door. All doors must behave alike; a case that a door skips says why. */
export function describeAdapter({ name, open, skip = {} }: AdapterUnderTest): void {
  describe(`the ${name} door`, () => {
    for (const [title, entry] of Object.entries(CASES)) {
      const { options, run } = typeof entry === 'function' ? { options: {}, run: entry } : entry;
      const reason = skip[title];
      test.skipIf(reason !== undefined)(reason === undefined ? title : `${title} (${reason})`, async () => {
        const world = new ManualWorld();
        const exchange = createExchange({ venue: createFixedVenue });
        exchange.addAccount(MASTER);
        const serviceTime = { kind: 'fixed', ms: SERVICE_MS, held: { fraction: 0, factor: 1 } } as const;
        const door = closedOnce(await open(exchange, { world, serviceTime, ...options }));
        try {
          await run({ exchange, world, door });
        } finally {
          const closed = door.close();
          world.advance(60_000);
          await closed;
        }
      });
    }
  });
}
