/** Nonces are unsigned 64-bit integers. Kraken docs, REST authentication ("always increasing, unsigned 64-bit integer"). */
const NONCE_LIMIT = 2n ** 64n;

/** 1 to 20 ASCII digits; 2^64 - 1 has 20. Leading zeros count as digits. */
const NONCE_TEXT = /^[0-9]{1,20}$/;

/**
 * Reads a nonce exactly, never through a Number. `null` for anything that is not 1 to 20 decimal digits below
 * 2^64: signs, fractions, exponents, hex, blanks, digits of other scripts, nothing at all.
 */
export function parseNonce(text: string): bigint | null {
  if (!NONCE_TEXT.test(text)) return null;
  const value = BigInt(text);
  return value < NONCE_LIMIT ? value : null;
}
