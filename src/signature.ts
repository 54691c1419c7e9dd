import { createHmac, createSecretKey, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** What a signature covers. */
export interface SignatureInput {
  /** Path without host and query: `/0/private/Balance`. */
  readonly path: string;
  /** The nonce, in the same digits as in the body. */
  readonly nonce: bigint | string;
  /** The body, character for character as it will be sent: nothing is sorted or re-encoded. */
  readonly body: string;
  /** The secret as Kraken hands it out (base64), or as {@link importApiSecret} made it. */
  readonly apiSecret: string | KeyObject;
}

/**
 * Decodes a base64 API secret once, into a form that cannot be printed by accident.
 * @returns `undefined` when the text is empty or is not base64; the caller words the error
 */
export function importApiSecret(apiSecret: string): KeyObject | undefined {
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(apiSecret) && apiSecret.length % 4 === 0;
  return isBase64 ? createSecretKey(apiSecret, 'base64') : undefined;
}

/**
 * The value of the `API-Sign` header:
 * `base64(HMAC-SHA512(base64decode(secret), path || SHA256(nonce || body)))` (Kraken docs, authentication
 * guide). The same formula holds for form and JSON bodies. A string secret is decoded leniently, as Node does.
 */
export function signRequest(input: SignatureInput): string {
  const { apiSecret, body, nonce, path } = input;
  const key = typeof apiSecret === 'string' ? Buffer.from(apiSecret, 'base64') : apiSecret;
  const digest = hash('sha256', `${nonce}${body}`, 'buffer');
  return createHmac('sha512', key).update(path).update(digest).digest('base64');
}
