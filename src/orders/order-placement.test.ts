import { describe, expect, it } from 'vitest';
import type { Coordinator } from '../lane/index.ts';
import { KrakenBroker } from '../kraken-broker.ts';
import type { OrderRequest } from '../kraken-types.ts';
import {
  breakConnection,
  hold,
  page,
  refuse,
  Scene,
  silence,
  succeed,
  watch,
} from '../scripted-exchange.test-support.ts';
import type { Answer, Seen } from '../scripted-exchange.test-support.ts';

const ORDER: OrderRequest = { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '1', volume: '1' };
const LATER = '2026-11-22T16:00:00Z';
const PLACED = { txid: ['OTXID'], descr: { order: 'buy 1 XBTUSD @ limit 1' } };

/** An order book of one account, as far as asking goes. */
class Book {
  readonly open: Record<string, object> = {};
  readonly closed: Record<string, object> = {};

  add(to: 'open' | 'closed', seen: Seen, openedMs = 1_795_353_736_170): void {
    const id = `O${Object.keys({ ...this.open, ...this.closed }).length + 1}`;
    this[to][id] = {
      cl_ord_id: seen.params['cl_ord_id'],
      opentm: openedMs / 1000,
      descr: { order: 'buy 1 XBTUSD @ limit 1', close: '' },
    };
  }

  readonly openOrders: Answer = (seen) => succeed({ open: this.open })(seen);
  readonly closedOrders: Answer = (seen) => succeed({ closed: this.closed, count: 1 })(seen);
}

function sceneWithBook(): { scene: Scene; book: Book } {
  const scene = new Scene();
  const book = new Book();
  scene.exchange.on('OpenOrders', book.openOrders).on('ClosedOrders', book.closedOrders);
  return { scene, book };
}

/** Takes effect, but nobody hears of it. */
const applyAndBreak =
  (book: Book, to: 'open' | 'closed'): Answer =>
  (seen) => {
    book.add(to, seen);
    return breakConnection();
  };

describe('an order that is answered', () => {
  it('carries an id made from its nonce, and a deadline 7 s after the latest time there', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', succeed(PLACED));
    const placed = await scene.client().placeOrder(ORDER);
    const { nonce, params } = scene.exchange.seen[0] ?? expect.fail('nothing was sent');
    expect(params['cl_ord_id']).toBe(`np${nonce.toString(36)}`);
    expect(params['cl_ord_id']?.length).toBeLessThanOrEqual(18);
    expect(params['deadline']).toBe('2026-11-22T13:22:24.000Z');
    expect(placed).toEqual({ ...PLACED, clOrdId: params['cl_ord_id'], known: 'answered' });
  });

  it('keeps the id and the deadline that the caller gave it, and changes nothing of the order', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', succeed(PLACED));
    const order = Object.freeze({ ...ORDER, cl_ord_id: 'mine', deadline: '2026-11-22T16:00:00Z' });
    expect(await scene.client().placeOrder(order)).toMatchObject({ clOrdId: 'mine' });
    expect(scene.exchange.seen[0]?.params).toMatchObject({
      cl_ord_id: 'mine',
      deadline: '2026-11-22T16:00:00Z',
    });
  });

  it.each([
    ['an order', {}, ['cl_ord_id', 'deadline']],
    ['one with an id', { cl_ord_id: 'mine' }, ['cl_ord_id', 'deadline']],
    ['one with a userref', { userref: 7 }, ['deadline', 'userref']],
    ['one with an id and a deadline', { cl_ord_id: 'a', deadline: LATER }, ['cl_ord_id', 'deadline']],
    ['one that is only checked', { validate: true }, ['deadline', 'validate']],
  ])('names each of its parameters once, and no other: %s', async (_what, changes, more) => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', succeed(PLACED));
    await scene.client().placeOrder({ ...ORDER, ...changes });
    const body = scene.exchange.seen[0]?.request.body ?? '';
    const names = [...Object.keys(ORDER), 'nonce', ...more];
    expect([...new URLSearchParams(body).keys()].toSorted()).toEqual(names.toSorted());
  });

  it('has no id beside a userref, because Kraken excludes that', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', succeed(PLACED));
    expect(await scene.client().placeOrder({ ...ORDER, userref: 7 })).toMatchObject({ clOrdId: undefined });
    expect(scene.exchange.seen[0]?.params).not.toHaveProperty('cl_ord_id');
  });

  it('has a deadline by the clock of the exchange, as soon as that is known', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.nowMs = () => 1_795_360_000_000;
    scene.exchange.on('AddOrder', succeed(PLACED));
    const client = scene.client();
    await client.getBalance();
    await client.placeOrder(ORDER);
    expect(scene.exchange.seen[1]?.params['deadline']).toBe(new Date(1_795_360_008_000).toISOString());
    expect(scene.exchange.timesAsked).toBe(0);
  });

  it('is sent again like anything that only reads when it was only checked and the reply got lost', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', breakConnection, succeed({ descr: PLACED.descr }));
    const checked = watch(scene.client({ settlingMs: 500 }).placeOrder({ ...ORDER, validate: true }));
    await scene.pass(2_000);
    expect(checked.value).toMatchObject({ txid: [] });
  });

  it('has an empty description where the answer has none', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', succeed({ txid: ['OTXID'] }));
    expect(await scene.client().placeOrder(ORDER)).toMatchObject({ txid: ['OTXID'], descr: { order: '' } });
  });

  it('has no order id when it was only checked', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', succeed({ descr: PLACED.descr }));
    expect(await scene.client().placeOrder({ ...ORDER, validate: true })).toMatchObject({ txid: [] });
  });

  it('fails as Kraken says when it is refused, and nobody asks', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', refuse('EOrder:Insufficient funds'));
    await expect(scene.client().placeOrder(ORDER)).rejects.toMatchObject({ outcome: 'not-executed' });
    expect(scene.exchange.methods).toEqual(['AddOrder']);
  });

  it('is asked for when the answer has no order id', async () => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', (seen) => {
      book.add('open', seen);
      return succeed(null)(seen);
    });
    expect(await scene.client().placeOrder(ORDER)).toMatchObject({ txid: ['O1'], known: 'asked' });
  });

  it('counts although its reply came after the time limit', async () => {
    const { scene } = sceneWithBook();
    const slow = hold(succeed(PLACED));
    scene.exchange.on('AddOrder', slow.answer);
    const placed = watch(scene.client({ timeoutMs: 1_000 }).placeOrder(ORDER));
    await scene.pass(4_000);
    expect(placed.isSettled).toBe(false);
    slow.release();
    await scene.pass();
    expect(placed.value).toMatchObject({ txid: ['OTXID'], known: 'answered' });
  });
});

describe('an order whose reply is lost', () => {
  it.each(['open', 'closed'] as const)('is found among the %s orders and not sent again', async (where) => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', applyAndBreak(book, where));
    const placed = watch(scene.client().placeOrder(ORDER));
    await scene.pass(10_000);
    const [{ params } = expect.fail('nothing was sent'), ...questions] = scene.exchange.seen;
    expect(placed.value).toEqual({
      txid: ['O1'],
      descr: { order: 'buy 1 XBTUSD @ limit 1', close: '' },
      clOrdId: params['cl_ord_id'],
      known: 'asked',
    });
    expect(questions.map((seen) => [seen.method, seen.params['cl_ord_id']])).toEqual(
      (where === 'open' ? ['OpenOrders'] : ['OpenOrders', 'ClosedOrders']).map((method) => [
        method,
        params['cl_ord_id'],
      ]),
    );
  });

  it.each([
    ['a proxy error page', page(504)],
    ['EService:Unavailable', refuse('EService:Unavailable')],
  ])('counts as lost when the answer is %s', async (_name, answer) => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', (seen) => {
      book.add('open', seen);
      return answer(seen);
    });
    const placed = watch(scene.client().placeOrder(ORDER));
    await scene.pass(10_000);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
  });

  it('is asked for only after the lane is free again', async () => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', applyAndBreak(book, 'open'));
    void scene.client({ settlingMs: 6_000 }).placeOrder(ORDER);
    await scene.pass(5_950);
    expect(scene.exchange.methods).toEqual(['AddOrder']);
    await scene.pass(50);
    expect(scene.exchange.methods).toEqual(['AddOrder', 'OpenOrders']);
  });

  it('is sent again, with the same id and a fresh nonce, when it does not exist after its deadline', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', breakConnection, succeed(PLACED));
    const placed = watch(scene.client().placeOrder(ORDER));
    await scene.pass(10_000);
    expect(placed.value).toMatchObject({ txid: ['OTXID'], known: 'answered' });
    const [first, second] = scene.exchange.seen.filter((seen) => seen.method === 'AddOrder');
    expect(second?.params['cl_ord_id']).toBe(first?.params['cl_ord_id']);
    expect(second?.nonce).toBeGreaterThan(first?.nonce ?? 0n);
    expect(second?.params['deadline'] ?? '').not.toBe(first?.params['deadline']);
  });

  it('is not sent again before its deadline: it may still be on its way', async () => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', breakConnection, succeed(PLACED));
    const client = scene.client({ settlingMs: 500, orderDeadlineMs: 5_000 });
    const placed = watch(client.placeOrder(ORDER));
    await scene.pass(6_000);
    expect(scene.exchange.methods.filter((method) => method === 'AddOrder')).toHaveLength(1);
    book.add('closed', scene.exchange.seen[0] ?? expect.fail('nothing was sent'));
    await scene.pass(1_500);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
  });

  it('leaves the lane to others while it is asked for', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', breakConnection, succeed(PLACED)).on('Balance', succeed({}));
    const client = scene.client({ settlingMs: 500 });
    void client.placeOrder(ORDER);
    await scene.pass();
    const balance = watch(client.getBalance());
    await scene.pass(1_000);
    expect(balance.isSettled).toBe(true);
  });

  it('fails without effect when it gets lost a second time and does not exist', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', breakConnection);
    const placed = watch(scene.client().placeOrder(ORDER));
    await scene.pass(30_000);
    expect(placed.error).toMatchObject({ code: 'order_absent', outcome: 'not-executed' });
    expect(scene.exchange.methods.filter((method) => method === 'AddOrder')).toHaveLength(2);
  });

  it.each([
    ['is found although the second attempt is refused', true],
    ['fails as Kraken says when it is refused the second time and does not exist', false],
  ])('%s', async (_name, exists) => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', breakConnection, (seen) => {
      if (exists) book.add('open', seen);
      return refuse('EGeneral:Invalid arguments:cl_ord_id not unique')(seen);
    });
    const placed = watch(scene.client().placeOrder(ORDER));
    await scene.pass(20_000);
    if (exists) expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
    else expect(placed.error).toMatchObject({ code: 'kraken_api_error', outcome: 'not-executed' });
  });

  it('is asked for again when the answers get lost as well', async () => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', applyAndBreak(book, 'open'));
    scene.exchange.on('OpenOrders', breakConnection, page(502), refuse('EService:Busy'), book.openOrders);
    const placed = watch(scene.client({ settlingMs: 500 }).placeOrder(ORDER));
    await scene.pass(20_000);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
  });

  it.each(['OpenOrders', 'ClosedOrders'])(
    'is never sent again on an answer without a list: %s may be answered by another program',
    async (method) => {
      const { scene } = sceneWithBook();
      scene.exchange.on('AddOrder', breakConnection).on(method, succeed({ status: 'log in' }));
      const order = watch(scene.client({ settlingMs: 500 }).placeOrder(ORDER, { resolveTimeoutMs: 60_000 }));
      await scene.pass(120_000, 500);
      expect(order.error).toMatchObject({
        code: 'order_outcome_unknown',
        outcome: 'unknown',
        cause: { code: 'order_list_missing', method },
      });
      expect(scene.exchange.methods.filter((called) => called === 'AddOrder')).toHaveLength(1);
    },
  );

  it('is asked for when it is refused the second time: that does not speak for the first', async () => {
    const { scene, book } = sceneWithBook();
    let first: Seen | undefined;
    const late: Answer = (seen) => {
      book.add('open', first ?? seen);
      return refuse('EOrder:Insufficient funds')(seen);
    };
    scene.exchange.on(
      'AddOrder',
      (seen) => {
        first = seen;
        return breakConnection();
      },
      late,
    );
    const order = watch(scene.client({ settlingMs: 500 }).placeOrder(ORDER));
    await scene.pass(20_000, 250);
    expect(order.value).toMatchObject({ txid: ['O1'], known: 'asked' });
  });

  it('is asked for until it is certain, however short the patience, as long as the exchange answers', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', breakConnection, succeed(PLACED));
    const order = watch(scene.client({ settlingMs: 500 }).placeOrder(ORDER, { resolveTimeoutMs: 1 }));
    await scene.pass(20_000, 250);
    expect(order.value).toMatchObject({ known: 'answered' });
    expect(scene.exchange.timesAsked).toBe(1);
  });

  it('is asked for outside its turn, where the question waits for room in the rate budget', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', breakConnection, succeed(PLACED));
    const rateBudget = { counterMax: 3, decayPerSecond: 0.1, historyCost: 4 };
    const client = scene.client({ settlingMs: 500, rateBudget });
    const order = watch(client.placeOrder(ORDER, { resolveTimeoutMs: 1 }));
    await scene.pass(60_000, 250);
    expect(order.value).toMatchObject({ known: 'answered' });
  });

  it('is asked for again within one question, however short the patience, where a limit turns that away', async () => {
    const { scene, book } = sceneWithBook();
    const full = refuse('EAPI:Rate limit exceeded');
    scene.exchange
      .on('AddOrder', breakConnection, succeed(PLACED))
      .on('OpenOrders', book.openOrders, full, book.openOrders);
    const client = scene.client({ settlingMs: 500 });
    const order = watch(client.placeOrder(ORDER, { resolveTimeoutMs: 1 }));
    await scene.pass(30_000, 250);
    expect(order.value).toMatchObject({ known: 'answered' });
  });

  it('is asked for no more often than every 4 s when it is certain, but the exchange does not answer', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', breakConnection).on('OpenOrders', refuse('EGeneral:Permission denied'));
    const client = scene.client({ settlingMs: 500 });
    const placed = watch(client.placeOrder(ORDER, { resolveTimeoutMs: 60_000 }));
    await scene.pass(80_000, 250);
    expect(placed.error).toMatchObject({
      code: 'order_outcome_unknown',
      account: 'MASTER',
      method: 'AddOrder',
    });
    expect(scene.exchange.methods.filter((method) => method === 'OpenOrders').length).toBeLessThan(25);
  });

  it('is looked up by the id that it has beside a userref', async () => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', applyAndBreak(book, 'open'));
    const placed = watch(scene.client().placeOrder({ ...ORDER, userref: 7, cl_ord_id: 'mine' }));
    await scene.pass(10_000);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
  });

  it('is reported with its id when the exchange never answers', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', silence).on('OpenOrders', silence);
    const placed = watch(scene.client({ timeoutMs: 10_000 }).placeOrder(ORDER, { resolveTimeoutMs: 30_000 }));
    await scene.pass(80_000, 500);
    const id = scene.exchange.seen[0]?.params['cl_ord_id'];
    expect(placed.error).toMatchObject({ code: 'order_outcome_unknown', outcome: 'unknown', clOrdId: id });
    expect(scene.exchange.methods.filter((method) => method === 'AddOrder')).toHaveLength(1);
  });

  it('is reported with its id when the caller cancels, before asking and during it', async () => {
    for (const cancelAtMs of [100, 6_500, 16_200]) {
      const { scene } = sceneWithBook();
      scene.exchange.on('AddOrder', silence).on('OpenOrders', refuse('EService:Busy'));
      const change = new AbortController();
      const client = scene.client({ timeoutMs: 1_000, settlingMs: 5_000 });
      const placed = watch(client.placeOrder(ORDER, { signal: change.signal }));
      await scene.pass(cancelAtMs);
      change.abort();
      await scene.pass();
      expect(placed.error).toMatchObject({ code: 'order_outcome_unknown' });
    }
  });

  it.each([
    ['a userref', { userref: 7 }],
    ['a userref, and only to be checked', { userref: 7, validate: true }],
    ['no order', { validate: true }],
  ])('is nothing that CancelAll waits for when there is %s in place of an id', async (_what, order) => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', breakConnection).on('CancelAll', succeed({ count: 0 }));
    const client = scene.client({ settlingMs: 500, timeoutMs: 400 });
    const placed = watch(client.placeOrder({ ...ORDER, ...order }));
    const cancelled = watch(client.queryPrivate('CancelAll'));
    await scene.pass(1_000);
    expect(cancelled.value).toEqual({ count: 0 });
    await scene.pass(10_000);
    expect(placed.error).toMatchObject({ code: 'reply_lost' });
    expect(scene.exchange.methods.filter((method) => method !== 'AddOrder')).toEqual(['CancelAll']);
  });

  it.each([
    ['a userref', { userref: 7 }, 'unknown'],
    ['no order, because it is only checked,', { validate: true }, 'not-executed'],
  ])(
    'is called off like any other call when there is %s in place of an id',
    async (_what, order, outcome) => {
      const { scene } = sceneWithBook();
      scene.exchange.on('AddOrder', silence);
      const change = new AbortController();
      const placed = watch(scene.client().placeOrder({ ...ORDER, ...order }, { signal: change.signal }));
      await scene.pass(100);
      change.abort();
      await scene.pass();
      expect(placed.error).toMatchObject({ code: 'call_cancelled', outcome });
    },
  );

  it('is told at its time limit when there is a userref in place of an id: there is nothing to wait for', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', silence);
    const client = scene.client({ timeoutMs: 400, settlingMs: 5_000 });
    const placed = watch(client.placeOrder({ ...ORDER, userref: 7 }));
    await scene.pass(400);
    expect(placed.error).toMatchObject({ code: 'call_timed_out', outcome: 'unknown' });
  });

  it('is not reported as one that may exist when the caller leaves before it is sent', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('Balance', silence);
    const client = scene.client();
    void watch(client.getBalance());
    const change = new AbortController();
    const placed = watch(client.placeOrder(ORDER, { signal: change.signal }));
    await scene.pass(100);
    change.abort();
    await scene.pass();
    expect(placed.error).toMatchObject({ code: 'call_cancelled', outcome: 'not-executed' });
  });

  it('is given up without asking when it has a userref in place of an id', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', breakConnection);
    const placed = watch(scene.client().placeOrder({ ...ORDER, userref: 7 }));
    await scene.pass(30_000);
    expect(placed.error).toMatchObject({ code: 'reply_lost', outcome: 'unknown' });
    expect(scene.exchange.methods).toEqual(['AddOrder']);
  });

  it("is not mistaken for an older order with the caller's id", async () => {
    const { scene, book } = sceneWithBook();
    const older = { ...ORDER, cl_ord_id: 'again' };
    scene.exchange.on('AddOrder', breakConnection, succeed(PLACED));
    const placed = watch(scene.client().placeOrder(older));
    await scene.pass();
    book.add('closed', scene.exchange.seen[0] ?? expect.fail('nothing was sent'), 1_795_353_000_000);
    await scene.pass(10_000);
    expect(placed.value).toMatchObject({ txid: ['OTXID'], known: 'answered' });
  });

  it('is its own by an id that the client made, whatever time the exchange says it was opened', async () => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', (seen) => {
      book.add('open', seen, 1_795_353_000_000);
      return breakConnection();
    });
    const placed = watch(scene.client().placeOrder(ORDER));
    await scene.pass(10_000);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
  });

  it('is not mistaken for the order of another client', async () => {
    const { scene, book } = sceneWithBook();
    book.open['OTHER'] = { cl_ord_id: 'somebody-else', opentm: 1_795_353_737, descr: { order: '' } };
    scene.exchange.on('AddOrder', breakConnection, succeed(PLACED));
    const placed = watch(scene.client().placeOrder(ORDER));
    await scene.pass(10_000);
    expect(placed.value).toMatchObject({ txid: ['OTXID'] });
  });

  it('of the caller with a deadline that cannot be read is waited for as long as any deadline can last', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', breakConnection, succeed(PLACED));
    const order = { ...ORDER, cl_ord_id: 'mine', deadline: 'soon' };
    const placed = watch(scene.client().placeOrder(order));
    await scene.pass(60_000);
    expect(placed.isSettled).toBe(false);
    expect(scene.exchange.methods.filter((method) => method === 'AddOrder')).toHaveLength(1);
    await scene.pass(3_000);
    expect(placed.isSettled).toBe(true);
    const sent = scene.exchange.seen.filter(({ method }) => method === 'AddOrder');
    expect(sent.map(({ params }) => params)).toMatchObject(
      sent.map(() => ({ cl_ord_id: 'mine', deadline: 'soon' })),
    );
  });

  it('of the caller with a deadline of its own is waited for until that has passed', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', breakConnection, succeed(PLACED));
    const deadline = new Date(1_795_353_736_170 + 30_000).toISOString();
    const placed = watch(scene.client().placeOrder({ ...ORDER, deadline }));
    await scene.pass(31_000);
    expect(placed.isSettled).toBe(false);
    await scene.pass(1_500);
    expect(placed.isSettled).toBe(true);
  });
});

/** Delivered twice: the first delivery is executed, the second one is answered. */
const applyAndAnswer =
  (book: Book, to: 'open' | 'closed', answer: Answer): Answer =>
  (seen) => {
    book.add(to, seen);
    return answer(seen);
  };

const INVALID_NONCE = refuse('EAPI:Invalid nonce');
const NOT_UNIQUE = refuse('EGeneral:Invalid arguments:cl_ord_id not unique');

describe('an order whose nonce is refused', () => {
  it.each(['open', 'closed'] as const)(
    'is found among the %s orders when it was delivered twice',
    async (where) => {
      const { scene, book } = sceneWithBook();
      scene.exchange.on('AddOrder', applyAndAnswer(book, where, INVALID_NONCE), succeed(PLACED));
      const placed = watch(scene.client().placeOrder(ORDER));
      await scene.pass(20_000);
      expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
      expect(scene.exchange.methods.filter((method) => method === 'AddOrder')).toHaveLength(1);
    },
  );

  it('is asked for above a raised floor, and sent again once it certainly does not exist', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', INVALID_NONCE, succeed(PLACED));
    const placed = watch(scene.client({ settlingMs: 1_000 }).placeOrder(ORDER));
    await scene.pass(8_900);
    expect(scene.exchange.methods.filter((method) => method === 'AddOrder')).toHaveLength(1);
    const [first, asked] = scene.exchange.seen.map((seen) => seen.nonce);
    expect((asked ?? 0n) - (first ?? 0n)).toBeGreaterThanOrEqual(5_000_000_000n);
    await scene.pass(300);
    expect(placed.value).toMatchObject({ txid: ['OTXID'], known: 'answered' });
  });

  it('is found when it shows up late: the first delivery was still in service', async () => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', INVALID_NONCE, succeed(PLACED));
    const placed = watch(scene.client({ settlingMs: 1_000 }).placeOrder(ORDER));
    await scene.pass(3_000);
    book.add('closed', scene.exchange.seen[0] ?? expect.fail('nothing was sent'));
    await scene.pass(5_000);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
    expect(scene.exchange.methods.filter((method) => method === 'AddOrder')).toHaveLength(1);
  });

  it('is asked for although the coordinator fails to raise the floor: what it did is as open as before', async () => {
    const { scene, book } = sceneWithBook();
    const coordinator: Coordinator = {
      scope: 'global',
      turn: (key, body) =>
        scene.coordinator.turn(key, (turn) =>
          body({
            drawNonce: () => turn.drawNonce(),
            raiseFloor: () => Promise.reject(new Error('the database is gone')),
          }),
        ),
    };
    scene.exchange
      .on('AddOrder', applyAndAnswer(book, 'closed', INVALID_NONCE), succeed(PLACED))
      .on('Withdraw', INVALID_NONCE, succeed('done'));
    const client = scene.client({ coordinator });
    const placed = watch(client.placeOrder(ORDER));
    const withdrawn = watch(client.queryPrivate('Withdraw'));
    await scene.pass(20_000);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
    expect(withdrawn.error).toMatchObject({ code: 'invalid_nonce', outcome: 'unknown' });
    expect(scene.exchange.methods.filter((method) => method !== 'OpenOrders')).toEqual([
      'AddOrder',
      'ClosedOrders',
      'Withdraw',
    ]);
  });

  it('is reported as unknown, with its id, when every nonce is refused', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', INVALID_NONCE).on('OpenOrders', INVALID_NONCE);
    const placed = watch(scene.client().placeOrder(ORDER, { resolveTimeoutMs: 30_000 }));
    await scene.pass(60_000, 500);
    expect(placed.error).toMatchObject({
      code: 'order_outcome_unknown',
      outcome: 'unknown',
      clOrdId: scene.exchange.seen[0]?.params['cl_ord_id'],
      cause: { outcome: 'not-executed' },
    });
    expect(scene.exchange.methods.filter((method) => method === 'AddOrder')).toHaveLength(1);
  });

  it('is reported as unknown without asking when it has a userref in place of an id', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', INVALID_NONCE, succeed(PLACED));
    const placed = watch(scene.client().placeOrder({ ...ORDER, userref: 7 }));
    await scene.pass(20_000);
    expect(placed.error).toMatchObject({ code: 'invalid_nonce', outcome: 'unknown' });
    expect(scene.exchange.methods).toEqual(['AddOrder']);
  });
});

/** Limits that may be checked before the nonce: each may answer a second delivery. */
const THROTTLED: readonly (readonly [string, Answer])[] = [
  ...[
    'EAPI:Rate limit exceeded',
    'EAuth:Rate limit exceeded',
    'EAuth:Too many requests',
    'EGeneral:Too many requests',
    'EService: Throttled: 1795353738',
  ].map((error): readonly [string, Answer] => [error, refuse(error)]),
  ['HTTP status 429', page(429, { 'retry-after': '2' })],
];

describe('an order that a limit of the API turns away', () => {
  it.each(THROTTLED)('is found when it was delivered twice: %s', async (_name, answer) => {
    for (const where of ['open', 'closed'] as const) {
      const { scene, book } = sceneWithBook();
      scene.exchange.on('AddOrder', applyAndAnswer(book, where, answer), succeed(PLACED));
      const placed = watch(scene.client().placeOrder({ ...ORDER, ordertype: 'market' }));
      await scene.pass(20_000);
      expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
      expect(scene.exchange.methods.filter((method) => method === 'AddOrder')).toHaveLength(1);
    }
  });

  it('is found when the first delivery was still in service', async () => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', refuse('EService: Throttled: 1795353738'), succeed(PLACED));
    const placed = watch(scene.client({ settlingMs: 1_000 }).placeOrder(ORDER));
    await scene.pass(3_000);
    book.add('closed', scene.exchange.seen[0] ?? expect.fail('nothing was sent'));
    await scene.pass(5_000);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
    expect(scene.exchange.methods.filter((method) => method === 'AddOrder')).toHaveLength(1);
  });

  it('is sent again once it certainly does not exist, though the questions are throttled at first', async () => {
    const { scene, book } = sceneWithBook();
    const full = refuse('EAPI:Rate limit exceeded');
    scene.exchange.on('AddOrder', full, succeed(PLACED)).on('OpenOrders', full, full, book.openOrders);
    const placed = watch(scene.client().placeOrder(ORDER));
    await scene.pass(30_000);
    expect(placed.value).toMatchObject({ txid: ['OTXID'], known: 'answered' });
    expect(scene.exchange.methods.filter((method) => method === 'AddOrder')).toHaveLength(2);
  });

  it("is not asked for when the limit is the matching engine's: the nonce had been accepted", async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', refuse('EOrder:Rate limit exceeded'), succeed(PLACED));
    const placed = watch(scene.client().placeOrder(ORDER));
    await scene.pass(4_000);
    expect(placed.value).toMatchObject({ txid: ['OTXID'], known: 'answered' });
    expect(scene.exchange.methods).toEqual(['AddOrder', 'AddOrder']);
  });
});

describe('an order whose id is in use', () => {
  it.each([
    ['the client', ORDER],
    ['the caller', { ...ORDER, cl_ord_id: 'mine' }],
  ])('is found when %s made the id and the order was delivered twice', async (_name, order) => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', applyAndAnswer(book, 'open', NOT_UNIQUE));
    const placed = watch(scene.client().placeOrder(order));
    await scene.pass(20_000);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
    expect(scene.exchange.methods.filter((method) => method === 'AddOrder')).toHaveLength(1);
  });

  it('is found when that is one of several errors', async () => {
    const { scene, book } = sceneWithBook();
    const several = refuse('EOrder:Invalid order', 'EGeneral:Invalid arguments:cl_ord_id not unique');
    scene.exchange.on('AddOrder', applyAndAnswer(book, 'open', several));
    const placed = watch(scene.client().placeOrder(ORDER));
    await scene.pass(20_000);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
  });

  it("is told from an older order with the caller's id, at once and without effect", async () => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', (seen) => {
      book.add('open', seen, 1_795_353_000_000);
      return NOT_UNIQUE(seen);
    });
    const placed = watch(scene.client().placeOrder({ ...ORDER, cl_ord_id: 'mine' }));
    await scene.pass();
    expect(placed.error).toMatchObject({
      code: 'order_id_in_use',
      outcome: 'not-executed',
      clOrdId: 'mine',
      message: expect.stringContaining('mayExist'),
    });
  });

  it('is looked up until the exchange answers', async () => {
    const { scene, book } = sceneWithBook();
    scene.exchange
      .on('AddOrder', applyAndAnswer(book, 'open', NOT_UNIQUE))
      .on('OpenOrders', refuse('EService:Busy'), refuse('EService:Busy'), book.openOrders);
    const placed = watch(scene.client().placeOrder({ ...ORDER, cl_ord_id: 'mine' }));
    await scene.pass(20_000);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
  });

  it('is refused like any other when the parameter itself is wrong', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', refuse('EGeneral:Invalid arguments:cl_ord_id'));
    const order = { ...ORDER, cl_ord_id: 'much too long to be an id' };
    await expect(scene.client().placeOrder(order)).rejects.toMatchObject({ outcome: 'not-executed' });
    expect(scene.exchange.methods).toEqual(['AddOrder']);
  });
});

describe('an order that may exist', () => {
  const MINE: OrderRequest = { ...ORDER, cl_ord_id: 'mine' };
  const AGAIN = { mayExist: true } as const;
  /** Long before the client was made. */
  const EARLIER_MS = 1_795_353_000_000;

  function addMine(book: Book, to: 'open' | 'closed'): void {
    book[to]['O1'] = { cl_ord_id: 'mine', opentm: EARLIER_MS / 1000, descr: { order: 'buy', close: '' } };
  }

  it.each(['open', 'closed'] as const)('is found among the %s orders and not sent', async (where) => {
    const { scene, book } = sceneWithBook();
    addMine(book, where);
    expect(await scene.client().placeOrder(MINE, AGAIN)).toMatchObject({ txid: ['O1'], known: 'asked' });
    expect(scene.exchange.methods).not.toContain('AddOrder');
  });

  it.each([
    ['the settling time', { settlingMs: 10_000, orderDeadlineMs: 5_000 }, 10_000],
    ['the deadline', { settlingMs: 500, orderDeadlineMs: 20_000 }, 20_000],
    ["Kraken's longest deadline", { settlingMs: Infinity }, 60_000],
  ])(
    'is sent only when it is absent after %s: the earlier one may be in service',
    async (_name, limits, lastsMs) => {
      const { scene } = sceneWithBook();
      scene.exchange.on('AddOrder', succeed(PLACED));
      const placed = watch(scene.client(limits).placeOrder(MINE, AGAIN));
      await scene.pass(lastsMs + 1_900, 100);
      expect(scene.exchange.methods).not.toContain('AddOrder');
      await scene.pass(300, 100);
      expect(placed.value).toMatchObject({ txid: ['OTXID'], known: 'answered', clOrdId: 'mine' });
      expect(scene.exchange.methods.slice(-3)).toEqual(['OpenOrders', 'ClosedOrders', 'AddOrder']);
    },
  );

  it('waits for the deadline that the order itself has', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', refuse('EService:Deadline elapsed'));
    const deadline = new Date(1_795_353_736_170 + 30_000).toISOString();
    const placed = watch(scene.client().placeOrder({ ...MINE, deadline }, AGAIN));
    await scene.pass(31_000, 200);
    expect(scene.exchange.methods).not.toContain('AddOrder');
    await scene.pass(2_000, 200);
    expect(placed.error).toMatchObject({ outcome: 'not-executed' });
  });

  it('waits for as long as any deadline can last when that of the order cannot be read', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', refuse('EGeneral:Invalid arguments:deadline'));
    const placed = watch(scene.client({ settlingMs: 500 }).placeOrder({ ...MINE, deadline: 'soon' }, AGAIN));
    await scene.pass(61_000, 500);
    expect(scene.exchange.methods).not.toContain('AddOrder');
    await scene.pass(2_000, 500);
    expect(placed.error).toMatchObject({ outcome: 'not-executed' });
  });

  it('is found, and its own, when it is listed only after it was sent again', async () => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', (seen) => {
      addMine(book, 'open');
      return NOT_UNIQUE(seen);
    });
    const placed = watch(scene.client().placeOrder(MINE, AGAIN));
    await scene.pass(30_000, 200);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
  });

  it('is found when the earlier one takes effect after the first question', async () => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', succeed(PLACED));
    const placed = watch(scene.client().placeOrder(MINE, AGAIN));
    await scene.pass(3_000);
    addMine(book, 'closed');
    await scene.pass(10_000);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
    expect(scene.exchange.methods).not.toContain('AddOrder');
  });

  it('is found by its id, however early it was opened, when the reply of the later one is lost', async () => {
    const { scene, book } = sceneWithBook();
    scene.exchange.on('AddOrder', () => {
      addMine(book, 'closed');
      return breakConnection();
    });
    const placed = watch(scene.client().placeOrder(MINE, AGAIN));
    await scene.pass(30_000, 250);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
    expect(scene.exchange.methods.filter((method) => method === 'AddOrder')).toHaveLength(1);
  });

  it('is not sent while the exchange does not answer, and then reported as unknown', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('OpenOrders', refuse('EService:Busy'));
    const placed = watch(scene.client().placeOrder(MINE, { ...AGAIN, resolveTimeoutMs: 30_000 }));
    await scene.pass(60_000, 500);
    expect(placed.error).toMatchObject({
      code: 'order_outcome_unknown',
      outcome: 'unknown',
      clOrdId: 'mine',
    });
    expect(scene.exchange.methods).not.toContain('AddOrder');
  });

  it('can be called off while it is asked for, and is unknown then', async () => {
    const { scene } = sceneWithBook();
    const change = new AbortController();
    const placed = watch(scene.client().placeOrder(MINE, { ...AGAIN, signal: change.signal }));
    await scene.pass(1_000);
    change.abort();
    await scene.pass();
    expect(placed.error).toMatchObject({ code: 'order_outcome_unknown', outcome: 'unknown' });
    await scene.pass(20_000, 500);
    expect(scene.exchange.methods).not.toContain('AddOrder');
  });

  it('needs the id it was sent with', async () => {
    const { scene } = sceneWithBook();
    await expect(scene.client().placeOrder(ORDER, AGAIN)).rejects.toMatchObject({
      code: 'invalid_params',
      param: 'cl_ord_id',
    });
    expect(scene.exchange.seen).toEqual([]);
  });

  it('is checked at once when nothing is to be placed', async () => {
    const { scene } = sceneWithBook();
    scene.exchange.on('AddOrder', succeed({ descr: PLACED.descr }));
    await scene.client().placeOrder({ ...ORDER, validate: true }, AGAIN);
    expect(scene.exchange.methods).toEqual(['AddOrder']);
  });

  it('is the same through the broker', async () => {
    const { scene, book } = sceneWithBook();
    addMine(book, 'closed');
    const broker = new KrakenBroker(scene.client());
    const order = { pair: 'XBTUSD', side: 'buy', volume: '1', clOrdId: 'mine' } as const;
    expect(await broker.placeMarketOrder(order, AGAIN)).toMatchObject({ txid: ['O1'], known: 'asked' });
    expect(scene.exchange.methods).not.toContain('AddOrder');
  });
});

describe('findOrder', () => {
  it('looks among the open orders, then among the closed ones, for the id and no other', async () => {
    const { scene, book } = sceneWithBook();
    book.open['OTHER'] = { cl_ord_id: 'other' };
    book.closed['O1'] = { cl_ord_id: 'mine', status: 'closed' };
    const found = await scene.client().findOrder('mine');
    expect(found).toEqual({ txid: 'O1', order: { cl_ord_id: 'mine', status: 'closed' } });
    expect(scene.exchange.seen.map(({ method, params }) => [method, params['cl_ord_id']])).toEqual([
      ['OpenOrders', 'mine'],
      ['ClosedOrders', 'mine'],
    ]);
  });

  it.each([
    [null],
    ['text'],
    [{}],
    [{ open: null, closed: null }],
    [{ open: [], closed: [] }],
    [{ status: 'log in' }],
  ])('does not take an answer without a list for one without the order: %j', async (result) => {
    for (const [method, other] of [
      ['OpenOrders', succeed({ closed: {} })],
      ['ClosedOrders', succeed({ open: {} })],
    ] as const) {
      const scene = new Scene();
      scene.exchange.on('OpenOrders', other).on('ClosedOrders', other).on(method, succeed(result));
      await expect(scene.client().findOrder('mine')).rejects.toMatchObject({
        code: 'order_list_missing',
        method,
      });
    }
  });

  it('finds nothing when there is nothing, and says so only when the exchange said so', async () => {
    const { scene } = sceneWithBook();
    expect(await scene.client().findOrder('mine')).toBeUndefined();
    scene.exchange.on('ClosedOrders', refuse('EGeneral:Permission denied'));
    await expect(scene.client().findOrder('mine')).rejects.toMatchObject({ method: 'ClosedOrders' });
    await expect(scene.client().findOrder('')).rejects.toMatchObject({ code: 'invalid_params' });
  });
});

describe('other calls of the trading engine', () => {
  it.each(['AddOrder', 'AmendOrder', 'EditOrder', 'AddOrderBatch'])(
    '%s carries a deadline too',
    async (method) => {
      const scene = new Scene();
      await scene.client().queryPrivate(method, { pair: 'XBTUSD' }, { format: 'form' });
      expect(scene.exchange.seen[0]?.params['deadline']).toBe('2026-11-22T13:22:24.000Z');
    },
  );

  it('AddOrder by its name is not sent again after a lost reply', async () => {
    const scene = new Scene();
    scene.exchange.on('AddOrder', breakConnection);
    const order = watch(scene.client().queryPrivate('AddOrder', { ...ORDER }));
    await scene.pass(30_000);
    expect(order.error).toMatchObject({ outcome: 'unknown' });
    expect(scene.exchange.seen).toHaveLength(1);
  });
});
