/**
 * A well-mixed 32-bit number from up to four integers: the venue's only source of chance, so the same seed always
 * gives the same market and the same ids. A function of its arguments and not a stream of numbers, so that any
 * moment of the market can be asked for without those before it. Not for secrets.
 */
export function hash32(seed: number, first: number, second = 0, third = 0): number {
  return mix(absorb(absorb(absorb(seed >>> 0, first), second), third));
}

function absorb(state: number, word: number): number {
  return mix(state ^ Math.imul(word >>> 0, 0x9e3779b1));
}

/** The finalizer of MurmurHash3 (public domain): every input bit reaches every output bit. */
function mix(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
