import { invalidArguments, KRAKEN_ERRORS } from '../../kraken-errors.ts';
import { answer, type EndpointContext, type PrivateEndpoint } from './endpoint-context.ts';
import { priceOf } from '../market/index.ts';
import { fixed } from '../catalog/index.ts';
import type { Amend, Order, OrderTerms, Trigger } from '../orders/index.ts';
import { readVolume, refuseHidden } from '../orders/index.ts';
import type { Pair } from '../catalog/index.ts';
import { decimal, flag, requiredText, text } from '../params/index.ts';
import { hashSign, priceTicks } from '../orders/index.ts';
import { refuse } from '../errors/index.ts';
import { refuseLate } from '../orders/index.ts';
import { seconds } from '../market/index.ts';
import { isWaiting } from '../orders/index.ts';
import { ordersNamed } from './order-canceling.ts';
import { findOrder } from './order-lists.ts';

/** `AmendOrder`: volume, limit or trigger of one open order, in place. Not modelled: amends of trailing orders. */
export const amendOrder: PrivateEndpoint = (desk) => {
  const { params, atMs, ids, engine } = desk;
  const order = ordersNamed(desk, params)[0] ?? refuse(KRAKEN_ERRORS.unknownOrder);
  const terms = amendedTerms(desk, order.terms);
  refuseLate(params, atMs);
  const id = ids.next('T');
  engine.amend(order, terms, { id, atMs, passive: terms.postOnly || flag(params, 'post_only') });
  return { error: [], result: { amend_id: id }, effect: { kind: 'amend', ids: [order.txid] } };
};

/** `OrderAmends`: the original terms and every change to them, oldest first. */
export const orderAmends: PrivateEndpoint = (desk) => {
  const txid = requiredText(desk.params, 'order_id');
  const order = findOrder(desk, txid) ?? refuse(KRAKEN_ERRORS.unknownOrder);
  return answer({ count: order.amends.length, amends: order.amends.map((amend) => amendView(order, amend)) });
};

const amendable = ['order_qty', 'display_qty', 'limit_price', 'trigger_price'] as const;

function amendedTerms(desk: EndpointContext, terms: OrderTerms): OrderTerms {
  const given = (name: (typeof amendable)[number]): boolean => text(desk.params, name) !== undefined;
  if (!amendable.some(given)) refuse(invalidArguments('order_qty'));
  const amended = {
    ...terms,
    ...(given('order_qty') ? { volume: amendedVolume(desk, terms.pair) } : {}),
    ...(given('display_qty') ? { displayVolume: decimal(desk.params, 'display_qty') ?? null } : {}),
    ...(given('limit_price') ? { limitTicks: amendedLimit(desk, terms) } : {}),
    ...(given('trigger_price') ? { trigger: amendedTrigger(desk, terms) } : {}),
  };
  return refuseHidden(amended, 'display_qty');
}

function amendedVolume({ params, settings }: EndpointContext, pair: Pair): OrderTerms['volume'] {
  const volume = readVolume(params, 'order_qty', pair);
  return volume.lt(pair.orderMin) ? refuse(settings.orderMinimumError) : volume;
}

function amendedLimit(desk: EndpointContext, terms: OrderTerms): number {
  const fixedLimit = terms.limitTicks !== null && (terms.trigger?.trail ?? null) === null;
  return fixedLimit ? amendedPrice(desk, terms, 'limit_price') : refuse(invalidArguments('limit_price'));
}

function amendedTrigger(desk: EndpointContext, terms: OrderTerms): Trigger {
  const { trigger } = terms;
  if (!isWaiting(trigger) || trigger.trail !== null) return refuse(invalidArguments('trigger_price'));
  return { ...trigger, ticks: amendedPrice(desk, terms, 'trigger_price') };
}

function amendedPrice(
  { params, market, atMs }: EndpointContext,
  { pair, side, type }: OrderTerms,
  field: string,
): number {
  const referenceTicks = market.lastTicks(pair, atMs);
  const hash = hashSign(side, type.startsWith('stop'));
  return priceTicks(requiredText(params, field), { pair, field, referenceTicks, hash });
}

function amendView({ terms }: Order, amend: Amend): Readonly<Record<string, unknown>> {
  const { pair } = terms;
  const price = (ticks: number | null): string | null =>
    ticks === null ? null : fixed(priceOf(pair, ticks), pair.priceDecimals);
  return {
    amend_id: amend.id,
    amend_type: amend.kind,
    order_qty: fixed(amend.volume, pair.lotDecimals),
    remaining_qty: fixed(amend.left, pair.lotDecimals),
    limit_price: price(amend.limitTicks),
    trigger_price: price(amend.triggerTicks),
    post_only: terms.postOnly,
    timestamp: seconds(amend.atMs),
  };
}
