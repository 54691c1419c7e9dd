/**
 * A well-mixed 32-bit number from integers: the venue's only source of chance, so the same seed always
 * gives the same market and the same ids. Not for secrets.
 */
export function hash32(seed: number, ...words: readonly number[]): number {
  let state = seed >>> 0;
  for (const word of words) state = mix(state ^ Math.imul(word >>> 0, 0x9e3779b1));
  return mix(state);
}

/** The finalizer of MurmurHash3 (public domain): every input bit reaches every output bit. */
function mix(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
