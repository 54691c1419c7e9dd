import { describe, expect, expectTypeOf, it } from 'vitest';
import { ClientClosedError } from './kraken-client.ts';
import type { Balances, PlacedOrder } from './kraken-types.ts';
import { breakConnection, hold, Scene, silence, succeed, watch } from './scripted-exchange.test-support.ts';

const ORDER = { pair: 'XBTUSD', type: 'buy', ordertype: 'market', volume: '1' } as const;

describe('the named endpoints', () => {
  it('call what they are named after, with the parameters they were given', async () => {
    const scene = new Scene();
    const client = scene.client();
    await client.getBalance();
    await client.getBalanceEx();
    await client.getTradeBalance('ZEUR');
    await client.getOpenOrders({ trades: true });
    await client.getClosedOrders({ ofs: 50 });
    await client.queryOrders(['A', 'B'], { trades: true });
    await client.cancelOrder({ txid: 'A' });
    await client.cancelOrder({ cl_ord_id: 'mine' });
    expect(
      scene.exchange.seen.map(({ method, params }) => [method, { ...params, nonce: undefined }]),
    ).toEqual([
      ['Balance', {}],
      ['BalanceEx', {}],
      ['TradeBalance', { asset: 'ZEUR' }],
      ['OpenOrders', { trades: 'true' }],
      ['ClosedOrders', { ofs: '50' }],
      ['QueryOrders', { txid: 'A,B', trades: 'true' }],
      ['CancelOrder', { txid: 'A' }],
      ['CancelOrder', { cl_ord_id: 'mine' }],
    ]);
  });

  it('have precise result types', () => {
    const client = new Scene().client();
    expectTypeOf(client.getBalance).returns.resolves.toEqualTypeOf<Balances>();
    expectTypeOf(client.placeOrder).returns.resolves.toEqualTypeOf<PlacedOrder>();
    expectTypeOf(client.queryPrivate).returns.resolves.toBeUnknown();
  });
});

describe('a public call', () => {
  it('is a GET with its parameters in the query, outside the lane, without key or nonce', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', silence);
    const client = scene.client();
    void client.getBalance();
    await scene.pass();
    await client.queryPublic('Ticker', { pair: 'XBTUSD' });
    expect(scene.exchange.seen[1]?.request).toMatchObject({
      method: 'GET',
      path: '/0/public/Ticker?pair=XBTUSD',
    });
    expect(scene.exchange.seen[1]?.request.headers).toEqual({ 'user-agent': 'nonceproof' });
    expect(scene.exchange.seen[1]?.request).not.toHaveProperty('body');
  });

  it.each([
    ['a broken connection', breakConnection, 'reply_lost'],
    ['silence', silence, 'call_timed_out'],
  ])('fails by its own name after %s, once', async (_name, answer, code) => {
    const scene = new Scene();
    const transport = scene.exchange.on('/0/public/Time', answer).transport;
    const time = watch(scene.client({ transport, timeoutMs: 1_000 }).queryPublic('Time'));
    await scene.pass(1_000);
    expect(time.error).toMatchObject({ code });
    expect(scene.exchange.seen).toHaveLength(1);
    expect(scene.runtime.pendingTimers).toBe(0);
  });

  it('can be cancelled, before and after it was sent', async () => {
    const scene = new Scene();
    const client = scene.client();
    await expect(client.queryPublic('Time', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'call_cancelled',
    });
    expect(scene.exchange.seen).toEqual([]);
    scene.exchange.on('/0/public/Time', silence);
    const change = new AbortController();
    const time = watch(client.queryPublic('Time', {}, { signal: change.signal }));
    await scene.pass();
    change.abort();
    await scene.pass();
    expect(time.error).toMatchObject({ code: 'call_cancelled' });
    expect(scene.exchange.seen[0]?.request.signal?.aborted).toBe(true);
  });
});

describe('close', () => {
  it('lets no new call in, lets the others end, and resolves when nothing is in service', async () => {
    const scene = new Scene();
    const slow = hold(succeed(1));
    scene.exchange.on('Balance', slow.answer, succeed(2));
    const client = scene.client();
    const calls = [watch(client.getBalance()), watch(client.getBalance())];
    await scene.pass();
    const closed = watch(client.close());
    for (const call of [
      () => client.getBalance(),
      () => client.placeOrder(ORDER),
      () => client.queryPublic('Time'),
    ]) {
      await expect(call()).rejects.toThrow(ClientClosedError);
    }
    await scene.pass(1_000);
    expect(closed.isSettled).toBe(false);
    slow.release();
    await scene.pass();
    expect(calls.map((call) => call.value)).toEqual([1, 2]);
    expect(closed.isSettled).toBe(true);
  });

  it('waits for the lane, not only for the caller', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', silence);
    const client = scene.client({ timeoutMs: 1_000, settlingMs: 5_000 });
    const balance = watch(client.getBalance());
    await scene.pass(1_000);
    expect(balance.isSettled).toBe(true);
    const closed = watch(client.close());
    await scene.pass(4_950);
    expect(closed.isSettled).toBe(false);
    await scene.pass(50);
    expect(closed.isSettled).toBe(true);
  });

  it('waits for an order that is being asked for, and lets it ask', async () => {
    const scene = new Scene();
    scene.exchange.on('AddOrder', breakConnection, succeed({ txid: ['O1'], descr: { order: '' } }));
    const client = scene.client({ settlingMs: 500 });
    const placed = watch(client.placeOrder(ORDER));
    await scene.pass(1_000);
    const closed = watch(client.close());
    expect(closed.isSettled).toBe(false);
    await scene.pass(10_000);
    expect([placed.isSettled, closed.isSettled]).toEqual([true, true]);
    expect(placed.value).toMatchObject({ txid: ['O1'] });
  });

  it('may be asked for twice, and of a client that never called', async () => {
    const client = new Scene().client();
    await Promise.all([client.close(), client.close()]);
    await client.close();
  });
});
