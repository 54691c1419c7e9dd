export type { Asset } from './assets.ts';
export { Catalog, catalogWith } from './catalog.ts';
export { decimalsOf, fixed, money, parseMoney, rounding, short, smaller, zero } from './money.ts';
export type { Amounts, Money } from './money.ts';
export type { NewPair } from './new-pair.ts';
export type { Pair } from './pairs.ts';
