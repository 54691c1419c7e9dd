import type { RequestParams } from '../venue-interface.ts';

/** How deep parameters may be nested; Kraken's own deepest are the `close` of each order in a batch. */
const DEPTH_MAX = 4;

/** One parameter with its value, both as text. */
export type CanonicalParam = readonly [name: string, value: string];

/**
 * Writes parameters in the one way in which equal requests are equal text, however they were encoded: names in
 * order, nested objects as `close[price]` (the form's way), lists joined by commas, decimals without superfluous
 * zeros, nothing for what is absent, empty or `null`.
 */
export function canonicalParams(params: RequestParams): readonly CanonicalParam[] {
  const found: CanonicalParam[] = [];
  for (const [name, value] of Object.entries(params)) collect(name, value, found);
  return found.sort(([a], [b]) => (a < b ? -1 : 1));
}

function collect(name: string, value: unknown, found: CanonicalParam[], depth = 1): void {
  if (value === undefined || value === null || value === '') return;
  if (typeof value !== 'object') return void found.push([name, canonicalText(String(value))]);
  if (depth === DEPTH_MAX) return void found.push([name, '…']);
  if (Array.isArray(value) && value.every(isPlain)) {
    return collect(name, value.map((item) => canonicalText(String(item))).join(','), found);
  }
  for (const [inner, item] of Object.entries(value)) collect(`${name}[${inner}]`, item, found, depth + 1);
}

function isPlain(item: unknown): boolean {
  return typeof item !== 'object';
}

/** No decimal that Kraken takes is longer: 20 digits on either side of the point, an exponent, a sign. */
const DECIMAL_CHARS_MAX = 64;

/** Only one way to match any text: where there are several, trying them all takes hours for a few thousand zeros. */
const DECIMAL = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/;

/**
 * A decimal without leading and trailing zeros, any other text as it is. A sign `+` stays: `+5` is a price relative to
 * the market, `5` is not (Kraken docs, AddOrder).
 */
function canonicalText(text: string): string {
  const match = text.length > DECIMAL_CHARS_MAX ? null : DECIMAL.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return text;
  const point = whole.length + Number(exponent);
  const digits = `${'0'.repeat(Math.max(0, -point))}${whole}${fraction}`.padEnd(point, '0');
  const start = Math.max(0, point);
  const head = digits.slice(0, start).replace(/^0+/, '');
  const tail = digits.slice(start).replace(/0+$/, '');
  if (head === '' && tail === '') return '0';
  return `${sign}${head === '' ? '0' : head}${tail === '' ? '' : `.${tail}`}`;
}
