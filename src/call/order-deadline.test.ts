import { describe, expect, it } from 'vitest';
import type { CallEvent } from './call-events.ts';
import type { OrderRequest } from '../kraken-types.ts';
import {
  breakConnection,
  hold,
  page,
  refuse,
  Scene,
  SCENE_START_MS,
  silence,
  succeed,
  watch,
} from '../scripted-exchange.test-support.ts';
import type { Answer } from '../scripted-exchange.test-support.ts';

const ORDER: OrderRequest = { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '1', volume: '1' };
const PLACED = { txid: ['OTXID'], descr: { order: 'buy 1 XBTUSD @ limit 1' } };
const LATE = 'EGeneral:Invalid arguments:deadline';
const HOUR_MS = 3_600_000;

/** Refuses deadlines as Kraken does, by the clock of the scene's exchange (Kraken docs, AddOrder). */
function checking(scene: Scene, result: unknown = PLACED): Answer {
  return (seen) => {
    const aheadMs = Date.parse(seen.params['deadline'] ?? '') - scene.exchange.nowMs();
    if (aheadMs <= 0) return refuse('EService:Deadline elapsed')(seen);
    return aheadMs >= 2_000 && aheadMs <= 60_000 ? succeed(result)(seen) : refuse(LATE)(seen);
  };
}

function sceneThatChecks(): Scene {
  const scene = new Scene();
  scene.exchange.on('AddOrder', checking(scene));
  return scene;
}

function setWall(scene: Scene, awayMs: number): void {
  scene.runtime.wall += BigInt(awayMs) * 1_000_000n;
}

/** The host sleeps: its monotonic clock and its timers stand still. */
function suspend(scene: Scene, ms: number): void {
  const { nowMs } = scene.exchange;
  scene.exchange.nowMs = () => nowMs() + ms;
  setWall(scene, ms);
}

function addOrders(scene: Scene): number {
  return scene.exchange.methods.filter((method) => method === 'AddOrder').length;
}

describe('a deadline against a wrong clock', () => {
  it.each([-HOUR_MS, -30_000, -6_000, 0, 6_000, 30_000, 58_000, HOUR_MS])(
    'is right from the first order on when the wall clock is %d ms away at the start',
    async (awayMs) => {
      const scene = sceneThatChecks();
      setWall(scene, awayMs);
      const client = scene.client();
      for (let n = 1; n <= 3; n += 1) {
        expect(await client.placeOrder(ORDER)).toMatchObject({ txid: ['OTXID'] });
        await scene.pass(60_000, 10_000);
      }
      expect(scene.exchange.methods).toEqual(['AddOrder', 'AddOrder', 'AddOrder']);
      expect(scene.exchange.timesAsked).toBe(1);
    },
  );

  it('is right after a suspend, for which the exchange is asked once more', async () => {
    const scene = sceneThatChecks();
    const client = scene.client();
    await client.placeOrder(ORDER);
    suspend(scene, HOUR_MS);
    await client.placeOrder(ORDER);
    await client.placeOrder(ORDER);
    expect(addOrders(scene)).toBe(3);
    expect(scene.exchange.timesAsked).toBe(2);
  });

  it('is right when the host slept while the order waited for its turn', async () => {
    const scene = sceneThatChecks();
    const client = scene.client();
    await client.placeOrder(ORDER);
    const slow = hold(succeed({}));
    scene.exchange.on('Balance', slow.answer);
    const calls = [watch(client.getBalance()), watch(client.placeOrder(ORDER))];
    await scene.pass();
    suspend(scene, HOUR_MS);
    slow.release();
    await scene.pass();
    expect(calls.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(addOrders(scene)).toBe(2);
  });

  it('is right after a stall of 3 s between signing and arrival', async () => {
    const scene = sceneThatChecks();
    const client = scene.client({
      transport: (request) => {
        scene.runtime.advance(3_000);
        return scene.exchange.transport(request);
      },
    });
    for (let n = 1; n <= 5; n += 1) await client.placeOrder(ORDER);
    expect(addOrders(scene)).toBe(5);
  });

  it('is right from the first order on when requests have taken 20 s to arrive lately', async () => {
    const scene = sceneThatChecks();
    const client = scene.client({
      timeoutMs: Infinity,
      transport: (request) => {
        scene.runtime.advance(20_000);
        return scene.exchange.transport(request);
      },
    });
    await client.getBalance();
    for (let n = 1; n <= 3; n += 1) expect(await client.placeOrder(ORDER)).toMatchObject(PLACED);
    expect(addOrders(scene)).toBe(3);
  });

  it('is as near as before when the way is fast again', async () => {
    const scene = sceneThatChecks();
    const slow = hold(succeed({}));
    scene.exchange.on('Balance', slow.answer, succeed({}));
    const client = scene.client();
    const balance = watch(client.getBalance());
    await scene.pass(20_000, 250);
    slow.release();
    await scene.pass(1_200_000, 10_000);
    expect(balance.isSettled).toBe(true);
    await client.getBalance();
    const sentMs = scene.exchange.nowMs();
    await client.placeOrder(ORDER);
    const deadline = Date.parse(scene.exchange.seen.at(-1)?.params['deadline'] ?? '');
    expect(deadline - sentMs).toBeLessThan(8_100);
  });

  it('is right when each reply is read 20 s after it was written', async () => {
    const scene = sceneThatChecks();
    const client = scene.client({
      timeoutMs: Infinity,
      transport: async (request) => {
        const reply = await scene.exchange.transport(request);
        scene.runtime.advance(20_000);
        return reply;
      },
    });
    setWall(scene, HOUR_MS);
    await client.getBalance();
    for (let n = 1; n <= 3; n += 1) expect(await client.placeOrder(ORDER)).toMatchObject(PLACED);
    expect(addOrders(scene)).toBe(3);
  });

  it('is right for many orders that were queued before the event loop stalled', async () => {
    const scene = sceneThatChecks();
    const client = scene.client();
    const others = [1, 2].map((n) => scene.client({ apiKey: `key-${n}` }));
    const slow = hold(succeed({}));
    scene.exchange.on('Balance', slow.answer);
    const balance = client.getBalance();
    const orders = [client, ...others].flatMap((each) =>
      Array.from({ length: 10 }, () => each.placeOrder(ORDER)),
    );
    await scene.pass();
    scene.runtime.advance(9_000);
    slow.release();
    await balance;
    expect(await Promise.all(orders)).toHaveLength(30);
    expect(addOrders(scene)).toBe(30);
  });

  it.each([
    ['an error page', page(502, { date: 'Thu, 01 Jan 2026 00:00:00 GMT' })],
    ['a page with status 200', page(200, { date: 'Thu, 01 Jan 2026 00:00:00 GMT' })],
    ['its own JSON', json('{"error":["access denied"]}')],
    ['its own JSON without errors', json('{"result":{"status":"log in"}}')],
  ])('is not chosen by the clock of a proxy that answers with %s', async (_what, answer) => {
    const scene = sceneThatChecks();
    scene.exchange.on('Balance', answer);
    const client = scene.client({ settlingMs: 500, timeoutMs: 400 });
    const balance = watch(client.getBalance());
    await scene.pass(2_000);
    expect(balance.isSettled).toBe(true);
    await client.placeOrder(ORDER);
    expect(addOrders(scene)).toBe(1);
  });

  it('is chosen by what the exchange answers, be it an error', async () => {
    const scene = sceneThatChecks();
    setWall(scene, -HOUR_MS);
    scene.exchange.on('Balance', refuse('EGeneral:Permission denied'));
    const client = scene.client();
    await client.getBalance().catch(() => undefined);
    await client.placeOrder(ORDER);
    expect([addOrders(scene), scene.exchange.timesAsked]).toEqual([1, 0]);
  });
});

/** JSON that is not Kraken's, with a `Date` long past. */
function json(body: string): Answer {
  const headers = { 'content-type': 'application/json', date: 'Thu, 01 Jan 2026 00:00:00 GMT' };
  return () => Promise.resolve({ status: 200, headers, body });
}

describe('the time of the exchange', () => {
  it('is asked for once by all clients that wait for it', async () => {
    const scene = new Scene('key');
    scene.exchange.on('AddOrder', checking(scene));
    const clients = Array.from({ length: 20 }, (_, n) => scene.client({ apiKey: `key-${n}` }));
    await Promise.all(clients.map((client) => client.placeOrder(ORDER)));
    expect(scene.exchange.timesAsked).toBe(1);
  });

  it('is learned from its text where replies have no Date', async () => {
    const scene = sceneThatChecks();
    setWall(scene, HOUR_MS);
    const client = scene.client({
      transport: async (request) => ({ ...(await scene.exchange.transport(request)), headers: {} }),
    });
    await client.placeOrder(ORDER);
    expect(addOrders(scene)).toBe(1);
  });

  it.each([
    ['gets no answer', silence],
    ['is answered by a proxy', page(502)],
    ['is answered without a time', json('{"result":"now"}')],
  ])(
    'is taken from the wall clock, which a refusal sets right, when the question %s',
    async (_how, answer) => {
      const scene = sceneThatChecks();
      scene.exchange.on('/0/public/Time', answer);
      setWall(scene, HOUR_MS);
      const order = watch(scene.client().placeOrder(ORDER));
      await scene.pass(5_100);
      expect(order.value).toMatchObject(PLACED);
      expect(scene.exchange.methods).toEqual(['/0/public/Time', 'AddOrder', 'AddOrder']);
    },
  );

  it('is that of the Date of the answer, not of its text, where it has both', async () => {
    const scene = sceneThatChecks();
    setWall(scene, HOUR_MS);
    scene.exchange.on('/0/public/Time', succeed({ unixtime: Math.floor(SCENE_START_MS / 1000) + 3_600 }));
    await scene.client().placeOrder(ORDER);
    expect(addOrders(scene)).toBe(1);
  });

  it('does not keep the lane when the caller who waits for it leaves', async () => {
    const scene = sceneThatChecks();
    scene.exchange.on('/0/public/Time', silence);
    const change = new AbortController();
    void watch(scene.client().placeOrder(ORDER, { signal: change.signal }));
    await scene.pass(100);
    const balance = watch(scene.client({ apiKey: 'other' }).getBalance());
    await scene.pass(100);
    expect(scene.exchange.methods).toEqual(['/0/public/Time']);
    change.abort();
    await scene.pass();
    expect(balance.isSettled).toBe(true);
  });

  it('is not waited for by a caller who leaves: nothing is sent', async () => {
    const scene = sceneThatChecks();
    scene.exchange.on('/0/public/Time', silence);
    const change = new AbortController();
    const order = watch(scene.client().placeOrder(ORDER, { signal: change.signal }));
    await scene.pass(100);
    change.abort();
    await scene.pass();
    expect(order.error).toMatchObject({ code: 'call_cancelled', outcome: 'not-executed' });
    await scene.pass(60_000, 1_000);
    expect(scene.exchange.methods).toEqual(['/0/public/Time']);
  });
});

describe('a refused deadline', () => {
  it.each([LATE, 'EService:Deadline elapsed'])(
    'of the client’s own is replaced once, and the caller does not see it: %s',
    async (error) => {
      const scene = new Scene();
      const events: CallEvent[] = [];
      scene.exchange.on('AddOrder', refuse(error), checking(scene));
      const client = scene.client({ onEvent: (event) => events.push(event) });
      const placed = await client.placeOrder(ORDER);
      const [first, second] = scene.exchange.seen;
      expect(placed).toMatchObject({ txid: ['OTXID'], clOrdId: first?.params['cl_ord_id'] });
      expect(second?.params['cl_ord_id']).toBe(first?.params['cl_ord_id']);
      expect(second?.nonce).toBeGreaterThan(first?.nonce ?? 0n);
      expect(events.find(({ type }) => type === 'retried')).toMatchObject({ cause: 'deadline', delayMs: 0 });
    },
  );

  it('is replaced by the time that the refusal shows, not by what was known before', async () => {
    const scene = sceneThatChecks();
    const client = scene.client();
    await client.placeOrder(ORDER);
    const { nowMs } = scene.exchange;
    scene.exchange.nowMs = () => nowMs() + 120_000;
    expect(await client.placeOrder(ORDER)).toMatchObject(PLACED);
    expect(addOrders(scene)).toBe(3);
    await client.placeOrder(ORDER);
    expect(addOrders(scene)).toBe(4);
  });

  it('is replaced by the refusal alone where a slow one agrees with what was wrongly known', async () => {
    const scene = sceneThatChecks();
    let delayMs = 0;
    const client = scene.client({
      timeoutMs: Infinity,
      transport: (request) => {
        scene.runtime.advance(delayMs);
        delayMs = 0;
        return scene.exchange.transport(request);
      },
    });
    await client.placeOrder(ORDER);
    const { nowMs } = scene.exchange;
    scene.exchange.nowMs = () => nowMs() - 25_000;
    scene.exchange.on('AddOrder', refuse(LATE), checking(scene));
    delayMs = 30_000;
    expect(await client.placeOrder(ORDER)).toMatchObject(PLACED);
    expect(addOrders(scene)).toBe(3);
  });

  it('is replaced by one that is as far ahead as may be, for a way that is slow for a while', async () => {
    const scene = sceneThatChecks();
    const client = scene.client({
      transport: async (request) => {
        if (request.method === 'POST') scene.runtime.advance(50_000);
        return scene.exchange.transport(request);
      },
      timeoutMs: Infinity,
    });
    expect(await client.placeOrder(ORDER)).toMatchObject(PLACED);
    expect(addOrders(scene)).toBe(2);
  });

  it('is told after the second time, as an order that was not executed', async () => {
    const scene = new Scene();
    scene.exchange.on('AddOrder', refuse(LATE));
    const order = watch(scene.client().placeOrder(ORDER));
    await scene.pass(1_000);
    expect(order.error).toMatchObject({ code: 'kraken_api_error', outcome: 'not-executed' });
    expect(scene.exchange.methods).toEqual(['AddOrder', 'AddOrder']);
  });

  it('of the caller is the caller’s', async () => {
    const scene = new Scene();
    scene.exchange.on('AddOrder', refuse(LATE));
    const deadline = '2026-11-22T16:00:00Z';
    const client = scene.client();
    await expect(client.placeOrder({ ...ORDER, deadline })).rejects.toMatchObject({
      outcome: 'not-executed',
    });
    await expect(client.queryPrivate('AddOrder', { ...ORDER, deadline })).rejects.toThrow(/deadline/);
    expect(scene.exchange.methods).toEqual(['AddOrder', 'AddOrder']);
    expect(scene.exchange.timesAsked).toBe(0);
  });

  it.each(['AddOrder', 'AddOrderBatch', 'AmendOrder', 'EditOrder'])(
    'of %s by its name is replaced',
    async (method) => {
      const scene = new Scene();
      scene.exchange.on(method, refuse(LATE), checking(scene, 'done'));
      const result = await scene.client().queryPrivate(method, { pair: 'XBTUSD' }, { format: 'form' });
      expect(result).toBe('done');
      expect(scene.exchange.methods).toEqual([method, method]);
    },
  );

  it('does not count against the key', async () => {
    const scene = new Scene();
    scene.exchange.on('AddOrder', refuse('EAPI:Invalid key'), refuse(LATE), refuse('EAPI:Invalid key'));
    const client = scene.client();
    for (let n = 1; n <= 5; n += 1) await client.placeOrder(ORDER).catch(() => undefined);
    await client.getBalance();
    expect(scene.exchange.methods).toContain('Balance');
  });
});

describe('an order that was sent while the time was not known', () => {
  /** The wall clock is 30 s ahead, so that the deadline that was guessed lies 37 s ahead. */
  function sceneOfGuess(): Scene {
    const scene = new Scene();
    setWall(scene, 30_000);
    scene.exchange.on('/0/public/Time', page(502)).on('AddOrder', breakConnection, succeed(PLACED));
    scene.exchange.on('OpenOrders', succeed({ open: {} })).on('ClosedOrders', succeed({ closed: {} }));
    return scene;
  }

  it('is absent only when the exchange’s own clock is past its deadline', async () => {
    const scene = sceneOfGuess();
    const order = watch(scene.client({ settlingMs: 1_000 }).placeOrder(ORDER));
    await scene.pass(37_500);
    expect(addOrders(scene)).toBe(1);
    const deadline = Date.parse(
      scene.exchange.seen.find(({ method }) => method === 'AddOrder')?.params['deadline'] ?? '',
    );
    expect(deadline - SCENE_START_MS).toBe(37_000);
    await scene.pass(2_500);
    expect(order.value).toMatchObject(PLACED);
  });

  it('is decided when the exchange, asked once a minute, tells its time', async () => {
    const scene = sceneOfGuess();
    scene.exchange.on('/0/public/Time', page(502), (seen) =>
      succeed({ unixtime: Math.floor(scene.exchange.nowMs() / 1000) })(seen),
    );
    const client = scene.client({
      settlingMs: 1_000,
      transport: async (request) => ({ ...(await scene.exchange.transport(request)), headers: {} }),
    });
    const order = watch(client.placeOrder(ORDER, { resolveTimeoutMs: 90_000 }));
    await scene.pass(59_000, 250);
    expect([order.isSettled, addOrders(scene)]).toEqual([false, 1]);
    await scene.pass(10_000, 250);
    expect(order.value).toMatchObject(PLACED);
    expect(scene.exchange.methods.filter((method) => method === '/0/public/Time')).toHaveLength(2);
  });

  it('is reported as unknown, and not sent again, when the exchange never shows its time', async () => {
    const scene = sceneOfGuess();
    const client = scene.client({
      settlingMs: 1_000,
      transport: async (request) => ({ ...(await scene.exchange.transport(request)), headers: {} }),
    });
    const order = watch(client.placeOrder(ORDER, { resolveTimeoutMs: 90_000 }));
    await scene.pass(80_000, 500);
    expect(order.isSettled).toBe(false);
    await scene.pass(20_000, 500);
    expect(order.error).toMatchObject({ code: 'order_outcome_unknown', outcome: 'unknown' });
    expect(addOrders(scene)).toBe(1);
  });
});
