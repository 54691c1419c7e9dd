import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { CallEvent } from './call-events.ts';
import type { OtpSource } from '../account/index.ts';
import { initializeKrakenUsers } from '../initialize.ts';
import { KrakenBroker } from '../kraken-broker.ts';
import {
  breakConnection,
  PUBLISHED_SECRET,
  refuse,
  Scene,
  succeed,
  watch,
} from '../scripted-exchange.test-support.ts';
import { signRequest } from './signature.ts';

const ORDER = { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '1', volume: '1' } as const;

function otps(scene: Scene): (string | undefined)[] {
  return scene.exchange.seen.map(({ params }) => params['otp']);
}

describe('the second factor of a key', () => {
  it.each<[string, OtpSource]>([
    ['text', '271828'],
    ['a function', () => '271828'],
    ['an asynchronous function', () => Promise.resolve('271828')],
  ])('is sent in the signed body: %s', async (_kind, otp) => {
    const scene = new Scene();
    await scene.client({ otp }).getBalance();
    const { nonce, request } = scene.exchange.seen[0] ?? expect.fail('nothing was sent');
    expect(request.body).toBe(`nonce=${nonce}&otp=271828`);
    const input = { path: request.path, nonce, body: request.body ?? '', apiSecret: PUBLISHED_SECRET };
    expect(request.headers['api-sign']).toBe(signRequest(input));
  });

  it('is sent in JSON too, and by the broker', async () => {
    const scene = new Scene();
    const client = scene.client({ otp: '271828' });
    await client.queryPrivate('CancelOrderBatch', { orders: ['OABCDE'] });
    expect(JSON.parse(scene.exchange.seen[0]?.request.body ?? '')).toMatchObject({ otp: '271828' });
    await new KrakenBroker(client).getAccountBalance();
    expect(otps(scene)[1]).toBe('271828');
  });

  it('is asked for once an attempt, with the call that needs it', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', refuse('EAPI:Invalid nonce'), succeed({}));
    const asked: unknown[] = [];
    await scene.client({ otp: (call) => String(100_000 + asked.push(call)) }).getBalance();
    expect(otps(scene)).toEqual(['100001', '100002']);
    expect(asked).toEqual(Array.from({ length: 2 }, () => ({ account: 'MASTER', method: 'Balance' })));
  });

  it('is sent with the questions that follow a lost order, and with a replaced deadline', async () => {
    const scene = new Scene();
    scene.exchange.on('AddOrder', refuse('EService:Deadline elapsed'), breakConnection);
    scene.exchange.on('OpenOrders', succeed({ open: {} })).on('ClosedOrders', succeed({ closed: {} }));
    void watch(scene.client({ otp: '271828' }).placeOrder(ORDER));
    await scene.pass(40_000, 250);
    expect(new Set(scene.exchange.methods)).toEqual(new Set(['AddOrder', 'OpenOrders', 'ClosedOrders']));
    expect(new Set(otps(scene))).toEqual(new Set(['271828']));
  });

  it('of the call goes before that of the client, and is sent once', async () => {
    const scene = new Scene();
    await scene.client({ otp: '271828' }).queryPrivate('Balance', { otp: '314159' });
    const { nonce, request } = scene.exchange.seen[0] ?? expect.fail('nothing was sent');
    expect(request.body).toBe(`nonce=${nonce}&otp=314159`);
  });

  it('belongs to the account, where accounts are initialized together', async () => {
    const scene = new Scene();
    const credentials = [1, 2].map((n) => ({
      account: `USER_${n}`,
      apiKey: `key-${n}`,
      apiSecret: PUBLISHED_SECRET,
      otp: n === 1 ? '111111' : undefined,
    }));
    const { coordinator, runtime } = scene;
    const shared = { coordinator, runtime, transport: scene.exchange.transport, otp: '271828' };
    await initializeKrakenUsers({ ...shared, credentials });
    expect(otps(scene)).toEqual(['111111', '271828']);
  });

  it('that cannot be had fails the call before anything is sent', async () => {
    const scene = new Scene();
    const otp = (): Promise<string> => Promise.reject(new Error('the device is locked'));
    const balance = scene.client({ otp }).getBalance();
    await expect(balance).rejects.toMatchObject({
      code: 'call_not_sent',
      cause: { message: 'the device is locked' },
    });
    expect(scene.exchange.seen).toEqual([]);
  });

  it('is in no event and no error, not even in one that the exchange repeats', async () => {
    const scene = new Scene();
    const events: CallEvent[] = [];
    scene.exchange.on('Balance', refuse('EAPI:Invalid key:271828'));
    const client = scene.client({ otp: '271828', onEvent: (event) => events.push(event) });
    const balance = watch(client.getBalance());
    await scene.pass(1_000);
    expect(balance.error).toBeInstanceOf(Error);
    expect(inspect([balance.error, events, client], { depth: 12, showHidden: true })).not.toContain('271828');
  });

  it.each([7, '', null])('is refused as an option when it is %s', (otp) => {
    expect(() => new Scene().client({ otp: otp as never })).toThrow(/otp/);
  });
});
