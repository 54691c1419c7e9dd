import { getEventListeners } from 'node:events';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  CallCancelledError,
  CallNotSentError,
  CallNotStartedError,
  CallTimeoutError,
  InvalidNonceError,
  KeyRestingError,
  KrakenApiError,
  ReplyLostError,
  UnreadableReplyError,
} from './call-errors.ts';
import type { Coordinator } from '../lane/index.ts';
import {
  breakConnection,
  hold,
  page,
  PUBLISHED_SECRET,
  refuse,
  refuseConnection,
  Scene,
  silence,
  succeed,
  watch,
} from '../scripted-exchange.test-support.ts';
import { NONCE_MIN } from '../nonce/index.ts';
import type { HttpTransport } from './transport.ts';
import { signRequest } from './signature.ts';

describe('a private call', () => {
  it('sends the bytes that it signed', async () => {
    const scene = new Scene();
    await scene.client().queryPrivate('AddOrder', { pair: 'XBTUSD', close: { price: '+5' } });
    const { nonce, request } = scene.exchange.seen[0] ?? expect.fail('nothing was sent');
    const input = { path: request.path, nonce, body: request.body ?? '', apiSecret: PUBLISHED_SECRET };
    expect(request.headers['api-sign']).toBe(signRequest(input));
    expect(request.headers).toMatchObject({
      'api-key': 'key-of-master',
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'nonceproof',
    });
    expect(request.method).toBe('POST');
  });

  it('sends as JSON what Kraken takes only as JSON', async () => {
    const scene = new Scene();
    await scene.client().queryPrivate('CancelOrderBatch', { orders: ['A'] });
    const { request } = scene.exchange.seen[0] ?? expect.fail('nothing was sent');
    expect(request.headers['content-type']).toBe('application/json');
    expect(JSON.parse(request.body ?? '')).toMatchObject({ orders: ['A'] });
  });

  it('waits for the call before it, over all clients of the lane', async () => {
    const scene = new Scene();
    const first = hold(succeed(1));
    scene.exchange.on('Balance', first.answer, succeed(2));
    const calls = [scene.client(), scene.client({ apiKey: 'other', accountIdentifier: 'USER_1' })];
    const results = Promise.all(calls.map((client) => client.getBalance()));
    await scene.pass(5_000);
    expect(scene.exchange.seen).toHaveLength(1);
    first.release();
    expect(await results).toEqual([1, 2]);
    expect(scene.exchange.inServiceMax).toBe(1);
  });

  it('has a lane of its own for each key when the scope is key', async () => {
    const scene = new Scene('key');
    scene.exchange.on('Balance', silence);
    for (const apiKey of ['a', 'b', 'a']) void scene.client({ apiKey }).getBalance();
    await scene.pass();
    expect(scene.exchange.inServiceMax).toBe(2);
  });

  it('draws its nonce when its turn has come, not when it is asked for', async () => {
    const scene = new Scene();
    const first = hold(succeed(1));
    scene.exchange.on('Balance', first.answer, succeed(2));
    const client = scene.client();
    const calls = Promise.all([client.getBalance(), client.getBalance()]);
    await scene.pass(1_000);
    const nowNs = scene.runtime.wall;
    first.release();
    await calls;
    expect(scene.exchange.seen[1]?.nonce).toBeGreaterThanOrEqual(nowNs);
  });

  it('refuses a nonce from outside, and a method that is no name, without sending anything', async () => {
    const scene = new Scene();
    const client = scene.client();
    await expect(client.queryPrivate('Balance', { nonce: 1 })).rejects.toThrow(/the caller supplied it/);
    await expect(client.queryPrivate('../public/Time')).rejects.toThrow(/no name of an endpoint/);
    expect(scene.exchange.seen).toEqual([]);
  });
});

describe('the time limit', () => {
  it('tells the caller that the outcome is unknown, and keeps the lane until the reply has come', async () => {
    const scene = new Scene();
    const slow = hold(succeed('late'));
    scene.exchange.on('Withdraw', slow.answer);
    const client = scene.client({ timeoutMs: 1_000 });
    const withdrawal = watch(client.queryPrivate('Withdraw'));
    const balance = watch(client.getBalance());
    await scene.pass(1_000);
    expect(withdrawal.error).toBeInstanceOf(CallTimeoutError);
    expect(withdrawal.error).toMatchObject({ outcome: 'unknown', timeoutMs: 1_000, code: 'call_timed_out' });
    await scene.pass(5_000);
    expect(scene.exchange.methods).toEqual(['Withdraw']);
    slow.release();
    await scene.pass();
    expect(balance.value).toEqual({});
    expect(scene.exchange.inServiceMax).toBe(1);
    expect(scene.runtime.pendingTimers).toBe(0);
  });

  it('frees the lane when no reply comes within the settling time, and closes the connection', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', silence, succeed(2));
    const client = scene.client({ timeoutMs: 1_000, settlingMs: 7_000 });
    const lost = watch(client.getBalance());
    const next = watch(client.getBalance());
    await scene.pass(7_950);
    expect(lost.isSettled).toBe(true);
    expect(next.isSettled).toBe(false);
    await scene.pass(50);
    expect(next.value).toBe(2);
    expect(scene.exchange.seen[0]?.request.signal?.aborted).toBe(true);
  });

  it('tells a transport that listens, and one that only asks, when it gives a reply up', async () => {
    const scene = new Scene();
    const heard: string[] = [];
    scene.exchange.on('Balance', ({ request }) => {
      request.signal?.addEventListener('abort', () => heard.push('gave up'));
      return silence({} as never);
    });
    void watch(scene.client({ timeoutMs: 1_000, settlingMs: 7_000 }).getBalance());
    await scene.pass(7_950);
    const { request } = scene.exchange.seen[0] ?? expect.fail('nothing was sent');
    expect([heard, request.isGivenUp?.()]).toEqual([[], false]);
    await scene.pass(50);
    expect([heard, request.isGivenUp?.()]).toEqual([['gave up'], true]);
  });

  it('never frees the lane without a reply when the settling time is infinite', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', silence);
    const client = scene.client({ timeoutMs: 1_000, settlingMs: Infinity });
    const calls = [watch(client.getBalance()), watch(client.getBalance())];
    await scene.pass(3_600_000, 60_000);
    expect(calls.map((call) => call.isSettled)).toEqual([true, false]);
    expect(scene.runtime.pendingTimers).toBe(0);
  });

  it('is none when it is infinite', async () => {
    const scene = new Scene();
    const slow = hold(succeed(1));
    scene.exchange.on('Balance', slow.answer);
    const balance = watch(scene.client({ timeoutMs: Infinity }).getBalance());
    await scene.pass(3_600_000, 60_000);
    expect([balance.isSettled, scene.runtime.pendingTimers]).toEqual([false, 0]);
    slow.release();
    await scene.pass();
    expect(balance.value).toBe(1);
  });

  it('of the queue is another one, and then nothing was sent', async () => {
    const scene = new Scene();
    const first = hold(succeed(1));
    scene.exchange.on('Balance', first.answer);
    const client = scene.client({ timeoutMs: 60_000, queueTimeoutMs: 2_000 });
    const calls = [watch(client.getBalance()), watch(client.getBalance())];
    await scene.pass(1_950);
    expect(calls.map((call) => call.isSettled)).toEqual([false, false]);
    await scene.pass(50);
    expect(calls.map((call) => call.isSettled)).toEqual([false, true]);
    expect(calls[1]?.error).toBeInstanceOf(CallNotStartedError);
    expect(calls[1]?.error).toMatchObject({
      outcome: 'not-executed',
      cause: { code: 'lane_wait_timed_out' },
    });
    first.release();
    await scene.pass();
    expect(scene.exchange.seen).toHaveLength(1);
  });

  it('leaves no timer behind', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', succeed(1), breakConnection, succeed(1));
    const client = scene.client({ queueTimeoutMs: 1_000, settlingMs: 500 });
    await client.getBalance();
    expect(scene.runtime.pendingTimers).toBe(0);
    const retried = watch(client.getBalance());
    await scene.pass(2_000);
    expect(retried.value).toBe(1);
    expect(scene.runtime.pendingTimers).toBe(0);
  });
});

describe('cancellation', () => {
  it('before its turn: it is never sent', async () => {
    const scene = new Scene();
    const first = hold(succeed(1));
    scene.exchange.on('Balance', first.answer);
    const client = scene.client();
    const wait = new AbortController();
    const calls = [watch(client.getBalance()), watch(client.getBalance({ signal: wait.signal }))];
    await scene.pass();
    wait.abort('changed my mind');
    await scene.pass();
    expect(calls[1]?.error).toBeInstanceOf(CallCancelledError);
    expect(calls[1]?.error).toMatchObject({ outcome: 'not-executed', cause: 'changed my mind' });
    first.release();
    await scene.pass(100);
    expect(scene.exchange.seen).toHaveLength(1);
  });

  it('before it was asked for: it is never sent, and does not wait', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', silence);
    const client = scene.client();
    void client.getBalance();
    await expect(client.getBalance({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      outcome: 'not-executed',
    });
  });

  it('after it was sent: the outcome is unknown, and the lane stays taken until the reply', async () => {
    const scene = new Scene();
    const slow = hold(succeed(1));
    scene.exchange.on('Withdraw', slow.answer).on('Balance', succeed(2));
    const client = scene.client();
    const change = new AbortController();
    const calls = [
      watch(client.queryPrivate('Withdraw', {}, { signal: change.signal })),
      watch(client.getBalance()),
    ];
    await scene.pass();
    change.abort();
    await scene.pass(3_000);
    expect(calls[0]?.error).toMatchObject({ code: 'call_cancelled', outcome: 'unknown' });
    expect(scene.exchange.seen).toHaveLength(1);
    slow.release();
    await scene.pass();
    expect(calls[1]?.value).toBe(2);
  });

  it('while a refusal is on its way that others would wait for: the lane is free as soon as it has come', async () => {
    const scene = new Scene();
    const slow = hold(refuse('EAPI:Rate limit exceeded'));
    scene.exchange.on('Withdraw', slow.answer).on('Balance', succeed(2));
    const client = scene.client();
    const change = new AbortController();
    const withdrawal = watch(client.queryPrivate('Withdraw', {}, { signal: change.signal }));
    const balance = watch(client.getBalance());
    await scene.pass();
    change.abort();
    slow.release();
    await scene.pass();
    expect([withdrawal.isSettled, balance.isSettled]).toEqual([true, true]);
    expect(scene.exchange.methods).toEqual(['Withdraw', 'Balance']);
  });

  it('leaves no listener on a signal that outlives the call', async () => {
    const { signal } = new AbortController();
    const scene = new Scene();
    await scene.client().getBalance({ signal });
    await scene.client({ rateBudget: 'pro', apiKey: 'another' }).getBalance({ signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('between two attempts: the lane is free at once, and nothing more is sent', async () => {
    const scene = new Scene();
    scene.exchange.on('Withdraw', refuse('EOrder:Rate limit exceeded'), succeed(1)).on('Balance', succeed(2));
    const client = scene.client();
    const change = new AbortController();
    const withdrawal = watch(client.queryPrivate('Withdraw', {}, { signal: change.signal }));
    const balance = watch(client.getBalance());
    await scene.pass(500);
    change.abort();
    await scene.pass();
    expect(withdrawal.error).toMatchObject({ code: 'call_cancelled', outcome: 'not-executed' });
    expect(balance.value).toBe(2);
    expect(scene.exchange.methods).toEqual(['Withdraw', 'Balance']);
  });
});

describe('a reply that does not come', () => {
  it.each([
    ['a broken connection', breakConnection, ReplyLostError],
    ['a proxy error page', page(502), UnreadableReplyError],
  ])(
    'keeps the lane for the settling time, and tells the caller at once: %s',
    async (_name, answer, errorClass) => {
      const scene = new Scene();
      scene.exchange.on('Withdraw', answer);
      const client = scene.client({ settlingMs: 7_000 });
      const withdrawal = watch(client.queryPrivate('Withdraw'));
      const balance = watch(client.getBalance());
      await scene.pass();
      expect(withdrawal.error).toBeInstanceOf(errorClass);
      expect(withdrawal.error).toMatchObject({ outcome: 'unknown' });
      await scene.pass(6_950);
      expect(scene.exchange.methods).toEqual(['Withdraw']);
      await scene.pass(50);
      expect(balance.isSettled).toBe(true);
      expect(scene.exchange.methods).toEqual(['Withdraw', 'Balance']);
    },
  );

  it.each([200, 201])(
    'but a complete page with status %i in its place: the lane goes on at once',
    async (status) => {
      const scene = new Scene();
      scene.exchange.on('Withdraw', page(status));
      const client = scene.client({ settlingMs: 7_000 });
      const withdrawal = watch(client.queryPrivate('Withdraw'));
      const balance = watch(client.getBalance());
      await scene.pass();
      expect(withdrawal.error).toMatchObject({ code: 'unreadable_reply', outcome: 'unknown' });
      expect(balance.isSettled).toBe(true);
      expect(scene.exchange.methods).toEqual(['Withdraw', 'Balance']);
    },
  );

  it('of a call that only reads is asked for again after the settling time, with a fresh nonce', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', breakConnection, succeed('second'));
    const balance = watch(scene.client({ settlingMs: 500, timeoutMs: 10_000 }).getBalance());
    await scene.pass(700);
    expect(scene.exchange.seen).toHaveLength(1);
    await scene.pass(50);
    expect(balance.value).toBe('second');
    const [first, second] = scene.exchange.seen.map((seen) => seen.nonce);
    expect(second).toBeGreaterThan(first ?? 0n);
  });

  it('is told at once when the caller would not wait for another attempt', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', breakConnection);
    const balance = watch(scene.client({ settlingMs: 10_000, timeoutMs: 10_000 }).getBalance());
    await scene.pass();
    expect(balance.error).toBeInstanceOf(ReplyLostError);
  });

  it('treats a transport that fails in its own way as if the outcome were unknown', async () => {
    const scene = new Scene();
    const client = scene.client({ transport: () => Promise.reject(new Error('odd')) });
    const withdrawal = watch(client.queryPrivate('Withdraw'));
    await scene.pass();
    expect(withdrawal.error).toMatchObject({
      code: 'reply_lost',
      outcome: 'unknown',
      cause: { message: 'odd' },
    });
  });
});

describe('a call that was not delivered', () => {
  it('is sent again, whatever it was, with a fresh nonce each time', async () => {
    const scene = new Scene();
    scene.exchange.on('Withdraw', refuseConnection, refuseConnection, succeed('done'));
    const withdrawal = watch(scene.client().queryPrivate('Withdraw'));
    await scene.pass(750);
    expect(withdrawal.value).toBe('done');
    const nonces = scene.exchange.seen.map((seen) => seen.nonce);
    expect(new Set(nonces).size).toBe(3);
    expect(nonces).toEqual(nonces.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it('frees the lane at once when it is given up', async () => {
    const scene = new Scene();
    scene.exchange.on('Withdraw', refuseConnection);
    const client = scene.client();
    const calls = [watch(client.queryPrivate('Withdraw')), watch(client.getBalance())];
    await scene.pass(1_750);
    expect(calls[0]?.error).toBeInstanceOf(CallNotSentError);
    expect(calls[0]?.error).toMatchObject({ outcome: 'not-executed' });
    expect(calls[1]?.isSettled).toBe(true);
  });
});

describe('Invalid nonce', () => {
  it('to a read is answered once with a fresh nonce above a raised floor', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', refuse('EAPI:Invalid nonce'), succeed('done'));
    expect(await scene.client().getBalance()).toBe('done');
    const [first, second] = scene.exchange.seen.map((seen) => seen.nonce);
    expect((second ?? 0n) - (first ?? 0n)).toBeGreaterThanOrEqual(5_000_000_000n);
  });

  it.each([
    ['Withdraw', {}],
    ['WalletTransfer', {}],
    ['EditOrder', { txid: 'OTXID' }],
    ['AmendOrder', { cl_ord_id: 'mine' }],
    ['AddOrder', { cl_ord_id: 'mine' }],
    ['CancelAll', {}],
    ['CancelOrder', { txid: '7' }],
  ])(
    'to a call that changes something is never answered: it may have been delivered twice (%s %j)',
    async (method, params) => {
      const scene = new Scene();
      scene.exchange.on(method, refuse('EAPI:Invalid nonce'), succeed('done')).on('Balance', succeed(1));
      const client = scene.client();
      const error: unknown = await client.queryPrivate(method, params).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InvalidNonceError);
      expect(error).toMatchObject({
        outcome: 'unknown',
        message: expect.stringContaining('ask the exchange'),
      });
      expect(scene.exchange.methods).toEqual([method]);
      const next = watch(client.getBalance());
      await scene.pass(10_000, 500);
      expect(next.value).toBe(1);
      const [first, second] = scene.exchange.seen.map((seen) => seen.nonce);
      expect((second ?? 0n) - (first ?? 0n)).toBeGreaterThanOrEqual(5_000_000_000n);
    },
  );

  it('alone moves the nonce away from the clock: no other refusal does', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', refuse('EGeneral:Permission denied'));
    const client = scene.client();
    for (let call = 0; call < 2; call += 1) await client.getBalance().catch(() => undefined);
    const [first, second] = scene.exchange.seen.map((seen) => seen.nonce);
    expect((second ?? 0n) - (first ?? 0n)).toBeLessThan(1_000_000_000n);
  });

  it.each([
    ['AddOrder', {}, true],
    ['Withdraw', {}, true],
    ['CancelOrder', { cl_ord_id: 'mine' }, true],
    ['Balance', {}, false],
  ])(
    'to %s %j keeps the lane while the first delivery of the same bytes may be in service: %s',
    async (method, params, isHeld) => {
      const scene = new Scene();
      scene.exchange.on(method, refuse('EAPI:Invalid nonce'), succeed('done'));
      const client = scene.client({ settlingMs: 2_000 });
      void watch(client.queryPrivate(method, params));
      const other = watch(scene.client({ apiKey: 'key-of-user' }).getTradeBalance());
      await scene.pass(1_950);
      expect(other.isSettled).toBe(!isHeld);
      expect(scene.exchange.seen).toHaveLength(isHeld ? 1 : 3);
      await scene.pass(50);
      expect(other.isSettled).toBe(true);
      expect(scene.runtime.pendingTimers).toBe(0);
    },
  );

  it('to an order keeps the lane as well: it is asked for once the first delivery cannot be in service', async () => {
    const scene = new Scene();
    scene.exchange.on('AddOrder', refuse('EAPI:Invalid nonce'));
    const order = { pair: 'XBTUSD', type: 'buy', ordertype: 'market', volume: '1' } as const;
    void watch(scene.client({ settlingMs: 2_000 }).placeOrder(order));
    const other = watch(scene.client({ apiKey: 'key-of-user' }).getTradeBalance());
    await scene.pass(1_950);
    expect(scene.exchange.methods).toEqual(['AddOrder']);
    await scene.pass(50);
    expect(scene.exchange.methods).toEqual(['AddOrder', 'OpenOrders', 'ClosedOrders', 'TradeBalance']);
    expect(other.isSettled).toBe(true);
  });

  it('raises the nonce to a bounded distance from the clock, however often it comes', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', refuse('EAPI:Invalid nonce'));
    const client = scene.client();
    for (let call = 0; call < 4; call += 1) await client.getBalance().catch(() => undefined);
    const last = scene.exchange.seen.at(-1)?.nonce ?? 0n;
    expect(last - scene.runtime.wall).toBeLessThan(5_000_001_000n);
  });

  it('gives up after the second one, and says what to look for', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', refuse('EAPI:Invalid nonce'));
    await expect(scene.client().getBalance()).rejects.toThrow(InvalidNonceError);
    expect(scene.exchange.seen).toHaveLength(2);
  });

  it('lets the key rest after five in a row, for longer each time, and is forgotten after a success', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', refuse('EAPI:Invalid nonce'));
    const client = scene.client();
    for (let call = 0; call < 2; call += 1) await client.getBalance().catch(() => undefined);
    await expect(client.getBalance()).rejects.toThrow(KeyRestingError);
    await expect(client.getBalance()).rejects.toMatchObject({ outcome: 'not-executed', retryAfterMs: 5_000 });
    expect(scene.exchange.seen).toHaveLength(5);
    await scene.pass(5_000);
    await expect(client.getBalance()).rejects.toThrow(KeyRestingError);
    await expect(client.getBalance()).rejects.toMatchObject({ retryAfterMs: 10_000 });
    await scene.pass(10_000);
    scene.exchange.on('Balance', succeed(1), refuse('EAPI:Invalid nonce'), succeed(2));
    expect(await client.getBalance()).toBe(1);
    expect(await client.getBalance()).toBe(2);
  });

  it('does not let the key rest when Kraken accepted the key in between', async () => {
    const scene = new Scene();
    scene.exchange
      .on('Balance', refuse('EAPI:Invalid nonce'))
      .on('Withdraw', refuse('EFunding:No funding method'));
    const client = scene.client();
    for (let call = 0; call < 2; call += 1) await client.getBalance().catch(() => undefined);
    await expect(client.queryPrivate('Withdraw')).rejects.toThrow(KrakenApiError);
    await expect(client.getBalance()).rejects.toThrow(InvalidNonceError);
  });

  it('rests one key only, and all its clients', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', refuse('EGeneral:Temporary lockout'), succeed(1));
    await expect(scene.client().getBalance()).rejects.toThrow(KrakenApiError);
    await expect(scene.client().getBalance()).rejects.toThrow(KeyRestingError);
    expect(await scene.client({ apiKey: 'another' }).getBalance()).toBe(1);
  });
});

describe('a cancel of named orders', () => {
  const TXID = 'OABCDE-12345-ABCDEF';
  const patient = { settlingMs: 500, timeoutMs: 60_000 };

  it('is sent again with a fresh nonce after a lost reply and after Invalid nonce', async () => {
    for (const lost of [breakConnection, page(502), refuse('EService:Busy'), refuse('EAPI:Invalid nonce')]) {
      const scene = new Scene();
      scene.exchange.on('CancelOrder', lost, succeed({ count: 1 }));
      const cancelled = watch(scene.client(patient).cancelOrder({ txid: TXID }));
      await scene.pass(2_000);
      expect(cancelled.value).toEqual({ count: 1 });
      const [first, second] = scene.exchange.seen.map((seen) => seen.nonce);
      expect(second).toBeGreaterThan(first ?? 0n);
    }
  });

  it('has succeeded when the order is unknown after an attempt that may have cancelled it', async () => {
    for (const lost of [breakConnection, refuse('EAPI:Invalid nonce')]) {
      const scene = new Scene();
      scene.exchange.on('CancelOrder', lost, refuse('EOrder:Unknown order'));
      const cancelled = watch(scene.client(patient).cancelOrder({ cl_ord_id: 'mine' }));
      await scene.pass(2_000);
      expect(cancelled.value).toEqual({ count: 0 });
    }
  });

  it('has failed when the order is unknown and no attempt can have cancelled it', async () => {
    const scene = new Scene();
    scene.exchange.on('CancelOrder', refuseConnection, refuse('EOrder:Unknown order'));
    const cancelled = watch(scene.client(patient).cancelOrder({ txid: TXID }));
    await scene.pass(2_000);
    expect(cancelled.error).toMatchObject({
      outcome: 'not-executed',
      errors: [{ message: 'Unknown order' }],
    });
  });

  it.each([
    ['is refused', refuse('EGeneral:Permission denied')],
    ['is locked out', refuse('EGeneral:Temporary lockout')],
    ['cannot be sent', refuseConnection],
    ['is rate limited', refuse('EOrder:Rate limit exceeded')],
  ])('stays unknown when its repetition %s', async (_name, answer) => {
    const scene = new Scene();
    scene.exchange.on('CancelOrder', breakConnection, answer);
    const cancelled = watch(scene.client(patient).cancelOrder({ txid: TXID }));
    await scene.pass(60_000, 500);
    expect(cancelled.error).toMatchObject({ code: 'reply_lost', outcome: 'unknown' });
  });

  it.each([
    ['is throttled', refuse('EAPI:Rate limit exceeded')],
    ['is refused for its nonce', refuse('EAPI:Invalid nonce')],
  ])('stays unknown when its repetition %s', async (_name, answer) => {
    const scene = new Scene();
    scene.exchange.on('CancelOrder', breakConnection, answer);
    const cancelled = watch(scene.client(patient).cancelOrder({ txid: TXID }));
    await scene.pass(60_000, 500);
    expect(cancelled.error).toMatchObject({ code: expect.any(String) as string, outcome: 'unknown' });
  });

  it('that is throttled may have been executed: an order that is gone afterwards is what was asked for', async () => {
    const scene = new Scene();
    scene.exchange.on('CancelOrder', refuse('EAPI:Rate limit exceeded'), refuse('EOrder:Unknown order'));
    const cancelled = watch(scene.client(patient).cancelOrder({ txid: TXID }));
    await scene.pass(4_000, 500);
    expect(cancelled.value).toEqual({ count: 0 });
  });

  it('stays unknown when the caller leaves before the repetition is sent', async () => {
    const scene = new Scene();
    scene.exchange.on('CancelOrder', breakConnection, succeed({ count: 1 }));
    const change = new AbortController();
    const cancelled = watch(scene.client(patient).cancelOrder({ txid: TXID }, { signal: change.signal }));
    await scene.pass(600);
    change.abort();
    await scene.pass();
    expect(cancelled.error).toMatchObject({ code: 'call_cancelled', outcome: 'unknown' });
    await scene.pass(2_000);
    expect(scene.exchange.methods).toEqual(['CancelOrder']);
  });
});

describe('a lockout', () => {
  it('stops everything with the key until it is over', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', refuse('EGeneral:Temporary lockout'), succeed(1));
    const client = scene.client({ lockoutMs: 60_000 });
    await expect(client.getBalance()).rejects.toMatchObject({ errors: [{ message: 'Temporary lockout' }] });
    await expect(client.getBalance()).rejects.toMatchObject({ code: 'key_resting', retryAfterMs: 60_000 });
    await scene.pass(59_000, 1_000);
    await expect(client.getBalance()).rejects.toMatchObject({ retryAfterMs: 1_000 });
    await scene.pass(1_000);
    expect(await client.getBalance()).toBe(1);
    expect(scene.exchange.seen).toHaveLength(2);
  });
});

describe('a rate limit', () => {
  it.each([
    ['EAPI:Rate limit exceeded', 3_000],
    ['EOrder:Rate limit exceeded', 3_000],
    ['EService: Throttled: 1795353738', 2_000],
  ])('is waited for, and a later call of the account stays behind: %s', async (error, delayMs) => {
    const scene = new Scene();
    scene.exchange.on('CancelOrder', refuse(error), succeed('done'));
    const client = scene.client();
    const calls = [watch(client.cancelOrder({ txid: 'OABCDE' })), watch(client.getBalance())];
    await scene.pass(delayMs - 10, 10);
    expect(scene.exchange.methods).toEqual(['CancelOrder']);
    await scene.pass(10);
    expect(scene.exchange.methods).toEqual(['CancelOrder', 'CancelOrder', 'Balance']);
    expect(calls.map((call) => call.isSettled)).toEqual([true, true]);
  });

  it.each([
    ['EAPI:Rate limit exceeded', refuse('EAPI:Rate limit exceeded')],
    ['EAuth:Too many requests', refuse('EAuth:Too many requests')],
    ['EGeneral:Too many requests', refuse('EGeneral:Too many requests')],
    ['EService: Throttled', refuse('EService: Throttled: 1795353738')],
    ['HTTP status 429', page(429, { 'retry-after': '2' })],
  ])('of the API leaves open what a withdrawal did: it is never sent again (%s)', async (_name, answer) => {
    const scene = new Scene();
    scene.exchange.on('Withdraw', answer, succeed('done'));
    const withdrawal = watch(scene.client().queryPrivate('Withdraw'));
    await scene.pass(60_000, 500);
    expect(withdrawal.error).toMatchObject({ outcome: 'unknown' });
    expect(scene.exchange.methods).toEqual(['Withdraw']);
  });

  it('is waited for as long as Retry-After says', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', page(429, { 'retry-after': '2' }), succeed('done'));
    const balance = watch(scene.client().getBalance());
    await scene.pass(1_950);
    expect(balance.isSettled).toBe(false);
    await scene.pass(50);
    expect(balance.value).toBe('done');
  });

  it('that lasts longer than the caller waits is told at once', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', page(429, { 'retry-after': '30' }));
    await expect(scene.client({ timeoutMs: 10_000 }).getBalance()).rejects.toMatchObject({
      outcome: 'not-executed',
    });
  });
});

describe('the call that the lane is for', () => {
  it('does not leave when its nonce has grown too old on the way, and is made anew with another', async () => {
    const scene = new Scene();
    const answers = [false, true];
    const shouldSend = (): boolean => answers.shift() ?? expect.fail('asked too often');
    const coordinator: Coordinator = {
      scope: 'global',
      turn: (key, body) =>
        scene.coordinator.turn(key, (turn) => {
          const raiseFloor = (nonce: bigint): void | Promise<void> => turn.raiseFloor(nonce);
          return body({ drawNonce: () => turn.drawNonce(), raiseFloor, shouldSend });
        }),
    };
    const transport: HttpTransport = (request) =>
      request.shouldSend?.() === true ? scene.exchange.transport(request) : refuseConnection();
    const balance = watch(scene.client({ coordinator, transport }).getBalance());
    await scene.pass(1_000);
    expect(balance.isSettled).toBe(true);
    expect(balance.error).toBeUndefined();
    expect(scene.exchange.seen).toHaveLength(1);
    expect(answers).toEqual([]);
  });

  it('is not sent for a caller who leaves as soon as he hears of its nonce', async () => {
    const scene = new Scene();
    const cancel = new AbortController();
    const client = scene.client({ onEvent: ({ type }) => type === 'nonce' && cancel.abort() });
    await expect(client.getBalance({ signal: cancel.signal })).rejects.toMatchObject({
      code: 'call_cancelled',
      outcome: 'not-executed',
    });
    await scene.pass();
    expect(scene.exchange.seen).toEqual([]);
    await expect(scene.client().getBalance()).resolves.toEqual({});
  });

  it('waits for a nonce that comes as a promise of another realm', async () => {
    const scene = new Scene();
    const ForeignPromise = runInNewContext('Promise') as PromiseConstructor;
    const turn: Coordinator['turn'] = (_key, body) =>
      body({ drawNonce: () => ForeignPromise.resolve(NONCE_MIN), raiseFloor: () => undefined });
    await scene.client({ coordinator: { scope: 'global', turn } }).getBalance();
    expect(scene.exchange.seen).toMatchObject([{ nonce: NONCE_MIN }]);
  });

  it('is not made for a caller who has left, whatever the coordinator makes of signals', async () => {
    const scene = new Scene();
    const cancel = new AbortController();
    let turns = 0;
    const turn: Coordinator['turn'] = (key, body) =>
      scene.coordinator.turn(key, (given) => {
        turns += 1;
        cancel.abort();
        return body(given);
      });
    const client = scene.client({ coordinator: { scope: 'global', turn } });
    const isNotExecuted = { code: 'call_cancelled', outcome: 'not-executed' };
    await expect(client.getBalance({ signal: cancel.signal })).rejects.toMatchObject(isNotExecuted);
    await expect(client.getBalance({ signal: cancel.signal })).rejects.toMatchObject(isNotExecuted);
    expect(turns).toBe(1);
    expect(scene.exchange.seen).toEqual([]);
  });

  it('is told apart from what a broken coordinator does', async () => {
    const scene = new Scene();
    const coordinator = {
      scope: 'global',
      turn: () => Promise.reject(new Error('database is gone')),
    } as const;
    await expect(scene.client({ coordinator }).getBalance()).rejects.toMatchObject({
      code: 'call_not_started',
      outcome: 'not-executed',
      cause: { message: 'database is gone' },
    });
  });
});
