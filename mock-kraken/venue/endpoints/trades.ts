import { invalidArguments } from '../../kraken-errors.ts';
import { answer, type EndpointContext, type PrivateEndpoint } from './endpoint-context.ts';
import { fixed, money, type Money, zero } from '../catalog/index.ts';
import { readPairs } from '../orders/index.ts';
import { pageOf, withCount } from '../params/index.ts';
import { flag, list, word } from '../params/index.ts';
import { refuse } from '../errors/index.ts';
import { seconds } from '../market/index.ts';
import type { Trade } from '../orders/index.ts';
import { worthIn } from '../balances/index.ts';

const tradeTypes = ['all', 'any position', 'closed position', 'closing position', 'no position'] as const;

/** `TradesHistory`: newest first, 50 a page. No trade belongs to a position; taker trades are not consolidated. */
export const tradesHistory: PrivateEndpoint = (desk) => {
  const { params, purse, engine } = desk;
  const type = word(params, 'type', { among: tradeTypes, fallback: 'all' });
  const wanted = type === 'all' || type === 'no position' ? [...engine.trades.of(purse.account)] : [];
  const page = pageOf(params, wanted, {
    timesMs: ({ atMs }) => [atMs],
    newestMs: ({ atMs }) => atMs,
    startOf: (id) => engine.trades.get(purse.account, id)?.atMs,
  });
  return answer(withCount(params, { trades: tradesById(page.records, flag(params, 'ledgers')) }, page.count));
};

/** Trades asked for in one call, at most (Kraken's QueryTrades page). */
const queriedMax = 20;

/** `QueryTrades`: by id. */
export const queryTrades: PrivateEndpoint = ({ params, purse, engine }) => {
  const ids = list(params, 'txid', queriedMax);
  if (ids.length === 0) refuse(invalidArguments('txid'));
  const found = ids.map((id) => engine.trades.get(purse.account, id) ?? refuse(invalidArguments('txid')));
  return answer(tradesById(found, false));
};

/** `OpenPositions`: none, as the venue models no margin. */
export const openPositions: PrivateEndpoint = ({ params }) => answer(flag(params, 'consolidation') ? [] : {});

/** Fees depend on what was traded in this time on Kraken; here only the volume is shown, fees never change. */
const volumeWindowMs = 30 * 86_400_000;

/** `TradeVolume`: what the account traded in 30 days, in dollars, and its fees for the pairs it asks about. */
export const tradeVolume: PrivateEndpoint = (desk) => {
  const pairs = readPairs(desk.params, desk.market);
  const schedule = (rate: Money): Readonly<Record<string, unknown>> =>
    Object.fromEntries(pairs.map((pair) => [pair.id, feeView(rate)]));
  return answer({
    currency: 'ZUSD',
    volume: fixed(recentVolume(desk), 4),
    ...(pairs.length === 0
      ? {}
      : { fees: schedule(desk.engine.rates.taker), fees_maker: schedule(desk.engine.rates.maker) }),
  });
};

function recentVolume({ engine, purse, market, atMs }: EndpointContext): Money {
  const traded = new Map<string, Money>();
  for (const { pair, cost, atMs: tradedMs } of engine.trades.of(purse.account)) {
    if (atMs - tradedMs <= volumeWindowMs)
      traded.set(pair.quote.id, (traded.get(pair.quote.id) ?? zero).plus(cost));
  }
  return worthIn(market.catalog.assetById('ZUSD'), traded, { market, atMs });
}

const percent = money('100');

/** Field names disputed: Kraken's page has underscores, ccxt's recorded answer has none. Both are given. */
function feeView(rate: Money): Readonly<Record<string, string | null>> {
  const fee = fixed(rate.times(percent), 4);
  return {
    fee,
    min_fee: fee,
    minfee: fee,
    max_fee: fee,
    maxfee: fee,
    next_fee: null,
    nextfee: null,
    tier_volume: '0.0000',
    tiervolume: '0.0000',
    next_volume: null,
    nextvolume: null,
  };
}

function tradesById(trades: readonly Trade[], withLedgers: boolean): Readonly<Record<string, unknown>> {
  return Object.fromEntries(trades.map((trade) => [trade.id, tradeView(trade, withLedgers)]));
}

/** Kraken fills `postxid` for spot trades too; no client can do anything with it. */
const noPosition = 'TKH2SE-M7IF5-CFI7LT';

/** A trade as `TradesHistory` shows it. */
export function tradeView(trade: Trade, withLedgers: boolean): Readonly<Record<string, unknown>> {
  const { pair } = trade;
  return {
    ordertxid: trade.orderTxid,
    postxid: noPosition,
    pair: pair.id,
    aclass: 'forex',
    time: seconds(trade.atMs),
    type: trade.side,
    ordertype: trade.orderType,
    price: fixed(trade.price, pair.priceDecimals + 4),
    cost: fixed(trade.cost, pair.costDecimals),
    fee: fixed(trade.fee, pair.costDecimals),
    vol: fixed(trade.volume, pair.lotDecimals),
    margin: fixed(zero, pair.costDecimals),
    leverage: '0',
    misc: '',
    trade_id: trade.number,
    maker: trade.maker,
    ...(withLedgers ? { ledgers: trade.ledgerIds } : {}),
  };
}
