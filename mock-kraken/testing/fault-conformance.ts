import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createExchange, type Exchange } from '../exchange/index.ts';
import { FAULT_KINDS, stageOf, type FaultKind, type FaultStage } from '../faults/index.ts';
import { createFixedVenue, FIXED_FILE } from '../fixed-venue.ts';
import type { JournalRecord } from '../exchange/index.ts';
import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import { balance, MASTER } from './bench.ts';
import type { AdapterRequest, AdapterUnderTest, OpenAdapter } from './adapter-conformance.ts';
import { ManualWorld } from './manual-world.ts';
import { signedRequest } from './signed-request.ts';
import { eventually } from './eventually.ts';

const HOUR_MS = 3_600_000;

type Reply = Awaited<ReturnType<OpenAdapter['send']>>;

/** What a call that is struck leaves behind, by the stage at which it is. */
const TRACES: Readonly<Record<Exclude<FaultStage, 'twice'>, { outcome: string; applied: boolean }>> = {
  connection: { outcome: 'faulted', applied: false },
  way: { outcome: 'accepted', applied: true },
  'before-apply': { outcome: 'faulted', applied: false },
  service: { outcome: 'accepted', applied: true },
  'after-apply': { outcome: 'faulted', applied: true },
};

/** Faults after which the client gets no reply, or not all of it. */
const WITHOUT_REPLY: readonly FaultKind[] = [
  'refuse',
  'reset-before-arrival',
  'drop-before-apply',
  'drop-after-apply',
  'reset-after-apply',
  'truncate',
];

const ERRORS: Readonly<Partial<Record<FaultKind, string>>> = {
  unavailable: KRAKEN_ERRORS.unavailable,
  busy: KRAKEN_ERRORS.busy,
  'rate-limit': KRAKEN_ERRORS.apiRateLimit,
  'invalid-nonce': KRAKEN_ERRORS.invalidNonce,
  lockout: KRAKEN_ERRORS.temporaryLockout,
  maintenance: KRAKEN_ERRORS.unavailable,
};

/** What the client gets, if it gets a reply. */
function expectReply(kind: FaultKind, { status, body }: Reply): void {
  const page = /^html-(\d+)-/.exec(kind)?.[1];
  if (page !== undefined) {
    expect(status).toBe(Number(page));
    expect(body).toMatch(/^</);
  } else if (kind === 'http-429') {
    expect(status).toBe(429);
  } else if (kind === 'malformed-json') {
    expect(status).toBe(200);
    expect(() => JSON.parse(body) as unknown).toThrow(SyntaxError);
  } else {
    const error = ERRORS[kind];
    expect(JSON.parse(body)).toMatchObject(
      error === undefined ? { error: [], result: { txid: [expect.any(String)] } } : { error: [error] },
    );
    expect(status).toBe(200);
  }
}

/** Sends a request and lets time pass until it is settled one way or the other. */
async function settle(
  door: OpenAdapter,
  world: ManualWorld,
  request: AdapterRequest,
): Promise<Reply | 'no reply'> {
  const progress = { settled: false };
  const reply = door.send(request).catch(() => 'no reply' as const);
  void reply.then(() => (progress.settled = true));
  for (let turn = 0; turn < 100_000 && !progress.settled; turn++) {
    // Only once the request is on its way, or its time would pass before it.
    if (world.waiting > 0) world.advance(1);
    await nextTurn();
  }
  return reply;
}

interface StruckBench extends AsyncDisposable {
  readonly world: ManualWorld;
  readonly exchange: Exchange;
  readonly door: OpenAdapter;
}

const ORDER: AdapterRequest = signedRequest({
  credentials: MASTER,
  method: 'AddOrder',
  nonce: 5,
  params: { pair: 'XBTUSD', type: 'buy', ordertype: 'market', volume: '1' },
});

/** Sends one order that `kind` strikes, and then asks whether its nonce is used up. */
async function strike(kind: FaultKind, { door, exchange, world }: StruckBench): Promise<void> {
  const reply = await settle(door, world, ORDER);
  const stage = stageOf(kind);
  if (stage === 'twice') expect.fail('it leaves two records behind');
  const { outcome, applied } = TRACES[stage];
  expect(exchange.journal).toMatchObject([
    {
      fault: kind,
      outcome,
      nonce: kind === 'refuse' ? null : '5',
      effect: applied ? { kind: 'order' } : null,
    },
  ]);
  if (WITHOUT_REPLY.includes(kind)) expect(reply).toBe('no reply');
  else if (reply === 'no reply') expect.fail('there should have been a reply');
  else expectReply(kind, reply);
  world.advance(60_000);
  const next = await settleAfter(door, world);
  expect(next.body.includes(KRAKEN_ERRORS.invalidNonce)).toBe(applied);
}

/** An order that is delivered twice, its reply, and a call that the client makes as soon as it has that. */
async function strikeTwice(
  kind: DuplicateKind,
  { door, exchange, world }: StruckBench,
): Promise<{ readonly reply: Reply; readonly records: readonly JournalRecord[] }> {
  const reply = await settle(door, world, ORDER);
  if (reply === 'no reply') expect.fail('there should have been a reply');
  const next = await settle(door, world, balance(6));
  expect(next).toMatchObject({ status: 200, body: expect.stringContaining('ZUSD') });
  world.advance(60_000);
  await eventually(() => {
    expect(exchange.journal).toHaveLength(3);
    expect(exchange.journal.filter(({ departedNs }) => departedNs === null)).toEqual([]);
  });
  const records = exchange.journal.filter(({ method }) => method === 'AddOrder');
  const [first, second] = records;
  const isRead = kind === 'duplicate-first-reply';
  expect(first).toMatchObject({
    nonce: '5',
    outcome: isRead ? 'accepted' : 'faulted',
    fault: isRead ? null : kind,
    effect: { kind: 'order' },
  });
  expect(first?.duplicateOf).toBeUndefined();
  expect(second).toMatchObject({
    nonce: '5',
    outcome: 'faulted',
    fault: kind,
    error: KRAKEN_ERRORS.invalidNonce,
    effect: null,
    duplicateOf: first?.seq,
  });
  expect(exchange.journal.flatMap(({ violations }) => violations)).toEqual([]);
  return { reply, records };
}

type DuplicateKind = Extract<FaultKind, `duplicate-${string}`>;

function isDuplicate(kind: FaultKind): kind is DuplicateKind {
  return stageOf(kind) === 'twice';
}

/** A call with the same nonce, tried until the door is open again. */
async function settleAfter(door: OpenAdapter, world: ManualWorld): Promise<Reply> {
  for (let tries = 0; tries < 1000; tries++) {
    const reply = await settle(door, world, balance(5));
    if (reply !== 'no reply') return reply;
  }
  return expect.fail('the door stayed shut');
}

/** An exchange whose first call is struck, behind a door. */
async function openStruck(
  open: AdapterUnderTest['open'],
  kind: FaultKind,
  ms?: number,
): Promise<StruckBench> {
  const world = new ManualWorld();
  const faults = { version: 1, name: 'test', faults: [{ kind, nth: 1, ms }] } as const;
  const exchange = createExchange({ venue: createFixedVenue, faults });
  exchange.addAccount(MASTER);
  const door = await open(exchange, { world, serviceTime: 1 });
  const dispose = (): Promise<void> => {
    const closed = door.close();
    world.advance(2 * HOUR_MS);
    return closed;
  };
  return { world, exchange, door, [Symbol.asyncDispose]: dispose };
}

/** Runs every kind of fault through one door. */
export function describeFaults({ name, open }: AdapterUnderTest): void {
  describe(`faults through the ${name} door`, () => {
    test.each(FAULT_KINDS.filter((kind) => !isDuplicate(kind)))('%s', async (kind) => {
      await using bench = await openStruck(open, kind);
      await strike(kind, bench);
    });

    describe('on a file', () => {
      const FILE = signedRequest({ credentials: MASTER, method: 'RetrieveExport', nonce: 5 });

      test.each([
        ['truncate', null],
        ['drop-after-apply', null],
        ['reset-after-apply', null],
        ['slow-drip', FIXED_FILE],
        ['malformed-json', FIXED_FILE.subarray(0, -1)],
      ] as const)('%s', async (kind, bytes) => {
        await using bench = await openStruck(open, kind);
        const reply = await settle(bench.door, bench.world, FILE);
        expect(reply === 'no reply' ? null : reply.bytes).toEqual(bytes);
        expect(bench.exchange.journal).toMatchObject([{ fault: kind, outcome: 'faulted', error: null }]);
      });
    });

    describe.each(FAULT_KINDS.filter(isDuplicate))('%s', (kind) => {
      test.each([0, 100])('lets the client read one reply, and lasts %i ms longer', async (ms) => {
        await using bench = await openStruck(open, kind, ms);
        const { reply, records } = await strikeTwice(kind, bench);
        const answer: unknown = JSON.parse(reply.body);
        if (kind === 'duplicate-first-reply') expect(answer).toMatchObject({ error: [], result: {} });
        else expect(answer).toEqual({ error: [KRAKEN_ERRORS.invalidNonce] });
        const [first, second] = records;
        const untilNs = Math.min(first?.departedNs ?? 0, second?.departedNs ?? 0) + ms * 1e6;
        expect(Math.max(first?.departedNs ?? 0, second?.departedNs ?? 0)).toBeGreaterThanOrEqual(untilNs);
      });
    });

    test('a call that goes on after its client has read the reply to a duplicate overlaps nothing', async () => {
      await using bench = await openStruck(open, 'duplicate-second-reply', HOUR_MS);
      const { door, world, exchange } = bench;
      const replies = [await settle(door, world, ORDER), await settle(door, world, balance(6))];
      expect(replies).toMatchObject([
        { body: expect.stringContaining(KRAKEN_ERRORS.invalidNonce) },
        { status: 200 },
      ]);
      const [first, second, next] = exchange.journal;
      expect(first).toMatchObject({ departedNs: null, repliedNs: second?.departedNs });
      expect(next).toMatchObject({ outcome: 'accepted', violations: [] });
      const overlapping = door.send(balance(7));
      await eventually(() => expect(world.waiting).toBe(2));
      const another = door.send(balance(8));
      await eventually(() => expect(world.waiting).toBe(3));
      world.advance(1);
      await Promise.all([overlapping, another]);
      expect(exchange.journal.at(-1)?.violations).toEqual(['no-overlap']);
    });

    test('a call that is rejected on its own account is not delivered twice; the next one is', async () => {
      await using bench = await openStruck(open, 'duplicate-second-reply', 0);
      const { door, world, exchange } = bench;
      await settle(door, world, { ...ORDER, headers: { ...ORDER.headers, 'api-sign': 'AAAA' } });
      await settle(door, world, balance(6));
      expect(exchange.journal).toMatchObject([
        { outcome: 'rejected', fault: null },
        { outcome: 'faulted', fault: 'duplicate-second-reply', error: null },
        {
          outcome: 'faulted',
          fault: 'duplicate-second-reply',
          error: KRAKEN_ERRORS.invalidNonce,
          duplicateOf: 2,
        },
      ]);
    });

    test('a request whose arrival is delayed is overtaken', async () => {
      await using bench = await openStruck(open, 'delay-arrival', HOUR_MS);
      const { door, world, exchange } = bench;
      const late = door.send(balance(1));
      await eventually(() => expect(world.waiting).toBe(1));
      expect(await settle(door, world, balance(2))).toMatchObject({ status: 200 });
      world.advance(HOUR_MS);
      await eventually(() => expect(exchange.journal).toHaveLength(2));
      await eventually(() => expect(world.waiting).toBe(1));
      world.advance(1_000);
      expect((await late).body).toContain(KRAKEN_ERRORS.invalidNonce);
      expect(exchange.journal).toMatchObject([
        { nonce: '2', outcome: 'accepted', fault: null },
        { nonce: '1', outcome: 'faulted', fault: 'delay-arrival' },
      ]);
    });
  });
}
