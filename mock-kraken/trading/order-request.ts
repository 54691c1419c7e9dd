import type { RequestParams } from '../venue.ts';
import { invalidArguments, krakenErrors } from './kraken-errors.ts';
import { type Market, priceOf, type Side } from './market.ts';
import { decimalsOf, fixed, money, type Money, zero } from './money.ts';
import {
  type CloseTerms,
  type OrderTerms,
  type OrderType,
  orderTypes,
  type TimeInForce,
  type Trigger,
} from './order.ts';
import { findPair, type Pair } from './pairs.ts';
import { decimal, flag, integer, list, requiredText, text, word } from './params.ts';
import { hashSign, offsetTicks, priceTicks } from './price-text.ts';
import { refuse } from './refusal.ts';
import { expiryOf, startOf } from './request-times.ts';
import type { VenueSettings } from './venue-options.ts';

/** What the terms of an order are read against. */
export interface RequestFrame {
  readonly market: Market;
  readonly settings: VenueSettings;
  readonly atMs: number;
}

/** Reads the parameters of one order. Refuses in the order: pair, side, type, volume, flags, prices, times. */
export function readOrder(params: RequestParams, frame: RequestFrame): OrderTerms {
  const pair = readPair(params);
  const side = readSide(params);
  const type = readType(params);
  refuseMargin(params);
  const flags = readFlags(params, type, side);
  const prices = readPrices(params, { pair, side, type, frame });
  const timeInForce = readTimeInForce(params, flags);
  const terms = {
    pair,
    side,
    type,
    volume: readVolume(params, pair),
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

export function readPair(params: RequestParams): Pair {
  return findPair(requiredText(params, 'pair')) ?? refuse(krakenErrors.unknownAssetPair);
}

function readSide(params: RequestParams): Side {
  requiredText(params, 'type');
  return word(params, 'type', { among: ['buy', 'sell'], fallback: 'buy' });
}

function readType(params: RequestParams): OrderType {
  const type = requiredText(params, 'ordertype');
  if (type === 'settle-position') refuse(krakenErrors.unknownPosition);
  return orderTypes.find((known) => known === type) ?? refuse(invalidArguments('ordertype'));
}

/** The venue models no margin: whoever asks for it hears what an ineligible client hears. */
function refuseMargin(params: RequestParams): void {
  const leverage = text(params, 'leverage');
  if (leverage !== undefined && !['none', '0', '1', '1:1'].includes(leverage)) {
    refuse(krakenErrors.cannotOpenPosition);
  }
  if (flag(params, 'reduce_only')) refuse(krakenErrors.reduceOnlyWithoutPosition);
}

const knownFlags: readonly string[] = ['post', 'fcib', 'fciq', 'nompp', 'viqc'];
const limitTypes: readonly OrderType[] = ['limit', 'iceberg'];

function readFlags(params: RequestParams, type: OrderType, side: Side): readonly string[] {
  const flags = list(params, 'oflags', 10);
  const wrong =
    flags.some((name) => !knownFlags.includes(name)) ||
    (flags.includes('fcib') && flags.includes('fciq')) ||
    (flags.includes('post') && !limitTypes.includes(type)) ||
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

function readVolume(params: RequestParams, pair: Pair): Money {
  requiredText(params, 'volume');
  const volume = decimal(params, 'volume') ?? zero;
  if (volume.eq(zero)) refuse(krakenErrors.unknownPosition);
  const wrong = volume.lt(zero) || decimalsOf(volume) > pair.lotDecimals || volume.gt(volumeBound);
  return wrong ? refuse(invalidArguments('volume')) : volume;
}

/** Far above what any account holds, and keeps products short. */
const volumeBound = money('1000000000000');

/** A client order id: a UUID, long or without dashes, or up to 18 printable ASCII characters. */
const clientOrderIdForm = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|[\x21-\x7e]{1,18})$/i;

function readClientOrderId(params: RequestParams): string | null {
  const id = text(params, 'cl_ord_id');
  if (id === undefined) return null;
  const wrong = !clientOrderIdForm.test(id) || text(params, 'userref') !== undefined;
  return wrong ? refuse(invalidArguments('cl_ord_id')) : id;
}

export function readUserref(params: RequestParams): number | null {
  const userref = integer(params, 'userref');
  if (userref === undefined) return null;
  return userref === Math.trunc(userref) && userref >= -(2 ** 31) && userref < 2 ** 31
    ? userref
    : refuse(invalidArguments('userref'));
}

/** What prices are read against. */
interface PriceRequest {
  readonly pair: Pair;
  readonly side: Side;
  readonly type: OrderType;
  readonly frame: RequestFrame;
}

type Prices = Pick<OrderTerms, 'limitTicks' | 'trigger' | 'shownPrice' | 'shownPrice2'>;

/** Reads `price` and `price2`, whose meaning depends on the order type. */
function readPrices(params: RequestParams, request: PriceRequest): Prices {
  const { type } = request;
  if (type === 'market') return { limitTicks: null, trigger: null, shownPrice: '0', shownPrice2: '0' };
  if (limitTypes.includes(type)) return readLimit(params, request);
  return type.startsWith('trailing') ? readTrailing(params, request) : readStop(params, request);
}

function readLimit(params: RequestParams, { pair, side, frame }: PriceRequest): Prices {
  const referenceTicks = frame.market.lastTicks(pair, frame.atMs);
  const hash = hashSign(side, false);
  const limitTicks = priceTicks(requiredText(params, 'price'), {
    pair,
    field: 'price',
    referenceTicks,
    hash,
  });
  return { limitTicks, trigger: null, shownPrice: shown(pair, limitTicks), shownPrice2: '0' };
}

function readStop(params: RequestParams, { pair, side, type, frame }: PriceRequest): Prices {
  const last = frame.market.lastTicks(pair, frame.atMs);
  const stops = type.startsWith('stop');
  const hash = hashSign(side, stops);
  const ticks = priceTicks(requiredText(params, 'price'), {
    pair,
    field: 'price',
    referenceTicks: last,
    hash,
  });
  const limitTicks = type.endsWith('-limit')
    ? priceTicks(requiredText(params, 'price2'), { pair, field: 'price2', referenceTicks: ticks, hash })
    : null;
  const direction = (side === 'buy') === stops ? 'rise' : 'fall';
  const trigger: Trigger = { direction, ticks, trailTicks: null, limitOffsetTicks: null, touchedMs: null };
  const shownPrice2 = limitTicks === null ? '0' : shown(pair, limitTicks);
  return { limitTicks, trigger, shownPrice: shown(pair, ticks), shownPrice2 };
}

/** Trailing prices are distances: `price` (always `+`) from the best price, `price2` from the trigger. */
function readTrailing(params: RequestParams, { pair, side, type, frame }: PriceRequest): Prices {
  const last = frame.market.lastTicks(pair, frame.atMs);
  const shownPrice = requiredText(params, 'price');
  if (!shownPrice.startsWith('+')) refuse(invalidArguments('price'));
  const trailTicks = offsetTicks(shownPrice, { pair, field: 'price', referenceTicks: last, hash: '+' });
  const ticks = side === 'buy' ? last + trailTicks : last - trailTicks;
  if (ticks < 1 || trailTicks < 1) refuse(invalidArguments('price'));
  const shownPrice2 = type.endsWith('-limit') ? requiredText(params, 'price2') : '0';
  const limitOffsetTicks = type.endsWith('-limit')
    ? offsetTicks(shownPrice2, { pair, field: 'price2', referenceTicks: ticks, hash: hashSign(side, true) })
    : null;
  const limitTicks = limitOffsetTicks === null ? null : Math.max(1, ticks + limitOffsetTicks);
  const direction = side === 'buy' ? 'rise' : 'fall';
  const trigger: Trigger = { direction, ticks, trailTicks, limitOffsetTicks, touchedMs: null };
  return { limitTicks, trigger, shownPrice, shownPrice2 };
}

function shown(pair: Pair, ticks: number): string {
  return fixed(priceOf(pair, ticks), pair.priceDecimals);
}

/** Turns a volume in quote currency (`viqc`) into what it buys now, at the price of the best offer. */
function inBase(terms: OrderTerms, { market, atMs }: RequestFrame): OrderTerms {
  const ask = priceOf(terms.pair, market.bestOppositeTicks(terms.pair, 'buy', atMs));
  return { ...terms, volume: terms.volume.div(ask).round(terms.pair.lotDecimals, 0) };
}

function refuseTooSmall(terms: OrderTerms, { market, settings, atMs }: RequestFrame): OrderTerms {
  const { pair, volume, displayVolume, type } = terms;
  if (volume.lt(pair.orderMin)) refuse(settings.orderMinimumError);
  const ticks = terms.limitTicks ?? terms.trigger?.ticks ?? market.lastTicks(pair, atMs);
  if (priceOf(pair, ticks).times(volume).lt(pair.costMin)) refuse(krakenErrors.costMinimum);
  const hidden =
    displayVolume !== null && (displayVolume.times(money('15')).lt(volume) || displayVolume.gt(volume));
  return type === 'iceberg' && hidden ? refuse(invalidArguments('displayvol')) : terms;
}

/** The conditional close, written `close[ordertype]` in forms and nested in JSON. */
function readClose(params: RequestParams): CloseTerms | null {
  const close = nested(params, 'close');
  const type = text(close, 'ordertype');
  if (type === undefined) return null;
  const known = orderTypes.find((name) => name === type && name !== 'market');
  if (known === undefined) return refuse(invalidArguments('close[ordertype]'));
  return { type: known, price: text(close, 'price'), price2: text(close, 'price2') };
}

/** The members of a nested parameter, however it was written. */
function nested(params: RequestParams, name: string): RequestParams {
  const value = Object.hasOwn(params, name) ? params[name] : undefined;
  if (typeof value === 'object' && value !== null) return value as RequestParams;
  const prefix = `${name}[`;
  const members = Object.entries(params).filter(([key]) => key.startsWith(prefix) && key.endsWith(']'));
  return Object.fromEntries(members.map(([key, member]) => [key.slice(prefix.length, -1), member]));
}
