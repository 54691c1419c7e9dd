import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVenue, type EndpointReply, type TradingVenue } from '../mock-kraken/index.ts';
import {
  assetDigits,
  type ModelOrder,
  modelPairs,
  type ModelRequest,
  shown,
  units,
  VenueModel,
} from './venue-model.ts';

const accounts = {
  MASTER: { ZUSD: '600000', XXBT: '10', XETH: '300' },
  USER_1: { ZUSD: '3000', XXBT: '0.3', XETH: '2' },
};
type Account = keyof typeof accounts;

const startMs = 1_795_353_736_170;

/** The venue under test, with the plumbing of a call. */
interface Real {
  readonly venue: TradingVenue;
}

type Command = fc.Command<VenueModel, Real>;

function call(
  model: VenueModel,
  { venue }: Real,
  [account, method, params]: readonly [Account, string, object],
): EndpointReply {
  return venue.callPrivate({ account, method, params: { ...params }, encoding: 'json', atMs: model.nowMs });
}

/** A command of the suite: what it does, then the whole state compared. */
function command(label: string, run: (model: VenueModel, real: Real) => void): Command {
  return {
    check: () => true,
    run: (model, real) => {
      run(model, real);
      compare(model, real);
    },
    toString: () => label,
  };
}

function compare(model: VenueModel, real: Real): void {
  for (const account of Object.keys(accounts) as Account[]) {
    expect(call(model, real, [account, 'BalanceEx', {}]).result).toEqual(balancesOf(model, account));
    expect(openOf(call(model, real, [account, 'OpenOrders', {}]))).toEqual(ordersOf(model, account));
  }
  for (const [asset, digits] of Object.entries(assetDigits)) compareTotals(model, real, [asset, digits]);
}

function balancesOf(model: VenueModel, account: Account): object {
  const entries = Object.entries(assetDigits).map(([asset, digits]) => {
    const balance = shown(model.balance(account, asset), digits);
    return [asset, { balance, hold_trade: shown(model.held(account, asset), digits) }] as const;
  });
  return Object.fromEntries(entries);
}

function ordersOf(model: VenueModel, account: Account): object {
  const own = model.orders.filter((order) => order.account === account);
  return Object.fromEntries(
    own.map(({ txid, volume, executed, limit, pair }) => [
      txid,
      { vol: shown(volume, 8), vol_exec: shown(executed, 8), price: shown(limit ?? 0n, pair.priceDigits) },
    ]),
  );
}

interface ShownOrder {
  readonly vol: string;
  readonly vol_exec: string;
  readonly descr: { readonly price: string };
}

function openOf({ result }: EndpointReply): object {
  const { open } = result as { open: Record<string, ShownOrder> };
  return Object.fromEntries(
    Object.entries(open).map(([txid, { vol, vol_exec, descr }]) => [
      txid,
      { vol, vol_exec, price: descr.price },
    ]),
  );
}

/** Nothing is lost or made: what the accounts, the house and the fees have is what was put in. */
function compareTotals(model: VenueModel, { venue }: Real, [asset, digits]: readonly [string, number]): void {
  const totals = venue.totals(asset);
  const [own, house, fees, putIn] = [totals.accounts, totals.house, totals.fees, totals.putIn].map(units);
  const inAccounts = Object.keys(accounts).reduce((sum, account) => sum + model.balance(account, asset), 0n);
  expect(own).toBe(inAccounts);
  expect(shown(fees ?? 0n, digits)).toBe(shown(model.fees.get(asset) ?? 0n, digits));
  expect((own ?? 0n) + (house ?? 0n) + (fees ?? 0n)).toBe(putIn);
  expect(putIn).toBe(
    Object.values(accounts).reduce((sum, amounts) => sum + units(amounts[asset as 'ZUSD']), 0n),
  );
}

const anyAccount = fc.constantFrom<Account>('MASTER', 'MASTER', 'MASTER', 'USER_1');
const anyPair = fc.constantFrom(...modelPairs);
/** Volumes in hundred-millionths: small ones, ones that eat several price levels, ones beyond the funds. */
const anyVolume = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 100_000, max: 10_000_000 }) },
  { weight: 3, arbitrary: fc.integer({ min: 10_000_000, max: 300_000_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(500_000_000, 90_000_000_000) },
);
/** Distance of a limit from the best price, in ticks; below zero it crosses. Near ones fill in part. */
const anyDistance = fc.oneof(
  { weight: 1, arbitrary: fc.integer({ min: -6, max: 0 }) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 2, arbitrary: fc.integer({ min: 5, max: 300 }) },
);

const order = fc
  .record({
    account: anyAccount,
    pair: anyPair,
    side: fc.constantFrom<'buy' | 'sell'>('buy', 'sell'),
    market: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
    distance: anyDistance,
    volume: anyVolume,
    flag: fc.constantFrom<ModelRequest['flag']>('', '', '', '', '', 'post', 'post', 'IOC', 'FOK'),
    feeIn: fc.constantFrom<'base' | 'quote'>('quote', 'quote', 'base'),
    expireS: fc.constantFrom(0, 0, 5, 30, 120),
    clientId: fc.option(fc.constantFrom('bot-1', 'bot-2', 'bot-3'), { nil: null, freq: 2 }),
    validate: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  })
  .map((drawn) =>
    command(`order ${JSON.stringify({ ...drawn, pair: drawn.pair.id })}`, (model, real) => {
      const { account, validate } = drawn;
      const request = requestOf(model, drawn);
      const expected = model.refusal(account, request);
      const reply = call(model, real, [
        account,
        'AddOrder',
        { ...paramsOf(request), ...(validate ? { validate } : {}) },
      ]);
      expect(reply.error).toEqual(expected === null ? [] : [expected]);
      const [txid] = (reply.result as { txid?: string[] } | undefined)?.txid ?? [];
      expect(txid === undefined).toBe(expected !== null || validate);
      expect(reply.effect).toEqual(txid === undefined ? null : { kind: 'order', ids: [txid] });
      if (txid !== undefined) model.place(account, txid, request);
    }),
  );

interface DrawnOrder extends Omit<ModelRequest, 'limit' | 'volume' | 'expireMs'> {
  readonly market: boolean;
  readonly distance: number;
  readonly volume: number;
  readonly expireS: number;
}

function requestOf(model: VenueModel, drawn: DrawnOrder): ModelRequest {
  const { pair, side, market, distance, expireS } = drawn;
  const limit = market ? null : priceNear(model, drawn, distance);
  const flag = market ? '' : drawn.flag;
  const volume = units('0.00000001') * BigInt(drawn.volume);
  const expireMs = market || expireS === 0 ? 0 : (Math.floor(model.nowMs / 1000) + 1 + expireS) * 1000;
  return { pair, side, limit, volume, flag, feeIn: drawn.feeIn, expireMs, clientId: drawn.clientId };
}

function priceNear(
  model: VenueModel,
  { pair, side }: Pick<ModelRequest, 'pair' | 'side'>,
  distance: number,
): bigint {
  const tick = 10n ** BigInt(20 - pair.priceDigits);
  const away = BigInt(distance) * tick;
  return model.best(pair, side) + (side === 'buy' ? -away : away);
}

function paramsOf({ pair, side, limit, volume, flag, feeIn, expireMs, clientId }: ModelRequest): object {
  return {
    pair: pair.id,
    type: side,
    volume: shown(volume, 8),
    ...(limit === null
      ? { ordertype: 'market' }
      : { ordertype: 'limit', price: shown(limit, pair.priceDigits) }),
    oflags: [feeIn === 'base' ? 'fcib' : 'fciq', ...(flag === 'post' ? ['post'] : [])].join(','),
    ...(flag === 'IOC' || flag === 'FOK' ? { timeinforce: flag } : {}),
    ...(expireMs === 0 ? {} : { expiretm: String(expireMs / 1000) }),
    ...(clientId === null ? {} : { cl_ord_id: clientId }),
  };
}

/** An open order of the model by a drawn number, or none. */
function pick(model: VenueModel, number: number): ModelOrder | undefined {
  return model.orders[number % Math.max(1, model.orders.length)];
}

const cancel = fc.nat().map((number) =>
  command(`cancel ${number}`, (model, real) => {
    const picked = pick(model, number);
    const txid = picked?.txid ?? 'OAAAAA-BBBBB-CCCCCC';
    const owner = (picked?.account ?? 'MASTER') as Account;
    const stranger = owner === 'MASTER' ? 'USER_1' : 'MASTER';
    expect(call(model, real, [stranger, 'CancelOrder', { txid }]).error).toEqual(['EOrder:Unknown order']);
    const reply = call(model, real, [owner, 'CancelOrder', { txid }]);
    expect(reply.error).toEqual(picked === undefined ? ['EOrder:Unknown order'] : []);
    if (picked !== undefined) model.cancel([picked]);
  }),
);

const cancelAll = fc.constantFrom<Account>('USER_1').map((account) =>
  command(`cancel all of ${account}`, (model, real) => {
    const own = model.orders.filter((each) => each.account === account);
    expect(call(model, real, [account, 'CancelAll', {}]).result).toEqual({ count: own.length });
    model.cancel(own);
  }),
);

const amend = fc.record({ number: fc.nat(), volume: anyVolume, distance: anyDistance }).map((drawn) =>
  command(`amend ${JSON.stringify(drawn)}`, (model, real) => {
    const picked = pick(model, drawn.number);
    if (picked === undefined) return;
    const limit = priceNear(model, picked, drawn.distance);
    const volume = units('0.00000001') * BigInt(drawn.volume);
    const { txid, account, pair } = picked;
    const params = { txid, order_qty: shown(volume, 8), limit_price: shown(limit, pair.priceDigits) };
    const reply = call(model, real, [account as Account, 'AmendOrder', params]);
    const expected = model.amend(picked, volume, limit);
    expect(reply.error).toEqual(expected === null ? [] : [expected]);
  }),
);

const edit = fc.record({ number: fc.nat(), distance: anyDistance }).map((drawn) =>
  command(`edit ${JSON.stringify(drawn)}`, (model, real) => {
    const picked = pick(model, drawn.number);
    // Not editable, or reads its old expiry as one that is too near.
    if (picked === undefined || picked.clientId !== null || picked.expireMs > 0) return;
    const request = {
      ...picked,
      limit: priceNear(model, picked, drawn.distance),
      volume: picked.volume - picked.executed,
    };
    const { txid, account, pair } = picked;
    const params = { txid, pair: pair.id, price: shown(request.limit, pair.priceDigits) };
    const reply = call(model, real, [account as Account, 'EditOrder', params]);
    const expected = model.refusal(account, request, model.heldBy(picked));
    expect(reply.error).toEqual(expected === null ? [] : [expected]);
    if (expected !== null) return;
    model.cancel([picked]);
    model.place(account, (reply.result as { txid: string }).txid, request);
  }),
);

/** By a few ticks, which the orders nearest to the market feel, or by up to 3 per cent. */
const movePrice = fc
  .record({ pair: anyPair, ticks: fc.integer({ min: -6, max: 6 }) })
  .map(({ pair, ticks }) =>
    command(`move ${pair.id} by ${ticks} ticks`, (model, real) => {
      const price = priceNear(model, { pair, side: 'sell' }, ticks);
      real.venue.setPrice(pair.id, shown(price, pair.priceDigits), model.nowMs);
      model.meet(pair);
    }),
  );

const jumpPrice = fc
  .record({ pair: anyPair, percent: fc.integer({ min: -300, max: 300 }) })
  .map(({ pair, percent }) =>
    command(`jump ${pair.id} by ${percent / 100} %`, (model, real) => {
      real.venue.advancePrice(pair.id, shown(units(String(percent)) / 100n, 2), model.nowMs);
      model.meet(pair);
    }),
  );

const releasePrice = anyPair.map((pair) =>
  command(`release ${pair.id}`, (model, real) => {
    real.venue.releasePrice(pair.id, model.nowMs);
    model.meet(pair);
  }),
);

const advance = fc
  .integer({ min: 1, max: 40_000 })
  .map((ms) => command(`wait ${ms} ms`, (model) => model.advance(model.nowMs + ms)));

const deadMansSwitch = fc
  .record({ account: anyAccount, timeout: fc.integer({ min: 0, max: 60 }) })
  .map((drawn) =>
    command(`switch ${JSON.stringify(drawn)}`, (model, real) => {
      const { account, timeout } = drawn;
      expect(call(model, real, [account, 'CancelAllOrdersAfter', { timeout }]).error).toEqual([]);
      if (timeout === 0) model.switches.delete(account);
      else model.switches.set(account, model.nowMs + timeout * 1000);
    }),
  );

const good = { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '50000', volume: '0.001' };
const badRequests: readonly (readonly [method: string, params: object, error: string])[] = [
  ['AddOrder', { ...good, pair: 'NOPE' }, 'EQuery:Unknown asset pair'],
  ['AddOrder', { ...good, type: 'hold' }, 'EGeneral:Invalid arguments:type'],
  ['AddOrder', { ...good, volume: '1e-05' }, 'EGeneral:Invalid arguments:volume'],
  ['AddOrder', { ...good, volume: '0.00001' }, 'EOrder:Order minimum not met'],
  ['AddOrder', { ...good, price: '0.1' }, 'EOrder:Cost minimum not met'],
  [
    'AddOrder',
    { ...good, price: '50000.05' },
    'EOrder:Invalid price:XXBTZUSD price can only be specified up to 1 decimals.',
  ],
  ['AddOrder', { ...good, deadline: '2020-01-01T00:00:00Z' }, 'EService:Deadline elapsed'],
  ['AddOrder', { ...good, userref: '1', cl_ord_id: 'a' }, 'EGeneral:Invalid arguments:cl_ord_id'],
  ['AmendOrder', { txid: 'OAAAAA-BBBBB-CCCCCC', order_qty: '1' }, 'EOrder:Unknown order'],
  ['CancelOrder', {}, 'EGeneral:Invalid arguments:txid'],
  ['BuyEverything', {}, 'EGeneral:Unknown method'],
];

const badRequest = fc.constantFrom(...badRequests).map(([method, params, error]) =>
  command(`bad ${method} ${JSON.stringify(params)}`, (model, real) => {
    expect(call(model, real, ['MASTER', method, params])).toEqual({ error: [error], effect: null });
  }),
);

/** One command in so many places of the draw. */
const places = <T>(count: number, arbitrary: T): readonly T[] =>
  Array.from({ length: count }, () => arbitrary);

const commands = fc.commands(
  [
    ...places(10, order),
    ...places(4, movePrice),
    ...places(2, amend),
    ...places(2, advance),
    edit,
    cancel,
    cancelAll,
    jumpPrice,
    releasePrice,
    deadMansSwitch,
    badRequest,
  ],
  { maxCommands: 60, size: 'max' },
);

test('balances, holds, open orders and conservation are those of an independent model', () => {
  fc.assert(
    fc.property(commands, fc.integer({ min: 0, max: 1000 }), (run, seed) => {
      fc.modelRun(() => {
        const venue = createVenue({ seed });
        for (const [account, balances] of Object.entries(accounts)) venue.openAccount(account, balances);
        return { model: new VenueModel(venue, accounts, startMs), real: { venue } };
      }, run);
    }),
    { seed: 20261122, numRuns: 60 },
  );
});
