import { request } from 'undici';
import { expect, test } from 'vitest';
import { startMockKraken } from './start-mock-kraken.ts';
import { signedRequest } from './testing/signed-request.ts';

test('a signed Balance and AddOrder are accepted over a real socket and leave two records', async () => {
  const kraken = await startMockKraken({ users: 2, seed: 7 });
  try {
    const [master, user] = kraken.accounts;
    if (master === undefined || user === undefined) throw new Error('two accounts were asked for');
    const order = {
      pair: 'XBTUSD',
      type: 'buy',
      ordertype: 'market',
      volume: '0.01',
      nonceproof_call: 'c-2',
    };
    const calls = [
      signedRequest({ credentials: master, method: 'Balance', nonce: 1 }),
      signedRequest({ credentials: user, method: 'AddOrder', nonce: 1n, params: order, encoding: 'json' }),
    ];
    for (const { path, headers, body } of calls) {
      const reply = await request(kraken.url + path, { method: 'POST', headers, body });
      expect(reply.statusCode).toBe(200);
      expect(await reply.body.json()).toMatchObject({ error: [], result: expect.anything() });
    }
    expect(kraken.journal()).toMatchObject([
      {
        seq: 1,
        account: 'MASTER',
        method: 'Balance',
        nonce: '1',
        outcome: 'accepted',
        violations: [],
        effect: null,
      },
      {
        seq: 2,
        account: 'USER_1',
        method: 'AddOrder',
        outcome: 'accepted',
        tag: 'c-2',
        effect: { kind: 'order' },
      },
    ]);
  } finally {
    await kraken.close();
  }
});
