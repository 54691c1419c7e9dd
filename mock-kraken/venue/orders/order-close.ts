import { ownText } from '../../kept-text.ts';
import { invalidArguments } from '../../kraken-errors.ts';
import type { RequestParams } from '../../venue-interface.ts';
import { type CloseTerms, type Order, orderTypes } from './order.ts';
import { short } from '../catalog/index.ts';
import { text } from '../params/index.ts';
import { isPriceText } from './price-text.ts';
import { refuse } from '../errors/index.ts';

/** The conditional close, written `close[ordertype]` in forms and nested in JSON. */
export function readClose(params: RequestParams): CloseTerms | null {
  const close = nested(params, 'close');
  const type = text(close, 'ordertype');
  if (type === undefined) return null;
  const known = orderTypes.find((name) => name === type && name !== 'market');
  if (known === undefined) return refuse(invalidArguments('close[ordertype]'));
  return { type: known, price: priceOf(close, 'price'), price2: priceOf(close, 'price2') };
}

/** A price as it is written: what it is relative to is known when the order opens. */
function priceOf(close: RequestParams, name: string): string | undefined {
  const written = text(close, name);
  if (written === undefined) return undefined;
  return isPriceText(written) ? ownText(written) : refuse(invalidArguments(`close[${name}]`));
}

/** The members of a nested parameter, however it was written. */
function nested(params: RequestParams, name: string): RequestParams {
  const value = Object.hasOwn(params, name) ? params[name] : undefined;
  if (typeof value === 'object' && value !== null) return value as RequestParams;
  const prefix = `${name}[`;
  const members = Object.entries(params).filter(([key]) => key.startsWith(prefix) && key.endsWith(']'));
  return Object.fromEntries(members.map(([key, member]) => [key.slice(prefix.length, -1), member]));
}

/** The conditional close as a request of its own: the other side, for what the first order executed. */
export function closeRequest({ terms, executed }: Order, { type, price, price2 }: CloseTerms): RequestParams {
  const side = terms.side === 'buy' ? 'sell' : 'buy';
  return { pair: terms.pair.id, type: side, ordertype: type, volume: short(executed), price, price2 };
}
