import { request } from 'undici';
import { expect, test } from 'vitest';
import { FAULT_KINDS, namedFaultPlan } from './faults/index.ts';
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

test('a hostile plan strikes with every kind of fault, and a client that goes on gets through', async () => {
  const short = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 5]));
  const faults = namedFaultPlan('hostile', { seed: 1, calls: 400, ms: short });
  const kraken = await startMockKraken({ users: 1, faults, serviceTime: 0, arrivalJitterMs: 1 });
  const [credentials] = kraken.accounts;
  if (credentials === undefined) throw new Error('one account was asked for');
  const order = { pair: 'XBTUSD', type: 'buy', ordertype: 'market', volume: '0.0001' };
  try {
    for (let nonce = 1; nonce <= 400; nonce++) {
      const isOrder = nonce % 5 === 0;
      const parts = isOrder ? { method: 'AddOrder', params: order } : { method: 'Balance' };
      const { path, headers, body } = signedRequest({ credentials, nonce, ...parts });
      await request(kraken.url + path, { method: 'POST', headers, body })
        .then((reply) => reply.body.text())
        .catch(() => undefined);
    }
  } finally {
    await kraken.close();
  }
  const struck = kraken.journal().map(({ fault }) => fault);
  expect(FAULT_KINDS.filter((kind) => !struck.includes(kind))).toEqual([]);
  expect(kraken.journal().flatMap(({ violations }) => violations)).toEqual([]);
  const unexcused = kraken.journal().filter(({ outcome, fault }) => outcome === 'rejected' && fault === null);
  expect(unexcused).toEqual([]);
});
