/** 2^64 - 1, the greatest nonce that fits Kraken's unsigned 64-bit integer (Kraken docs, authentication guide). */
export const NONCE_TEXT_MAX = '18446744073709551615';

const ZERO = 48;
const NINE = 57;

/**
 * Reads a nonce as it was sent: 1 to 20 decimal digits below 2^64. Returns its digits without leading zeros (one
 * zero for zero), so that two nonces are equal exactly when these strings are; `null` for anything else.
 */
export function readNonce(text: string | null): string | null {
  if (text === null || text.length === 0 || text.length > 20) return null;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < ZERO || code > NINE) return null;
  }
  if (text.charCodeAt(0) === ZERO) return withoutLeadingZeros(text);
  return text.length === 20 && text > NONCE_TEXT_MAX ? null : text;
}

function withoutLeadingZeros(text: string): string {
  let start = 0;
  while (start < text.length - 1 && text.charCodeAt(start) === ZERO) start += 1;
  return text.slice(start);
}

/** Whether nonce `a` is greater than nonce `b`; both as {@link readNonce} returns them. */
export function isGreaterNonce(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}
