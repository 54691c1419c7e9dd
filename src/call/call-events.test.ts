import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it } from 'vitest';
import { CALL_CHANNEL } from './call-events.ts';
import type { CallEvent } from './call-events.ts';
import {
  breakConnection,
  hold,
  PUBLISHED_SECRET,
  refuse,
  refuseConnection,
  Scene,
  silence,
  succeed,
  watch,
} from '../scripted-exchange.test-support.ts';

const types = (events: readonly CallEvent[]): string[] => events.map((event) => event.type);

let stopListening: () => void = () => undefined;
afterEach(() => stopListening());

function listen(listener: (event: CallEvent) => void): void {
  const onMessage = (message: unknown): void => listener(message as CallEvent);
  subscribe(CALL_CHANNEL, onMessage);
  stopListening = () => void unsubscribe(CALL_CHANNEL, onMessage);
}

describe('the events of a call', () => {
  it('tell its steps in order', async () => {
    const scene = new Scene();
    const events: CallEvent[] = [];
    await scene.client({ onEvent: (event) => events.push(event) }).getBalance();
    expect(types(events)).toEqual(['queued', 'turn', 'nonce', 'sent', 'replied', 'settled']);
    expect(new Set(events.map((event) => event.callId)).size).toBe(1);
    expect(events[0]).toMatchObject({ account: 'MASTER', method: 'Balance' });
    expect(events[2]).toMatchObject({ nonce: scene.exchange.seen[0]?.nonce, attempt: 1 });
    expect(events[5]).toMatchObject({ errorCode: undefined });
  });

  it('tell how long it waited for its turn and for its reply', async () => {
    const scene = new Scene();
    const held = [hold(succeed(1)), hold(succeed(2))] as const;
    scene.exchange.on('Balance', ...held.map((each) => each.answer));
    const events: CallEvent[] = [];
    const client = scene.client({ onEvent: (event) => events.push(event) });
    const calls = [watch(client.getBalance()), watch(client.getBalance())];
    await scene.pass(200);
    held[0].release();
    await scene.pass(300);
    held[1].release();
    await scene.pass();
    expect(calls.every((call) => call.isSettled)).toBe(true);
    const second = events.filter((event) => event.callId !== events[0]?.callId);
    expect(second.find((event) => event.type === 'turn')).toMatchObject({ waitedMs: 200 });
    expect(second.find((event) => event.type === 'replied')).toMatchObject({ afterMs: 300, status: 200 });
    expect(second.find((event) => event.type === 'settled')).toMatchObject({ afterMs: 500 });
  });

  it('tell of each retry and why', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', refuseConnection, refuse('EAPI:Rate limit exceeded'), succeed(1));
    const events: CallEvent[] = [];
    const balance = watch(scene.client({ onEvent: (event) => events.push(event) }).getBalance());
    await scene.pass(4_000);
    expect(balance.value).toBe(1);
    expect(events.filter((event) => event.type === 'retried')).toMatchObject([
      { cause: 'not-sent', attempt: 1, delayMs: 250 },
      { cause: 'throttled', attempt: 2, delayMs: 3_000 },
    ]);
  });

  it('tell that the lane is held after the caller was told', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', silence);
    const events: CallEvent[] = [];
    const client = scene.client({
      timeoutMs: 1_000,
      settlingMs: 2_000,
      onEvent: (event) => events.push(event),
    });
    const balance = watch(client.getBalance());
    await scene.pass(1_000);
    expect(balance.isSettled).toBe(true);
    expect(events.at(-1)).toMatchObject({
      type: 'lane-held',
      settlingMs: 2_000,
      errorCode: 'call_timed_out',
    });
    await scene.pass(2_000);
    expect(events.at(-1)).toMatchObject({ type: 'settled', afterMs: 3_000 });
  });

  it('tell it once, however often the caller could leave', async () => {
    const scene = new Scene();
    scene.exchange.on('Withdraw', breakConnection);
    const events: CallEvent[] = [];
    const client = scene.client({
      timeoutMs: 1_000,
      settlingMs: 2_000,
      onEvent: (event) => events.push(event),
    });
    const withdrawal = watch(client.queryPrivate('Withdraw'));
    await scene.pass(3_000);
    expect(withdrawal.error).toMatchObject({ code: 'reply_lost' });
    expect(events.filter((event) => event.type === 'lane-held')).toMatchObject([{ errorCode: 'reply_lost' }]);
  });

  it('hand on the warnings of a call that succeeded', async () => {
    const scene = new Scene();
    const body = '{"error":["WGeneral:Deprecated"],"result":1}';
    scene.exchange.on('Balance', () => Promise.resolve({ status: 200, headers: {}, body }));
    const events: CallEvent[] = [];
    expect(await scene.client({ onEvent: (event) => events.push(event) }).getBalance()).toBe(1);
    expect(events.find((event) => event.type === 'warned')).toMatchObject({
      warnings: [{ message: 'Deprecated' }],
    });
  });

  it('are published on the diagnostics channel too', async () => {
    const events: CallEvent[] = [];
    listen((event) => events.push(event));
    await new Scene().client().getBalance();
    expect(types(events)).toEqual(['queued', 'turn', 'nonce', 'sent', 'replied', 'settled']);
  });

  it('hold no secret, signature, key or parameter', async () => {
    const scene = new Scene();
    const events: CallEvent[] = [];
    await scene
      .client({ onEvent: (event) => events.push(event) })
      .queryPrivate('Withdraw', { key: 'my-wallet' });
    const text = JSON.stringify(events, (_key, value: unknown) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
    const { headers } = scene.exchange.seen[0]?.request ?? expect.fail('nothing was sent');
    for (const secret of [PUBLISHED_SECRET, headers['api-sign'] ?? '', 'key-of-master', 'my-wallet']) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('a listener', () => {
  it('that makes a call does not get into the lane beside the call it listens to', async () => {
    const scene = new Scene();
    const slow = hold(succeed(1));
    scene.exchange.on('Balance', slow.answer).on('TradeBalance', succeed(2));
    const quiet = scene.client();
    const nested: { isSettled: boolean }[] = [];
    const client = scene.client({
      onEvent: (event) => {
        if (event.type === 'sent') nested.push(watch(quiet.getTradeBalance()));
      },
    });
    const balance = watch(client.getBalance());
    await scene.pass(1_000);
    expect(scene.exchange.methods).toEqual(['Balance']);
    slow.release();
    await scene.pass();
    expect([balance.isSettled, nested[0]?.isSettled]).toEqual([true, true]);
    expect(scene.exchange.inServiceMax).toBe(1);
  });
});
