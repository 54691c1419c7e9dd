import { invalidArguments, KRAKEN_ERRORS } from '../../kraken-errors.ts';
import { tooManyPriceDecimals } from '../errors/index.ts';
import { priceOf, type Side, ticksOf } from '../market/index.ts';
import { decimalsOf, money, type Money, rounding } from '../catalog/index.ts';
import type { Pair } from '../catalog/index.ts';
import { refuse } from '../errors/index.ts';

/** A price as a client may write it: `25000.1`, `+5%`, `-100`, `#2.5%`. */
interface Written {
  readonly sign: '' | '+' | '-' | '#';
  readonly amount: Money;
  readonly percent: boolean;
}

/** What a price is read against. */
export interface PriceFrame {
  readonly pair: Pair;
  /** Parameter name, for the error. */
  readonly field: string;
  /** What relative prices are relative to. */
  readonly referenceTicks: number;
  /** What `#` stands for. */
  readonly hash: '+' | '-';
}

/** The price in ticks. Relative ones are rounded to the nearest tick, absolute ones must be on a tick. */
export function priceTicks(text: string, frame: PriceFrame): number {
  const written = parse(text, frame.field);
  const ticks =
    written.sign === '' ? absolute(written, frame) : frame.referenceTicks + offsetTicks(text, frame);
  return ticks >= 1 ? ticks : refuse(invalidArguments(frame.field));
}

/** A relative price as a signed distance in ticks. Refuses absolute ones. */
export function offsetTicks(text: string, frame: PriceFrame): number {
  const { sign, amount, percent } = parse(text, frame.field);
  if (sign === '') return refuse(invalidArguments(frame.field));
  const reference = priceOf(frame.pair, frame.referenceTicks);
  const distance = percent ? reference.times(amount).times(onePercent) : amount;
  const ticks = wholeTicks(frame.pair, distance.div(frame.pair.tickSize));
  return (sign === '#' ? frame.hash : sign) === '+' ? ticks : -ticks;
}

/** What `#` means for an order: towards a better fill for limits and profits, away for stops. */
export function hashSign(side: Side, stops: boolean): '+' | '-' {
  return (side === 'sell') === stops ? '-' : '+';
}

const onePercent = money('0.01');

const priceText = /^([+\-#]?)(\d{1,20}(?:\.\d{0,20})?)(%?)$/;

/** Whether a text has the form of a price, absolute or relative. */
export function isPriceText(text: string): boolean {
  return priceText.test(text);
}

function parse(text: string, field: string): Written {
  const match = priceText.exec(text);
  if (match === null) return refuse(invalidArguments(field));
  const [, sign = '', amount = '0', percent = ''] = match;
  if (sign === '' && percent !== '') refuse(invalidArguments(field));
  return { sign: sign as Written['sign'], amount: money(amount), percent: percent !== '' };
}

function absolute({ amount }: Written, { pair, field }: PriceFrame): number {
  if (decimalsOf(amount) > pair.priceDecimals) {
    refuse(tooManyPriceDecimals(pair.id, field, pair.priceDecimals));
  }
  return ticksOf(pair, amount) ?? refuse(KRAKEN_ERRORS.tickSize);
}

function wholeTicks(pair: Pair, ticks: Money): number {
  const rounded = ticks.round(0, rounding.halfUp);
  return ticksOf(pair, rounded.times(pair.tickSize)) ?? refuse(KRAKEN_ERRORS.tickSize);
}
