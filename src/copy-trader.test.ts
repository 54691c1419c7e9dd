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
/** Of XBTUSD, as Kraken answers (Kraken docs, AssetPairs). */
const XBTUSD = {
  altname: 'XBTUSD',
  wsname: 'XBT/USD',
  cost_decimals: 5,
  lot_decimals: 8,
  ordermin: '0.00005',
  costmin: '0.5',
};
const PAIRS = '/0/public/AssetPairs?pair=';
const PLACED = succeed({ txid: ['O1'], descr: { order: 'buy' } });

/** MASTER and two USERs, told apart by their keys. */
function trade(
  balances: Readonly<Record<string, string>>,
  rules: object = {},
): { scene: Scene; trader: CopyTrader } {
  const scene = new Scene();
  const balanceOf: Answer = (seen) => succeed({ ZUSD: balances[keyOf(seen)] })(seen);
  scene.exchange.on('Balance', balanceOf).on('AddOrder', PLACED);
  scene.exchange.on(`${PAIRS}XBTUSD`, succeed({ XXBTZUSD: { ...XBTUSD, ...rules } }));
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
      { account: 'USER_1', status: 'skipped', reason: 'nothing', volume: '0', minimum: undefined },
      { account: 'USER_2', status: 'skipped', reason: 'nothing', volume: '0', minimum: undefined },
    ]);
    expect(Object.keys(orders(scene))).toEqual(['MASTER']);
  });

  it('is skipped for a USER who has none of the asset', async () => {
    const { scene, trader } = trade({ MASTER: '1', USER_2: '1' });
    const { users } = await trader.copyOrder(ORDER);
    expect(users).toMatchObject([{ status: 'skipped', reason: 'nothing' }, { status: 'copied' }]);
    expect(Object.keys(orders(scene))).toEqual(['MASTER', 'USER_2']);
  });

  it('is passed on as it is when its volume is 0, which closes a position whole', async () => {
    const { scene, trader } = trade({ MASTER: '2', USER_1: '1', USER_2: '1' });
    await trader.copyOrder({ ...ORDER, volume: '0' });
    expect(orders(scene)).toEqual({ MASTER: '0', USER_1: '0', USER_2: '0' });
  });
});

describe('the rules of a pair', () => {
  it.each<[string, object, Partial<OrderRequest>, string, object]>([
    ['decimals cut off', { lot_decimals: 2 }, {}, '0.333', { volume: '0.49' }],
    ['no decimals', { lot_decimals: 0, ordermin: '1' }, { volume: '7' }, '0.5', { volume: '3' }],
    ['the least volume', { ordermin: '0.5' }, {}, '0.333333333333333333334', { volume: '0.5' }],
    [
      'less than the least volume',
      { ordermin: '0.5' },
      {},
      '0.33333333',
      { reason: 'ordermin', volume: '0.49999999', minimum: '0.5' },
    ],
    ['the least cost', { costmin: '50' }, {}, '0.333333333333333333334', { volume: '0.5' }],
    [
      'less than the least cost',
      { costmin: '50' },
      {},
      '0.33333333',
      { reason: 'costmin', volume: '0.49999999', minimum: '50' },
    ],
    [
      'less than the least cost of an order that shows a part of itself',
      { costmin: '50' },
      { ordertype: 'iceberg' },
      '0.33333333',
      { reason: 'costmin', volume: '0.49999999', minimum: '50' },
    ],
    ['no price to tell the cost by', { costmin: '50' }, { ordertype: 'market' }, '0.1', { volume: '0.15' }],
    ['a price relative to the market', { costmin: '50' }, { price: '+1%' }, '0.1', { volume: '0.15' }],
    [
      'a volume in the quote currency',
      { costmin: '5', ordermin: '1000' },
      { ordertype: 'market', oflags: 'fciq,viqc', volume: '100' },
      '0.333333333',
      { volume: '33.33333' },
    ],
    [
      'too small a volume in the quote currency',
      { costmin: '5' },
      { ordertype: 'market', oflags: 'viqc', volume: '10' },
      '0.1',
      { reason: 'costmin', volume: '1', minimum: '5' },
    ],
    ['as many decimals as there may be', { lot_decimals: 30 }, {}, '1', { volume: '1.5' }],
    ['the cost of an iceberg', { costmin: '50' }, { ordertype: 'iceberg' }, '0.1', { reason: 'costmin' }],
    ['a stop that names a price', { costmin: '50' }, { ordertype: 'stop-loss' }, '0.1', { volume: '0.15' }],
    ['a price that is no number', { costmin: '50' }, { price: '1e2' }, '0.1', { volume: '0.15' }],
    ['no price', { costmin: '50' }, { price: undefined }, '0.1', { volume: '0.15' }],
    [
      'no decimals of the quote currency',
      { cost_decimals: undefined, lot_decimals: 2 },
      { ordertype: 'market', oflags: 'viqc', volume: '100' },
      '0.333333333',
      { volume: '33.33' },
    ],
    ['a flag that only looks alike', { ordermin: '1' }, { oflags: 'xviqc' }, '0.5', { reason: 'ordermin' }],
    [
      'no minimum named',
      { ordermin: undefined, costmin: undefined },
      {},
      '0.00000001',
      { volume: '0.00000001' },
    ],
  ])('decide about a copy: %s', async (_what, rules, order, USER_1, expected) => {
    const { scene, trader } = trade({ MASTER: '1', USER_1, USER_2: '0' }, rules);
    const { users } = await trader.copyOrder({ ...ORDER, ...order });
    const status = 'reason' in expected ? 'skipped' : 'copied';
    expect(users[0]).toMatchObject({ status, ...expected });
    expect('USER_1' in orders(scene)).toBe(status === 'copied');
  });

  it('are asked for once, whatever the pair is called, by many at once too', async () => {
    const { scene, trader } = trade({ MASTER: '1', USER_1: '1', USER_2: '1' });
    await Promise.all([trader.copyOrder(ORDER), trader.copyOrder(ORDER)]);
    for (const pair of ['XXBTZUSD', 'XBT/USD', 'XBTUSD']) await trader.copyOrder({ ...ORDER, pair });
    expect(scene.exchange.methods.filter((method) => method.startsWith('/0/public'))).toEqual([
      `${PAIRS}XBTUSD`,
    ]);
  });

  it('are those of each pair', async () => {
    const { scene, trader } = trade({ MASTER: '3', USER_1: '1', USER_2: '0' });
    const coarse = { altname: 'SHIBUSD', wsname: 'SHIB/USD', lot_decimals: 0, ordermin: '5' };
    scene.exchange.on(`${PAIRS}SHIBUSD`, succeed({ SHIBUSD: coarse }));
    const { users } = await trader.copyOrder({ ...ORDER, pair: 'SHIBUSD', volume: '100' });
    expect(users[0]).toMatchObject({ volume: '33' });
    expect((await trader.copyOrder(ORDER)).users[0]).toMatchObject({ volume: '0.5' });
  });

  it('name the class of a tokenized asset in the question', async () => {
    const { scene, trader } = trade({ MASTER: '1', USER_1: '1', USER_2: '1' });
    const question = `${PAIRS}AAPLxUSD&aclass_base=tokenized_asset`;
    scene.exchange.on(question, succeed({ AAPLxUSD: { ...XBTUSD, altname: 'AAPLxUSD' } }));
    await trader.copyOrder({ ...ORDER, pair: 'AAPLxUSD', asset_class: 'tokenized_asset' });
    expect(scene.exchange.methods[0]).toBe(question);
  });

  it.each<[string, Answer, object]>([
    ['a refusal', refuse('EQuery:Unknown asset pair'), { code: 'kraken_api_error' }],
    ['no pair', succeed({}), { code: 'pair_rules' }],
    ['a pair without rules', succeed({ A: null }), { code: 'pair_rules' }],
    ['too many decimals', succeed({ A: { ...XBTUSD, lot_decimals: 31 } }), { code: 'pair_rules' }],
    ['less than no decimals', succeed({ A: { ...XBTUSD, lot_decimals: -1 } }), { code: 'pair_rules' }],
    ['half a decimal', succeed({ A: { ...XBTUSD, lot_decimals: 1.5 } }), { code: 'pair_rules' }],
    ['a minimum with a unit', succeed({ A: { ...XBTUSD, costmin: '0.5 USD' } }), { code: 'pair_rules' }],
    ['a minimum that is a number', succeed({ A: { ...XBTUSD, costmin: 0.5 } }), { code: 'pair_rules' }],
    ['two pairs', succeed({ A: XBTUSD, B: XBTUSD }), { code: 'pair_rules' }],
    ['no decimals', succeed({ A: { ...XBTUSD, lot_decimals: undefined } }), { code: 'pair_rules' }],
    ['odd decimals', succeed({ A: { ...XBTUSD, lot_decimals: '8' } }), { code: 'pair_rules' }],
    ['an odd minimum', succeed({ A: { ...XBTUSD, ordermin: '1e-4' } }), { code: 'pair_rules' }],
    ['nothing at all', succeed(null), { code: 'pair_rules' }],
  ])(
    'that cannot be had keep everything from being placed, and are asked for again: %s',
    async (_, answer, error) => {
      const { scene, trader } = trade({ MASTER: '1', USER_1: '1', USER_2: '1' });
      scene.exchange.on(`${PAIRS}XBTUSD`, answer, succeed({ XXBTZUSD: XBTUSD }));
      await expect(trader.copyOrder(ORDER)).rejects.toMatchObject(error);
      expect(scene.exchange.methods).toEqual([`${PAIRS}XBTUSD`]);
      expect((await trader.copyOrder(ORDER)).users).toMatchObject([
        { status: 'copied' },
        { status: 'copied' },
      ]);
    },
  );
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
    expect(scene.exchange.methods).toEqual([`${PAIRS}XBTUSD`, 'Balance', 'AddOrder']);
  });

  it.each([
    ['0', '1'],
    ['-1', '1'],
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
