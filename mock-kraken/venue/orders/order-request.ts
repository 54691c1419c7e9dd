import type { RequestParams } from '../../venue-interface.ts';
import { ownText } from '../../kept-text.ts';
import { invalidArguments, KRAKEN_ERRORS } from '../../kraken-errors.ts';
import { TRADING_ERRORS } from '../errors/index.ts';
import { type Market, priceOf, type Side } from '../market/index.ts';
import { readClose } from './order-close.ts';
import { readPrices, restingTypes } from './order-prices.ts';
import { decimalsOf, money, type Money, rounding, smaller, zero } from '../catalog/index.ts';
import { type OrderTerms, type OrderType, orderTypes, type TimeInForce } from './order.ts';
import type { Pair } from '../catalog/index.ts';
import { decimal, flag, integer, list, requiredText, text, word } from '../params/index.ts';
import { refuse } from '../errors/index.ts';
import { expiryOf, startOf } from './request-times.ts';
import type { VenueSettings } from '../../venue-options.ts';

/** What the terms of an order are read against. */
export interface RequestFrame {
  readonly market: Market;
  readonly settings: VenueSettings;
  readonly atMs: number;
}

/** Reads the parameters of one order. Refuses in the order: pair, side, type, volume, flags, prices, times. */
export function readOrder(params: RequestParams, frame: RequestFrame): OrderTerms {
  const pair = readPair(params, frame.market);
  const side = readSide(params);
  const type = readType(params);
  refuseMargin(params);
  const flags = readFlags(params, type, side);
  const prices = readPrices(params, {
    pair,
    side,
    type,
    lastTicks: frame.market.lastTicks(pair, frame.atMs),
  });
  const timeInForce = readTimeInForce(params, flags);
  const terms = {
    pair,
    side,
    type,
    volume: readVolume(params, 'volume', pair),
    quoteVolume: null,
    ...prices,
    displayVolume: decimal(params, 'displayvol') ?? null,
    triggerSource: word(params, 'trigger', { among: ['last', 'index'], fallback: 'last' }),
    timeInForce,
    postOnly: flags.includes('post'),
    feeIn: feeAsset(flags, side, frame.settings),
    flags,
    startMs: startOf(params, frame.atMs),
    expireMs: expiryOf(params, timeInForce, frame.atMs),
    userref: readUserref(params),
    clientOrderId: readClientOrderId(params),
    close: readClose(params),
  } satisfies OrderTerms;
  word(params, 'stptype', {
    among: ['cancel-newest', 'cancel-oldest', 'cancel-both'],
    fallback: 'cancel-newest',
  });
  return refuseTooSmall(flags.includes('viqc') ? inBase(terms, frame) : terms, frame);
}

/** The pair that must be there. */
export function readPair(params: RequestParams, { catalog }: Market): Pair {
  return catalog.findPair(requiredText(params, 'pair')) ?? refuse(KRAKEN_ERRORS.unknownAssetPair);
}

/** Pairs read in one call, at most. */
const pairsMax = 200;

/** The pairs that a comma-separated `pair` names; none when it is absent. */
export function readPairs(params: RequestParams, { catalog }: Market): readonly Pair[] {
  return list(params, 'pair', pairsMax).map(
    (name) => catalog.findPair(name) ?? refuse(KRAKEN_ERRORS.unknownAssetPair),
  );
}

function readSide(params: RequestParams): Side {
  requiredText(params, 'type');
  return word(params, 'type', { among: ['buy', 'sell'], fallback: 'buy' });
}

function readType(params: RequestParams): OrderType {
  const type = requiredText(params, 'ordertype');
  if (type === 'settle-position') refuse(TRADING_ERRORS.unknownPosition);
  return orderTypes.find((known) => known === type) ?? refuse(invalidArguments('ordertype'));
}

/** The venue models no margin: whoever asks for it hears what an ineligible client hears. */
function refuseMargin(params: RequestParams): void {
  const leverage = text(params, 'leverage');
  if (leverage !== undefined && !['none', '0', '1', '1:1'].includes(leverage)) {
    refuse(TRADING_ERRORS.cannotOpenPosition);
  }
  if (flag(params, 'reduce_only')) refuse(TRADING_ERRORS.reduceOnlyWithoutPosition);
}

const knownFlags: readonly string[] = ['post', 'fcib', 'fciq', 'nompp', 'viqc'];

function readFlags(params: RequestParams, type: OrderType, side: Side): readonly string[] {
  const flags = list(params, 'oflags', 10);
  const wrong =
    flags.some((name) => !knownFlags.includes(name)) ||
    (flags.includes('fcib') && flags.includes('fciq')) ||
    (flags.includes('post') && !restingTypes.includes(type)) ||
    (flags.includes('viqc') && (type !== 'market' || side !== 'buy'));
  return wrong ? refuse(invalidArguments('oflags')) : flags;
}

function feeAsset(flags: readonly string[], side: Side, settings: VenueSettings): 'base' | 'quote' {
  if (flags.includes('fcib')) return 'base';
  return side === 'sell' && !flags.includes('fciq') ? settings.sellFeeIn : 'quote';
}

function readTimeInForce(params: RequestParams, flags: readonly string[]): TimeInForce {
  const among = ['GTC', 'IOC', 'GTD', 'FOK'] as const;
  const timeInForce = word(params, 'timeinforce', { among, fallback: 'GTC' });
  const atOnce = timeInForce === 'IOC' || timeInForce === 'FOK';
  return atOnce && flags.includes('post') ? refuse(invalidArguments('timeinforce')) : timeInForce;
}

/** A volume above zero with no more decimals than the pair's lots have. */
export function readVolume(params: RequestParams, field: string, pair: Pair): Money {
  const volume = decimal(params, field) ?? zero;
  const wrong = !volume.gt(zero) || decimalsOf(volume) > pair.lotDecimals || volume.gt(volumeBound);
  return wrong ? refuse(invalidArguments(field)) : volume;
}

/** Far above what any account holds, and keeps products short. */
const volumeBound = money('1000000000000');

/** A client order id: a UUID, long or without dashes, or up to 18 printable ASCII characters. */
const clientOrderIdForm = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|[\x21-\x7e]{1,18})$/i;

function readClientOrderId(params: RequestParams): string | null {
  const id = text(params, 'cl_ord_id');
  if (id === undefined) return null;
  const wrong = !clientOrderIdForm.test(id) || text(params, 'userref') !== undefined;
  return wrong ? refuse(invalidArguments('cl_ord_id')) : ownText(id);
}

/** A user reference: 32 bits, signed. */
export function readUserref(params: RequestParams): number | null {
  const userref = integer(params, 'userref');
  if (userref === undefined) return null;
  return userref >= -(2 ** 31) && userref < 2 ** 31 ? userref : refuse(invalidArguments('userref'));
}

/** Turns a volume in quote currency (`viqc`) into what it buys now. */
function inBase(terms: OrderTerms, { market, atMs }: RequestFrame): OrderTerms {
  let left = terms.volume;
  let bought = zero;
  for (const { priceTicks, volume } of market.levelsAgainst(terms.pair, 'buy', atMs)) {
    const price = priceOf(terms.pair, priceTicks);
    const part = smaller(volume, left.div(price).round(terms.pair.lotDecimals, rounding.down));
    if (part.eq(zero)) break;
    bought = bought.plus(part);
    left = left.minus(part.times(price));
  }
  return { ...terms, volume: bought, quoteVolume: terms.volume };
}

function refuseTooSmall(terms: OrderTerms, { market, settings, atMs }: RequestFrame): OrderTerms {
  const { pair, volume } = terms;
  if (volume.lt(pair.orderMin)) refuse(settings.orderMinimumError);
  const ticks = terms.limitTicks ?? terms.trigger?.ticks ?? market.lastTicks(pair, atMs);
  if (priceOf(pair, ticks).times(volume).lt(pair.costMin)) refuse(KRAKEN_ERRORS.costMinimum);
  return refuseHidden(terms, 'displayvol');
}

/** Refuses an iceberg that shows nothing, less than a fifteenth of itself, or more than itself (AddOrder page). */
export function refuseHidden(terms: OrderTerms, field: string): OrderTerms {
  const { type, volume, displayVolume } = terms;
  if (type !== 'iceberg') return terms;
  const wrong = displayVolume === null || displayVolume.times(fifteen).lt(volume) || displayVolume.gt(volume);
  return wrong ? refuse(invalidArguments(field)) : terms;
}

const fifteen = money('15');
