import { hash32 } from '../market/index.ts';

/**
 * What an id names; its first letter shows it: orders `O`, trades and amends `T`, ledger rows `L`, funding
 * `F`, adjustments `A`, websocket tokens `W`.
 */
export type IdKind = 'O' | 'T' | 'L' | 'F' | 'A' | 'W';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const tailSpan = 32 ** 6;
const reportSpan = 32 ** 4;
const reportFamily = 'R'.charCodeAt(0);
/** Odd, so that multiplying by it permutes the numbers below 2^30; small, so that the product stays exact. */
const scatter = 0x2f_4a35;

/**
 * Ids that look like Kraken's (`OUF4EM-FRGI2-MQMWZD`) from a seed and a counter. Unique for 2^30 ids of a
 * kind by construction: the last group is a permutation of the counter, the rest is decoration.
 */
export class Ids {
  readonly #seed: number;
  readonly #issued = new Map<IdKind, number>();
  #reports = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  next(kind: IdKind): string {
    const count = this.#issued.get(kind) ?? 0;
    this.#issued.set(kind, count + 1);
    return idOf(this.#seed, kind, count);
  }

  /** An id of a report, which is four letters at Kraken (`TCJA`). Unique for 2^20 reports. */
  nextReport(): string {
    const count = this.#reports;
    this.#reports += 1;
    return letters((count * scatter + hash32(this.#seed, reportFamily)) % reportSpan, 4);
  }
}

function idOf(seed: number, kind: IdKind, count: number): string {
  const family = kind.charCodeAt(0);
  const head = letters(hash32(seed, family, count, 1), 5);
  const middle = letters(hash32(seed, family, count, 2), 5);
  const tail = letters((count * scatter + hash32(seed, family)) % tailSpan, 6);
  return `${kind}${head}-${middle}-${tail}`;
}

/** The lowest 5 bits of a number as one letter each time, lowest first. */
function letters(number: number, length: number): string {
  let text = '';
  for (let place = 0; place < length; place += 1) text += alphabet[(number >>> (5 * place)) & 31];
  return text;
}
