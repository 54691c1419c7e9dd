import { describe, expect, it } from 'vitest';
import { CopyScaleError, CopyTrader } from './copy-trader.ts';
import { KrakenBroker } from './kraken-broker.ts';
import type { OrderRequest } from './kraken-types.ts';
import { refuse, Scene, succeed } from './scripted-exchange.test-support.ts';
import type { Answer, Seen } from './scripted-exchange.test-support.ts';

const ORDER: OrderRequest = {
  pair: 'XBTUSD',
  type: 'buy',
  ordertype: 'limit',
  price: '100',
  volume: '1.5',
  cl_ord_id: 'mine',
};
const PLACED = succeed({ txid: ['O1'], descr: { order: 'buy' } });

/** MASTER and two USERs, told apart by their keys. */
function trade(balances: Readonly<Record<string, string>>): { scene: Scene; trader: CopyTrader } {
  const scene = new Scene();
  const balanceOf: Answer = (seen) => succeed({ ZUSD: balances[keyOf(seen)] })(seen);
  scene.exchange.on('Balance', balanceOf).on('AddOrder', PLACED);
  const clientOf = (account: string) => scene.client({ apiKey: account, accountIdentifier: account });
  const users = ['USER_1', 'USER_2'].map(clientOf);
  return { scene, trader: new CopyTrader({ master: clientOf('MASTER'), users, scaleAsset: 'ZUSD' }) };
}

const keyOf = (seen: Seen): string => seen.request.headers['api-key'] ?? '';

function orders(scene: Scene): Record<string, string | undefined> {
  const sent = scene.exchange.seen.filter((seen) => seen.method === 'AddOrder');
  return Object.fromEntries(sent.map((seen) => [keyOf(seen), seen.params['volume']]));
}

describe('a copied order', () => {
  it('is scaled to each balance, and cut off rather than rounded', async () => {
    const { scene, trader } = trade({ MASTER: '3', USER_1: '1', USER_2: '200.0000000000000001' });
    const report = await trader.copyOrder(ORDER);
    expect(orders(scene)).toEqual({ MASTER: '1.5', USER_1: '0.5', USER_2: '100' });
    expect(report.master.txid).toEqual(['O1']);
    expect(report.users).toMatchObject([
      { account: 'USER_1', status: 'copied', volume: '0.5' },
      { account: 'USER_2', status: 'copied', volume: '100' },
    ]);
    expect(scene.exchange.inServiceMax).toBe(1);
  });

  it.each([
    ['0.3', '0.1', '0.09', '0.03'],
    ['3', '1', '1', '0.33333333'],
    ['1', '0.99999999999999999999999999999', '1', '0.99999999'],
  ])('is exact: MASTER has %s, USER has %s, volume is %s', async (MASTER, USER_1, volume, expected) => {
    const { scene, trader } = trade({ MASTER, USER_1, USER_2: '0' });
    await trader.copyOrder({ ...ORDER, volume });
    expect(orders(scene)['USER_1']).toBe(expected);
  });

  it('keeps everything else but the id, which is its own', async () => {
    const { scene, trader } = trade({ MASTER: '1', USER_1: '1', USER_2: '0' });
    await trader.copyOrder(ORDER);
    const [master, user] = scene.exchange.seen.filter((seen) => seen.method === 'AddOrder');
    expect(master?.params['cl_ord_id']).toBe('mine');
    expect(user?.params).toMatchObject({ pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '100' });
    expect(user?.params['cl_ord_id']).toMatch(/^np/);
  });

  it('is skipped where the balance is too small for the smallest volume', async () => {
    const { scene, trader } = trade({ MASTER: '1000000000', USER_1: '0.1', USER_2: '0' });
    const { users } = await trader.copyOrder(ORDER);
    expect(users).toEqual([
      { account: 'USER_1', status: 'skipped' },
      { account: 'USER_2', status: 'skipped' },
    ]);
    expect(Object.keys(orders(scene))).toEqual(['MASTER']);
  });

  it('is passed on as it is when its volume is 0, which closes a position whole', async () => {
    const { scene, trader } = trade({ MASTER: '2', USER_1: '1', USER_2: '1' });
    await trader.copyOrder({ ...ORDER, volume: '0' });
    expect(orders(scene)).toEqual({ MASTER: '0', USER_1: '0', USER_2: '0' });
  });
});

describe('a failure', () => {
  it.each(['Balance', 'AddOrder'])(
    'of one USER at %s is reported and does not stop the rest',
    async (method) => {
      const { scene, trader } = trade({ MASTER: '2', USER_1: '1', USER_2: '1' });
      const works = method === 'Balance' ? succeed({ ZUSD: '1' }) : PLACED;
      const answer: Answer = (seen) =>
        (keyOf(seen) === 'USER_1' ? refuse('EOrder:Insufficient funds') : works)(seen);
      scene.exchange.on(method, answer);
      const { users } = await trader.copyOrder(ORDER);
      expect(users).toMatchObject([
        { account: 'USER_1', status: 'failed', error: { code: 'kraken_api_error', account: 'USER_1' } },
        { account: 'USER_2', status: 'copied' },
      ]);
    },
  );

  it("of MASTER's order keeps every copy from being placed", async () => {
    const { scene, trader } = trade({ MASTER: '2', USER_1: '1', USER_2: '1' });
    scene.exchange.on('AddOrder', refuse('EOrder:Insufficient funds'));
    await expect(trader.copyOrder(ORDER)).rejects.toMatchObject({ account: 'MASTER' });
    expect(scene.exchange.methods).toEqual(['Balance', 'AddOrder']);
  });

  it.each([
    ['0', '1'],
    ['1', 'one and a half'],
  ])('to scale places nothing: MASTER has %s, volume is %s', async (MASTER, volume) => {
    const { scene, trader } = trade({ MASTER, USER_1: '1', USER_2: '1' });
    await expect(trader.copyOrder({ ...ORDER, volume })).rejects.toThrow(CopyScaleError);
    expect(scene.exchange.methods).not.toContain('AddOrder');
  });
});

describe('KrakenBroker', () => {
  it('speaks through the client it was given', async () => {
    const scene = new Scene();
    scene.exchange.on('AddOrder', PLACED).on('Balance', succeed({ ZUSD: '1' }));
    const broker = new KrakenBroker(scene.client());
    expect(broker.accountIdentifier).toBe('MASTER');
    expect(await broker.getAccountBalance()).toEqual({ ZUSD: '1' });
    expect(await broker.placeMarketOrder({ pair: 'XBTUSD', side: 'sell', volume: '2' })).toMatchObject({
      txid: ['O1'],
    });
    await broker.krakenPrivateCall('Ledgers', { asset: 'XXBT' });
    expect(scene.exchange.seen.map(({ method, params }) => [method, params])).toMatchObject([
      ['Balance', {}],
      ['AddOrder', { pair: 'XBTUSD', type: 'sell', ordertype: 'market', volume: '2' }],
      ['Ledgers', { asset: 'XXBT' }],
    ]);
  });
});
