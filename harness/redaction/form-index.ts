import { BREAK } from './spelling.ts';
import type { Spelling } from './spelling.ts';

/** A form to look for. */
export interface IndexedForm {
  readonly codes: ArrayLike<number>;
  /** How many of its codes must stand one after the other. */
  readonly lengthMin: number;
}

/** Receives each match: from which code of the spelling to which, the latter included. */
export type OnMatch = (first: number, last: number) => void;

/** So many codes in a row, one of such pieces beginning at every {@link PIECE}th code of a form, are looked up. */
const PIECE = 8;
/**
 * So many codes of a form in a row give a part of it away, and always hold a whole piece. Fewer than sixteen
 * characters of a secret of 86 are of no use.
 */
export const WINDOW: number = 2 * PIECE;

/** Most of them free, so that most of a text is let pass at the first look. */
const SLOTS_PER_PIECE = 8;

/** A rolling hash is a polynomial in this number. */
const BASE = 0x01000193;
const BASE_TO_PIECE: number = power(PIECE);

/**
 * Finds parts of many forms in one pass over a spelling, whose time does not grow with the number of forms (as
 * Rabin and Karp do, "Efficient randomized pattern-matching algorithms", 1987): every piece of the forms is in a
 * hash table, and the hash of every eight codes of the text is looked up there.
 */
export class FormIndex {
  /** All forms, with {@link BREAK} around each. */
  readonly #codes: Uint16Array;
  /** What a match at this code must be as long as. */
  readonly #lengthMin: Uint16Array;
  /** Where in `#codes` a piece begins, plus one; 0 is a free slot. A power of two of them. */
  readonly #slots: Int32Array;
  readonly isEmpty: boolean;

  constructor(forms: readonly IndexedForm[]) {
    const usable = forms.filter(({ codes }) => codes.length >= PIECE);
    this.isEmpty = usable.length === 0;
    const size = usable.reduce((sum, { codes }) => sum + codes.length + 1, 1);
    this.#codes = new Uint16Array(size).fill(BREAK);
    this.#lengthMin = new Uint16Array(size);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2((SLOTS_PER_PIECE * size) / PIECE + 2)));
    let at = 1;
    for (const { codes, lengthMin } of usable) {
      this.#codes.set(codes, at);
      this.#lengthMin.fill(lengthMin, at, at + codes.length);
      for (let piece = 0; piece + PIECE <= codes.length; piece += PIECE) this.#insert(at + piece);
      at += codes.length + 1;
    }
  }

  /** Tells of matches from left to right; none reaches into another. */
  find({ codes, length }: Spelling, onMatch: OnMatch): void {
    if (this.isEmpty) return;
    let from = 0;
    let hash = 0;
    for (let at = 0; at < length; at += 1) {
      const leaving = at - from >= PIECE ? (codes[at - PIECE] ?? 0) : 0;
      hash = (Math.imul(hash, BASE) + (codes[at] ?? 0) - Math.imul(leaving, BASE_TO_PIECE)) | 0;
      if (at - from < PIECE - 1 || this.#slots[this.#slotOf(hash)] === 0) continue;
      const match = this.#matchAt(codes, { piece: at - PIECE + 1, from, to: length }, hash);
      if (match === null) continue;
      onMatch(match.first, match.last);
      at = match.last;
      from = at + 1;
      hash = 0;
    }
  }

  #insert(piece: number): void {
    let hash = 0;
    for (let i = 0; i < PIECE; i += 1) hash = (Math.imul(hash, BASE) + (this.#codes[piece + i] ?? 0)) | 0;
    let slot = this.#slotOf(hash);
    while (this.#slots[slot] !== 0) slot = this.#next(slot);
    this.#slots[slot] = piece + 1;
  }

  #matchAt(codes: Uint16Array, place: Place, hash: number): Match | null {
    for (let slot = this.#slotOf(hash); this.#slots[slot] !== 0; slot = this.#next(slot)) {
      const piece = (this.#slots[slot] ?? 0) - 1;
      const match = this.#extend(codes, place, piece);
      if (match.last - match.first + 1 >= (this.#lengthMin[piece] ?? 0)) return match;
    }
    return null;
  }

  /** The longest match around a piece; an empty one when the piece itself is another. */
  #extend(codes: Uint16Array, { piece, from, to }: Place, formAt: number): Match {
    const own = this.#codes;
    let length = 0;
    while (
      piece + length < to &&
      own[formAt + length] === codes[piece + length] &&
      own[formAt + length] !== BREAK
    )
      length += 1;
    if (length < PIECE) return { first: 0, last: -1 };
    let before = 0;
    while (
      piece - before > from &&
      own[formAt - before - 1] === codes[piece - before - 1] &&
      own[formAt - before - 1] !== BREAK
    )
      before += 1;
    return { first: piece - before, last: piece + length - 1 };
  }

  #slotOf(hash: number): number {
    return (hash ^ (hash >>> 15)) & (this.#slots.length - 1);
  }

  #next(slot: number): number {
    return (slot + 1) & (this.#slots.length - 1);
  }
}

interface Match {
  readonly first: number;
  readonly last: number;
}

/** A piece of the text, between the end of the last match and the end of the text. */
interface Place {
  readonly piece: number;
  readonly from: number;
  readonly to: number;
}

function power(exponent: number): number {
  let result = 1;
  for (let i = 0; i < exponent; i += 1) result = Math.imul(result, BASE);
  return result;
}
