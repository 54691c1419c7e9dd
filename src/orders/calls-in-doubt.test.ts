import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Coordinator } from '../lane/index.ts';
import type { CallOptions, KrakenClient } from '../kraken-client.ts';
import type { OrderRequest } from '../kraken-types.ts';
import {
  breakConnection,
  refuse,
  Scene,
  silence,
  succeed,
  watch,
} from '../scripted-exchange.test-support.ts';
import type { Answer, Seen } from '../scripted-exchange.test-support.ts';

const MINE: OrderRequest = {
  pair: 'XBTUSD',
  type: 'buy',
  ordertype: 'limit',
  price: '1',
  volume: '1',
  cl_ord_id: 'mine',
};
const UNKNOWN_ORDER = refuse('EOrder:Unknown order');

/** An exchange with open orders that can be placed, listed and cancelled by their `cl_ord_id`. */
class Desk {
  readonly scene: Scene = new Scene();
  readonly open = new Map<string, { readonly txid: string; readonly opentm: number }>();
  readonly closed = new Map<string, { readonly txid: string; readonly opentm: number }>();
  #last = 0;

  constructor() {
    this.scene.exchange
      .on('AddOrder', this.place)
      .on('OpenOrders', () => succeed({ open: this.#list(this.open) })({} as Seen))
      .on('ClosedOrders', () => succeed({ closed: this.#list(this.closed), count: 1 })({} as Seen))
      .on('CancelOrder', (seen) => this.#cancel([seen.params['cl_ord_id'] ?? ''], UNKNOWN_ORDER)(seen))
      .on('CancelAll', (seen) => this.#cancel([...this.open.keys()], succeed({ count: 0 }))(seen))
      .on('CancelOrderBatch', (seen) => {
        const { cl_ord_ids: ids } = JSON.parse(seen.request.body ?? '') as { cl_ord_ids: string[] };
        return this.#cancel(ids, succeed({ count: 0 }))(seen);
      })
      .on('AmendOrder', (seen) =>
        this.open.has(seen.params['cl_ord_id'] ?? '')
          ? succeed({ amend_id: 'A1' })(seen)
          : UNKNOWN_ORDER(seen),
      );
  }

  readonly place: Answer = (seen) => {
    this.#last += 1;
    const txid = `O${this.#last}`;
    this.open.set(seen.params['cl_ord_id'] ?? '', { txid, opentm: 1_795_353_736.17 });
    return succeed({ txid: [txid], descr: { order: 'buy' } })(seen);
  };

  /** How often a method was called. */
  times(method: string): number {
    return this.scene.exchange.methods.filter((called) => called === method).length;
  }

  #list(orders: Desk['open']): object {
    const entries = [...orders].map(([cl_ord_id, { txid, opentm }]) => [
      txid,
      { cl_ord_id, opentm, descr: { order: 'buy', close: '' } },
    ]);
    return Object.fromEntries(entries) as object;
  }

  #cancel(ids: readonly string[], otherwise: Answer): Answer {
    const known = ids.filter((id) => this.open.has(id));
    for (const id of known) {
      this.closed.set(id, this.open.get(id) ?? expect.fail('it is not open'));
      this.open.delete(id);
    }
    return known.length === 0 ? otherwise : succeed({ count: known.length });
  }
}

const PATIENCE = { settlingMs: 500 } as const;

describe('a cancel of an order whose placing is in doubt', () => {
  it('waits until the order has been sent again, and cancels it', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection, desk.place);
    const client = desk.scene.client(PATIENCE);
    const placed = watch(client.placeOrder(MINE));
    const cancelled = watch(client.cancelOrder({ cl_ord_id: 'mine' }));
    await desk.scene.pass(6_000);
    expect(desk.times('CancelOrder')).toBe(1);
    expect(cancelled.isSettled).toBe(false);
    await desk.scene.pass(4_000);
    expect(placed.value).toMatchObject({ known: 'answered' });
    expect(cancelled.value).toEqual({ count: 1 });
    expect(desk.open.size).toBe(0);
  });

  it('cancels at once an order that turns out to be there, and its placing learns of it', async () => {
    const desk = new Desk();
    desk.scene.exchange
      .on('AddOrder', (seen) => desk.place(seen).then(breakConnection))
      .on('OpenOrders', refuse('EService:Busy'));
    const client = desk.scene.client({ ...PATIENCE, timeoutMs: 400 });
    const placed = watch(client.placeOrder(MINE));
    const cancelled = watch(client.cancelOrder({ cl_ord_id: 'mine' }));
    await desk.scene.pass(1_000);
    expect(cancelled.value).toEqual({ count: 1 });
    desk.scene.exchange.on('OpenOrders', succeed({ open: {} }));
    await desk.scene.pass(10_000);
    expect(placed.value).toMatchObject({ txid: ['O1'], known: 'asked' });
    expect(desk.times('AddOrder')).toBe(1);
  });

  it('waits for it where the coordinator has no places, too', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection, desk.place);
    const turn: Coordinator['turn'] = (key, body, options) => desk.scene.coordinator.turn(key, body, options);
    const client = desk.scene.client({ ...PATIENCE, coordinator: { scope: 'global', turn } });
    void client.placeOrder(MINE);
    const cancelled = watch(client.cancelOrder({ cl_ord_id: 'mine' }));
    await desk.scene.pass(10_000);
    expect(cancelled.value).toEqual({ count: 1 });
  });

  it('waits for an order that another client of the key places', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection, desk.place);
    void desk.scene.client(PATIENCE).placeOrder(MINE);
    const cancelled = watch(desk.scene.client(PATIENCE).cancelOrder({ cl_ord_id: 'mine' }));
    await desk.scene.pass(10_000);
    expect(cancelled.value).toEqual({ count: 1 });
    expect(desk.open.size).toBe(0);
  });

  it('does not wait for the order of another key, nor for another order of this one', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection);
    void desk.scene
      .client({ ...PATIENCE, apiKey: 'another-key' })
      .placeOrder(MINE)
      .catch(() => undefined);
    void desk.scene
      .client(PATIENCE)
      .placeOrder({ ...MINE, cl_ord_id: 'other' })
      .catch(() => undefined);
    const cancelled = watch(desk.scene.client(PATIENCE).cancelOrder({ cl_ord_id: 'mine' }));
    await desk.scene.pass(2_000);
    expect(cancelled.error).toMatchObject({ errors: [{ message: 'Unknown order' }] });
  });

  it('by its txid does not wait for an order that has no id yet', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection);
    const client = desk.scene.client(PATIENCE);
    const placed = watch(client.placeOrder({ ...MINE, cl_ord_id: undefined }));
    const cancelled = watch(client.cancelOrder({ txid: 'OTHER' }));
    await desk.scene.pass(2_000);
    expect(placed.isSettled).toBe(false);
    expect(cancelled.error).toMatchObject({ errors: [{ message: 'Unknown order' }] });
  });

  it('fails as Kraken says, without waiting, when the placing was decided before', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', refuse('EOrder:Insufficient funds'));
    const client = desk.scene.client(PATIENCE);
    const placed = watch(client.placeOrder(MINE));
    const cancelled = watch(client.cancelOrder({ cl_ord_id: 'mine' }));
    await desk.scene.pass();
    expect(placed.error).toMatchObject({ errors: [{ message: 'Insufficient funds' }] });
    expect(cancelled.error).toMatchObject({
      outcome: 'not-executed',
      errors: [{ message: 'Unknown order' }],
    });
    expect(desk.times('CancelOrder')).toBe(1);
  });

  it('is sent once when the placing was answered before, though the order is gone already', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('CancelOrder', UNKNOWN_ORDER);
    const client = desk.scene.client(PATIENCE);
    const placed = watch(client.placeOrder(MINE));
    const cancelled = watch(client.cancelOrder({ cl_ord_id: 'mine' }));
    await desk.scene.pass(10_000);
    expect(placed.value).toMatchObject({ known: 'answered' });
    expect(cancelled.error).toMatchObject({ errors: [{ message: 'Unknown order' }] });
    expect(desk.times('CancelOrder')).toBe(1);
  });

  it('does not wait when the caller leaves as soon as the order is unknown', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection, desk.place);
    const change = new AbortController();
    const client = desk.scene.client({
      ...PATIENCE,
      onEvent: ({ method, type }) => {
        if (method === 'CancelOrder' && type === 'settled') change.abort();
      },
    });
    const placed = watch(client.placeOrder(MINE));
    const cancelled = watch(client.cancelOrder({ cl_ord_id: 'mine' }, { signal: change.signal }));
    await desk.scene.pass(1_000);
    expect(placed.isSettled).toBe(false);
    expect(cancelled.error).toMatchObject({ code: 'call_cancelled', outcome: 'not-executed' });
    await desk.scene.pass(10_000);
    expect(desk.times('CancelOrder')).toBe(1);
  });

  it('fails as Kraken says when the order certainly never came into being', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection);
    const client = desk.scene.client(PATIENCE);
    const placed = watch(client.placeOrder(MINE));
    const cancelled = watch(client.cancelOrder({ cl_ord_id: 'mine' }));
    await desk.scene.pass(30_000, 200);
    expect(placed.error).toMatchObject({ code: 'order_absent' });
    expect(cancelled.error).toMatchObject({ errors: [{ message: 'Unknown order' }] });
    expect(desk.times('CancelOrder')).toBe(1);
  });

  it('waits, when the placing was called off, until the order cannot appear any more', async () => {
    const desk = new Desk();
    let seen: Seen | undefined;
    desk.scene.exchange.on('AddOrder', (request) => {
      seen = request;
      return silence(request);
    });
    const change = new AbortController();
    const client = desk.scene.client(PATIENCE);
    const placed = watch(client.placeOrder(MINE, { signal: change.signal }));
    await desk.scene.pass();
    change.abort();
    const cancelled = watch(client.cancelOrder({ cl_ord_id: 'mine' }));
    await desk.scene.pass(3_000);
    expect(placed.error).toMatchObject({ code: 'order_outcome_unknown' });
    expect(cancelled.isSettled).toBe(false);
    await desk.place(seen ?? expect.fail('nothing was sent'));
    await desk.scene.pass(9_000);
    expect(cancelled.value).toEqual({ count: 1 });
    expect(desk.open.size).toBe(0);
  });

  it('waits for one that was called off before the cancel was asked for', async () => {
    const desk = new Desk();
    let seen: Seen | undefined;
    desk.scene.exchange.on('AddOrder', (request) => {
      seen = request;
      return silence(request);
    });
    const change = new AbortController();
    const client = desk.scene.client(PATIENCE);
    const placed = watch(client.placeOrder(MINE, { signal: change.signal }));
    await desk.scene.pass();
    change.abort();
    await desk.scene.pass(1_000);
    expect(placed.error).toMatchObject({ code: 'order_outcome_unknown' });
    const cancelled = watch(client.cancelOrder({ cl_ord_id: 'mine' }));
    await desk.scene.pass(2_000);
    expect(cancelled.isSettled).toBe(false);
    await desk.place(seen ?? expect.fail('nothing was sent'));
    await desk.scene.pass(9_000);
    expect(cancelled.value).toEqual({ count: 1 });
  });

  it('does not wait for a caller who left as the first answer came', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection, desk.place);
    const change = new AbortController();
    const client = desk.scene.client({
      ...PATIENCE,
      onEvent: ({ method, type }) => {
        if (method === 'CancelOrder' && type === 'settled') change.abort();
      },
    });
    void client.placeOrder(MINE);
    const left = watch(client.cancelOrder({ cl_ord_id: 'mine' }, { signal: change.signal }));
    await desk.scene.pass(1_000);
    expect(left.error).toMatchObject({ code: 'call_cancelled', outcome: 'not-executed' });
  });

  it('does not remember a placing for longer than its order may appear', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', silence).on('OpenOrders', refuse('EService:Busy'));
    const client = desk.scene.client({ ...PATIENCE, timeoutMs: 1_000 });
    const placed = watch(client.placeOrder(MINE, { resolveTimeoutMs: 30_000 }));
    await desk.scene.pass(60_000, 500);
    expect(placed.error).toMatchObject({ code: 'order_outcome_unknown' });
    const cancelled = watch(client.cancelOrder({ cl_ord_id: 'mine' }));
    await desk.scene.pass();
    expect(cancelled.error).toMatchObject({ errors: [{ message: 'Unknown order' }] });
    expect(desk.times('CancelOrder')).toBe(1);
  });

  it('goes before what is asked for later', async () => {
    const desk = new Desk();
    const client = desk.scene.client(PATIENCE);
    const calls = [
      watch(client.placeOrder(MINE)),
      watch(client.cancelOrder({ cl_ord_id: 'mine' })),
      watch(client.placeOrder({ ...MINE, cl_ord_id: 'next' })),
    ];
    await desk.scene.pass();
    expect(calls.every(({ isSettled }) => isSettled)).toBe(true);
    expect(desk.scene.exchange.methods).toEqual(['AddOrder', 'CancelOrder', 'AddOrder']);
  });

  it('ends when the caller leaves, and after the time to wait for a turn', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection, desk.place);
    const client = desk.scene.client(PATIENCE);
    void client.placeOrder(MINE);
    const change = new AbortController();
    const target = { cl_ord_id: 'mine' };
    const left = watch(client.cancelOrder(target, { signal: change.signal }));
    const late = watch(client.cancelOrder(target, { queueTimeoutMs: 2_000 }));
    await desk.scene.pass(1_000);
    change.abort();
    await desk.scene.pass();
    expect(left.error).toMatchObject({ code: 'call_cancelled', outcome: 'not-executed' });
    await desk.scene.pass(1_900);
    expect(late.error).toMatchObject({
      code: 'call_not_started',
      outcome: 'not-executed',
      cause: { code: 'placing_wait_timed_out', waitTimeoutMs: 2_000 },
    });
  });
});

describe('a call about an order whose placing is in doubt', () => {
  /** An order whose first reply was lost, and which is sent again after its deadline. */
  function inDoubt(): { desk: Desk; client: KrakenClient; placed: { isSettled: boolean } } {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection, desk.place);
    const client = desk.scene.client(PATIENCE);
    return { desk, client, placed: watch(client.placeOrder(MINE)) };
  }

  const CALLS = [
    ['CancelOrder', { cl_ord_id: 'mine' }],
    ['CancelOrderBatch', { cl_ord_ids: ['other', 'mine'] }],
    ['CancelAll', {}],
    ['AmendOrder', { cl_ord_id: 'mine', order_qty: '2' }],
  ] as const;

  it.each(CALLS)(
    '%s fails at once where Kraken refuses it for anything but the order',
    async (method, params) => {
      const { client, desk, placed } = inDoubt();
      desk.scene.exchange.on(method, refuse('EGeneral:Permission denied'));
      const call = watch(client.queryPrivate(method, params));
      await desk.scene.pass(1_000);
      expect([call.isSettled, placed.isSettled]).toEqual([true, false]);
      expect(call.error).toMatchObject({ errors: [{ message: 'Permission denied' }] });
      await desk.scene.pass(10_000);
      expect(desk.times(method)).toBe(1);
    },
  );

  it.each(CALLS)(
    '%s waits without a time limit unless it was given one, and leaves no timer',
    async (method, params) => {
      const { client, desk, placed } = inDoubt();
      const forEver = watch(client.queryPrivate(method, params));
      const long = watch(client.queryPrivate(method, params, { queueTimeoutMs: 60_000 }));
      const change = new AbortController();
      const listening = watch(client.queryPrivate(method, params, { signal: change.signal }));
      await desk.scene.pass(5_000);
      expect([forEver, long, listening, placed].map(({ isSettled }) => isSettled)).toEqual([
        false,
        false,
        false,
        false,
      ]);
      await desk.scene.pass(20_000);
      expect([forEver, long, listening, placed].every(({ isSettled }) => isSettled)).toBe(true);
      expect(desk.scene.runtime.pendingTimers).toBe(0);
      expect(getEventListeners(change.signal, 'abort')).toEqual([]);
    },
  );

  it.each(CALLS)(
    '%s of a caller who leaves while it is answered does not wait, and says what it was',
    async (method, params) => {
      const { client, desk, placed } = inDoubt();
      const change = new AbortController();
      desk.scene.exchange.on(method, (seen) => {
        setImmediate(() => change.abort());
        return (method === 'CancelAll' ? succeed({ count: 0 }) : UNKNOWN_ORDER)(seen);
      });
      const call = watch(client.queryPrivate(method, params, { signal: change.signal }));
      await desk.scene.pass(1_000);
      expect([call.isSettled, placed.isSettled]).toEqual([true, false]);
      const isSet = method === 'CancelAll' || method === 'CancelOrderBatch';
      expect(isSet ? (call.error as Error).cause : call.error).toMatchObject({
        code: 'call_cancelled',
        account: 'MASTER',
        method,
      });
    },
  );

  it('CancelOrderBatch of which Kraken knows none yet counts those that come into being', async () => {
    const { client, desk } = inDoubt();
    desk.scene.exchange.on('CancelOrderBatch', UNKNOWN_ORDER);
    const cancelled = watch(client.queryPrivate('CancelOrderBatch', { cl_ord_ids: ['mine'] }));
    await desk.scene.pass(10_000);
    expect(cancelled.value).toEqual({ count: 1 });
    expect(desk.open.size).toBe(0);
  });

  it('CancelOrderBatch fails as Kraken says when none is known, and none is in doubt', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('CancelOrderBatch', UNKNOWN_ORDER);
    const call = desk.scene.client(PATIENCE).queryPrivate('CancelOrderBatch', { cl_ord_ids: ['mine'] });
    await expect(call).rejects.toMatchObject({ errors: [{ message: 'Unknown order' }] });
  });

  it('CancelOrderBatch fails as Kraken says when the only placing it is about was decided before', async () => {
    const desk = new Desk();
    desk.scene.exchange
      .on('AddOrder', refuse('EOrder:Insufficient funds'))
      .on('CancelOrderBatch', UNKNOWN_ORDER);
    const client = desk.scene.client(PATIENCE);
    const placed = watch(client.placeOrder(MINE));
    const cancelled = watch(client.queryPrivate('CancelOrderBatch', { cl_ord_ids: ['mine'] }));
    await desk.scene.pass();
    expect(placed.error).toMatchObject({ errors: [{ message: 'Insufficient funds' }] });
    expect(cancelled.error).toMatchObject({ errors: [{ message: 'Unknown order' }] });
  });

  it.each(['CancelAll', 'CancelOrderBatch'])(
    '%s cancels nothing that certainly never came into being',
    async (method) => {
      const { client, desk } = inDoubt();
      desk.scene.exchange.on('AddOrder', breakConnection, refuse('EOrder:Insufficient funds'));
      const cancelled = watch(client.queryPrivate(method, { cl_ord_ids: ['mine'] }));
      await desk.scene.pass(20_000);
      expect(cancelled.value).toEqual({ count: 0 });
      expect(desk.times('CancelOrder')).toBe(0);
    },
  );

  it('names the order that the turn around it keeps from being placed, also one whose id is not chosen yet', async () => {
    const desk = new Desk();
    const client = desk.scene.client(PATIENCE);
    const lock = desk.scene.coordinator.lock('any');
    const errors = await lock.runExclusive(async () => {
      const messages: string[] = [];
      for (const order of [MINE, { ...MINE, cl_ord_id: undefined }]) {
        const leave = new AbortController();
        void desk.scene.outside(() =>
          client.placeOrder(order, { signal: leave.signal }).catch(() => undefined),
        );
        const error: unknown = await client.queryPrivate('CancelAll').catch((reason: unknown) => reason);
        messages.push(((error as Error).cause as Error).cause?.toString() ?? '');
        leave.abort();
        await desk.scene.pass();
      }
      return messages;
    });
    expect(errors).toEqual([
      expect.stringContaining('the order mine:'),
      expect.stringContaining('the order that is being placed:'),
    ]);
  });
});

describe('other calls about an order whose placing is in doubt', () => {
  it('AmendOrder waits for it, and is sent once it is there', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection, desk.place);
    const client = desk.scene.client(PATIENCE);
    void client.placeOrder(MINE);
    const amended = watch(client.queryPrivate('AmendOrder', { cl_ord_id: 'mine', order_qty: '2' }));
    await desk.scene.pass(10_000);
    expect(amended.value).toEqual({ amend_id: 'A1' });
    expect(desk.times('AmendOrder')).toBe(2);
  });

  it.each([
    ['CancelAll', {}],
    ['CancelOrderBatch', { cl_ord_ids: ['mine', 'other'] }],
  ])(
    '%s cancels at once what is there, later the order in doubt, and nothing asked for after it',
    async (method, params) => {
      const desk = new Desk();
      const client = desk.scene.client(PATIENCE);
      await client.placeOrder({ ...MINE, cl_ord_id: 'other' });
      desk.scene.exchange.on('AddOrder', breakConnection, desk.place, desk.place);
      void client.placeOrder(MINE);
      const cancelled = watch(client.queryPrivate(method, params));
      await desk.scene.pass(1_000);
      expect([...desk.open.keys()]).toEqual([]);
      expect(cancelled.isSettled).toBe(false);
      const later = watch(client.placeOrder({ ...MINE, cl_ord_id: 'later' }));
      await desk.scene.pass(10_000);
      expect(later.isSettled).toBe(true);
      expect(cancelled.value).toEqual({ count: 2 });
      expect([...desk.open.keys()]).toEqual(['later']);
    },
  );

  it('CancelAll does not count an order in doubt that was filled before it could be cancelled', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection, desk.place).on('CancelOrder', UNKNOWN_ORDER);
    const client = desk.scene.client(PATIENCE);
    void client.placeOrder(MINE);
    const cancelled = watch(client.queryPrivate('CancelAll'));
    await desk.scene.pass(10_000);
    expect(cancelled.value).toEqual({ count: 0 });
    expect(desk.times('CancelOrder')).toBe(1);
  });

  it('CancelAll makes no call for an order whose placing was answered before', async () => {
    const desk = new Desk();
    const client = desk.scene.client(PATIENCE);
    void client.placeOrder(MINE);
    expect(await client.queryPrivate('CancelAll')).toEqual({ count: 1 });
    expect(desk.scene.exchange.methods).toEqual(['AddOrder', 'CancelAll']);
  });

  it('CancelAll cancels an order in doubt whose id the client made', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection, desk.place);
    const client = desk.scene.client(PATIENCE);
    const placed = watch(client.placeOrder({ ...MINE, cl_ord_id: undefined }));
    const cancelled = watch(client.queryPrivate('CancelAll'));
    await desk.scene.pass(10_000);
    expect(placed.value).toMatchObject({ known: 'answered' });
    expect(cancelled.value).toEqual({ count: 1 });
    expect(desk.open.size).toBe(0);
  });

  it('CancelAll says which order may be open when that one cannot be cancelled', async () => {
    const desk = new Desk();
    desk.scene.exchange
      .on('AddOrder', breakConnection, desk.place)
      .on('CancelOrder', refuse('EGeneral:Permission denied'));
    const client = desk.scene.client(PATIENCE);
    void client.placeOrder(MINE);
    const cancelled = watch(client.queryPrivate('CancelAll'));
    await desk.scene.pass(10_000);
    expect(cancelled.error).toMatchObject({ code: 'cancel_incomplete', outcome: 'unknown', clOrdId: 'mine' });
  });

  describe.each([
    ['CancelAll', {}],
    ['CancelOrderBatch', { cl_ord_ids: ['mine'] }],
  ])('the cancel that follows a %s for an order in doubt', (method, params) => {
    /** Asks for the cancel while the placing is in doubt; the order is there after less than 10 s. */
    function followed(cancel: readonly Answer[], options: CallOptions, whenPlaced?: (desk: Desk) => void) {
      const desk = new Desk();
      desk.scene.exchange.on('CancelOrder', ...cancel).on('AddOrder', breakConnection, (seen) => {
        whenPlaced?.(desk);
        return desk.place(seen);
      });
      const client = desk.scene.client(PATIENCE);
      void watch(client.placeOrder(MINE));
      return { desk, cancelled: watch(client.queryPrivate(method, params, options)) };
    }

    it('is sent again when its reply is lost, like any cancel', async () => {
      const { cancelled, desk } = followed([breakConnection, succeed({ count: 1 })], {});
      await desk.scene.pass(15_000, 100);
      expect(cancelled.value).toEqual({ count: 1 });
      expect(desk.times('CancelOrder')).toBe(2);
    });

    it('has nothing to do when the order is gone by then', async () => {
      const { cancelled, desk } = followed([UNKNOWN_ORDER], {});
      await desk.scene.pass(15_000, 100);
      expect(cancelled.value).toEqual({ count: 0 });
      expect(desk.times('CancelOrder')).toBe(1);
    });

    it("has the call's time limit", async () => {
      const { cancelled, desk } = followed([silence], { timeoutMs: 2_000 });
      await desk.scene.pass(13_000, 100);
      expect(cancelled.error).toMatchObject({ code: 'cancel_incomplete', cause: { code: 'call_timed_out' } });
    });

    it("ends with the call's caller", async () => {
      const change = new AbortController();
      const { cancelled, desk } = followed([silence], { signal: change.signal });
      await desk.scene.pass(11_000, 100);
      expect(desk.times('CancelOrder')).toBe(1);
      change.abort();
      await desk.scene.pass();
      expect(cancelled.error).toMatchObject({ code: 'cancel_incomplete', cause: { code: 'call_cancelled' } });
    });

    it('waits for its turn as long as the call does', async () => {
      const takeLane = ({ scene }: Desk): void => {
        scene.outside(
          () => void scene.coordinator.lock('any').runExclusive(() => new Promise(() => undefined)),
        );
      };
      const { cancelled, desk } = followed([], { queueTimeoutMs: 20_000 }, takeLane);
      await desk.scene.pass(20_000, 100);
      expect(cancelled.isSettled).toBe(false);
      await desk.scene.pass(15_000, 100);
      expect(cancelled.error).toMatchObject({
        code: 'cancel_incomplete',
        cause: { code: 'call_not_started' },
      });
      expect(desk.times('CancelOrder')).toBe(0);
    });
  });

  it('CancelAllOrdersAfter does not wait: it is wound again and again', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection);
    const client = desk.scene.client(PATIENCE);
    void client.placeOrder(MINE).catch(() => undefined);
    const wound = watch(client.queryPrivate('CancelAllOrdersAfter', { timeout: 60 }));
    await desk.scene.pass(1_000);
    expect(wound).toEqual({ value: {}, isSettled: true });
  });
});

describe('a cancel inside a turn', () => {
  it('waits for a placing in the same turn', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection, desk.place);
    const client = desk.scene.client(PATIENCE);
    const lock = desk.scene.coordinator.lock('any');
    const cancelled = watch(
      lock.runExclusive(async () => {
        void client.placeOrder(MINE);
        return client.cancelOrder({ cl_ord_id: 'mine' });
      }),
    );
    await desk.scene.pass(10_000);
    expect(cancelled.value).toEqual({ count: 1 });
    expect(lock.isHeld).toBe(false);
  });

  it('waits for an order whose placing was called off, which needs the lane no more', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', silence);
    const change = new AbortController();
    const client = desk.scene.client(PATIENCE);
    const placed = watch(client.placeOrder(MINE, { signal: change.signal }));
    await desk.scene.pass();
    change.abort();
    await desk.scene.pass();
    expect(placed.error).toMatchObject({ code: 'order_outcome_unknown' });
    const lock = desk.scene.coordinator.lock('any');
    const cancelled = watch(lock.runExclusive(() => client.cancelOrder({ cl_ord_id: 'mine' })));
    await desk.scene.pass(3_000);
    expect(cancelled.isSettled).toBe(false);
    await desk.place(desk.scene.exchange.seen[0] ?? expect.fail('nothing was sent'));
    await desk.scene.pass(9_000);
    expect(cancelled.value).toEqual({ count: 1 });
  });

  it('fails at once when it holds the lane that the placing needs: waiting would never end', async () => {
    const desk = new Desk();
    desk.scene.exchange.on('AddOrder', breakConnection, desk.place);
    const client = desk.scene.client(PATIENCE);
    const lock = desk.scene.coordinator.lock('any');
    const placed = watch(client.placeOrder(MINE));
    const cancelled = watch(lock.runExclusive(() => client.cancelOrder({ cl_ord_id: 'mine' })));
    await desk.scene.pass(1_000);
    expect(cancelled.error).toMatchObject({
      code: 'call_not_started',
      outcome: 'not-executed',
      cause: { code: 'placing_blocked' },
    });
    await desk.scene.pass(10_000);
    expect(placed.value).toMatchObject({ known: 'answered' });
  });
});
