import { isGreaterNonce } from './nonce-text.ts';

/** 2^53: up to here a double holds every integer. */
const EXACT_UP_TO = '9007199254740992';
const TWO_POW_32 = 2 ** 32;
/** Ten to the twelfth is a multiple of 2^12, so the last twelve digits decide on divisibility by up to 2^12. */
const LOW_DIGITS = 12;
/** So many bits of evidence are asked for: a false alarm is then less likely than 2^-50 for each key. */
const EVIDENCE_BITS_MIN = 50;
/** Bounds the work; no more are needed. */
const NONCE_COUNT_MAX = 4_096;

/** How precision was lost: `step`, the exact value of a double; `shortest`, its shortest decimal form. */
export type PrecisionLoss = 'step' | 'shortest';

/**
 * Tells from nonces alone whether they went through a double (a JavaScript `Number`, a Python `float`).
 *
 * Above 2^53 the doubles between 2^e and 2^(e+1) are the multiples of 2^j with j = e - 52 (256 for nanoseconds
 * since 1970, 128 for .NET ticks). A nonce that went through one leaves as
 * - `step`: its exact value, a multiple of 2^j (`BigInt(number)`, Python's `int(float)`, C's `%.0f`); or
 * - `shortest`: the shortest decimal that reads back as the same double (JavaScript's `String(number)` and
 *   `JSON.stringify`), of which there is one for each double, hence one among 2^j integers.
 *
 * Correct clients may look alike by the scale of their clock: nonces that are all multiples of 10^z (milliseconds
 * times 10^6; microseconds times 10^3; a Windows clock of 100 ns) are multiples of 2^z for free. So let z be the
 * number of trailing zeros that *all* nonces have. For a client whose nonces are 10^z times something that is
 * arbitrary in its last digits, the chance that one nonce shows the sign is
 * - `step`: 2^-(j-z), so it counts j - z bits. Asked for only when z = 0: an exact double is a multiple of 10
 *   only by chance, while scaled clocks always are.
 * - `shortest`: at most 10^z / 2^j, so it counts j - z log2(10) bits. That is 1.36 for nanoseconds of which
 *   all end in 00 (z = 2), as they do when a Number is printed, and less than none from z = 3 on, where every
 *   nonce is its own shortest form.
 *
 * All nonces above 2^53 must show the sign, and the bits must sum to 50: 7 nanosecond nonces as `step` (56 bits),
 * 37 as `shortest` (z = 2: 1.36 bits each). One nonce without the sign acquits. A false alarm over 1,000 keys is
 * therefore less likely than 1,000 * 2^-50 < 1e-12 for nanosecond clocks and .NET ticks whose last digits are
 * arbitrary, and impossible for milliseconds times 10^6, microseconds times 10^3 and seconds times 10^9, which
 * have z of 3 or more.
 *
 * Powers of two by design (`milliseconds << 20`, a stride of 1,024) are told apart by a second condition on
 * `step`: among exact doubles odd and even multiples of 2^j both occur, while a design shares a higher power of
 * two, or keeps one parity.
 *
 * What it cannot tell: a design whose granularity is exactly the double's step (a stride of 256 that begins on
 * a multiple of 256) is taken for a loss; precision lost by printing 16 or fewer digits (PHP, `%.15g`), or by a
 * clock of a microsecond or coarser, leaves no trace that a coarse clock would not leave too.
 */
export class PrecisionWitness {
  #highest = EXACT_UP_TO;
  #count = 0;
  #stepBits = 0;
  #commonZeros = Infinity;
  #allStep = true;
  #allShortest = true;
  #oddSeen = false;
  #evenSeen = false;

  /** How many distinct nonces above 2^53 were looked at. */
  get count(): number {
    return this.#count;
  }

  /** How far apart the doubles around the highest nonce are: so many nonces become one. 1 when there is none. */
  get step(): number {
    return this.#count === 0 ? 1 : 2 ** stepExponent(Number(this.#highest));
  }

  /** Takes a nonce as `readNonce` returns it. Only those that exceed all before are evidence. */
  add(nonce: string): void {
    if (!this.#allStep && !this.#allShortest) return;
    if (this.#count >= NONCE_COUNT_MAX || !isGreaterNonce(nonce, this.#highest)) return;
    this.#highest = nonce;
    this.#count += 1;
    const value = Number(nonce);
    const j = stepExponent(value);
    this.#stepBits += j;
    this.#commonZeros = Math.min(this.#commonZeros, trailingZeros(nonce));
    if (this.#allStep) this.#testStep(nonce, 2 ** j);
    if (this.#allShortest) this.#allShortest = String(value) === nonce;
  }

  /** What the nonces show; `null` when nothing, or not enough. */
  loss(): PrecisionLoss | null {
    const zeros = this.#commonZeros;
    const bothParities = this.#oddSeen && this.#evenSeen;
    if (this.#allStep && zeros === 0 && bothParities && this.#stepBits >= EVIDENCE_BITS_MIN) return 'step';
    if (!this.#allShortest) return null;
    const bits = this.#stepBits - this.#count * zeros * Math.log2(10);
    return bits >= EVIDENCE_BITS_MIN ? 'shortest' : null;
  }

  #testStep(nonce: string, step: number): void {
    const low = Number(nonce.slice(-LOW_DIGITS));
    if (low % step !== 0) this.#allStep = false;
    else if (low % (2 * step) === 0) this.#evenSeen = true;
    else this.#oddSeen = true;
  }
}

/** j such that the doubles around `value` are 2^j apart; `value` is from 2^53 to 2^64. */
function stepExponent(value: number): number {
  const exponent = 63 - Math.clz32(Math.min(Math.floor(value / TWO_POW_32), TWO_POW_32 - 1));
  return exponent - 52;
}

function trailingZeros(nonce: string): number {
  let zeros = 0;
  while (nonce.charCodeAt(nonce.length - 1 - zeros) === 48) zeros += 1;
  return zeros;
}
