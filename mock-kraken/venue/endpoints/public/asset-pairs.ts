import { answer, type PublicEndpointContext, type PublicEndpoint } from '../endpoint-context.ts';
import { money, short } from '../../catalog/index.ts';
import { readPairs } from '../../orders/index.ts';
import type { Pair } from '../../catalog/index.ts';
import { word } from '../../params/index.ts';

type View = Readonly<Record<string, unknown>>;

/** `AssetPairs`: all, or those that `pair` names; `info` picks which side of them. */
export const assetPairs: PublicEndpoint = (desk) => {
  const among = ['info', 'leverage', 'fees', 'margin'] as const;
  const view = views[word(desk.params, 'info', { among, fallback: 'info' })];
  const named = readPairs(desk.params, desk.market);
  const wanted = named.length === 0 ? desk.market.catalog.pairs : named;
  return answer(Object.fromEntries(wanted.map((pair) => [pair.id, view(pair, desk)])));
};

const views = {
  info: infoView,
  leverage: (pair: Pair): View => leverageView(pair),
  fees: (_pair: Pair, desk: PublicEndpointContext): View => feesView(desk),
  margin: (): View => ({ margin_call: 80, margin_level: 40 }),
};

function infoView(pair: Pair, desk: PublicEndpointContext): View {
  return {
    altname: pair.altname,
    wsname: pair.wsname,
    aclass_base: 'currency',
    base: pair.base.id,
    aclass_quote: 'currency',
    quote: pair.quote.id,
    lot: 'unit',
    cost_decimals: pair.costDecimals,
    pair_decimals: pair.priceDecimals,
    lot_decimals: pair.lotDecimals,
    lot_multiplier: 1,
    ...leverageView(pair),
    ...feesView(desk),
    margin_call: 80,
    margin_stop: 40,
    ordermin: short(pair.orderMin),
    costmin: short(pair.costMin),
    tick_size: short(pair.tickSize),
    status: 'online',
  };
}

/** What Kraken offers; an order with leverage is answered like that of a client who may not trade on margin. */
function leverageView({ leverageMax }: Pair): View {
  const offered = Array.from({ length: Math.max(0, leverageMax - 1) }, (_, i) => i + 2);
  return { leverage_buy: offered, leverage_sell: offered };
}

/** One tier for everybody: the rates that the venue really takes. In per cent, as numbers, as Kraken shows them. */
function feesView({ settings }: PublicEndpointContext): View {
  const percent = (rate: string): number => Number(short(money(rate).times(money('100'))));
  return {
    fees: [[0, percent(settings.takerFee)]],
    fees_maker: [[0, percent(settings.makerFee)]],
    fee_volume_currency: 'ZUSD',
  };
}
