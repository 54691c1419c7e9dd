import { createHmac, hash } from 'node:crypto';

/** What a signature covers. */
export interface SignatureInput {
  /** Path without host and query: `/0/private/Balance`. */
  readonly path: string;
  /** The nonce, in the same digits as in the body. */
  readonly nonce: bigint | string;
  /** The body, character for character as it will be sent: nothing is sorted or re-encoded. */
  readonly body: string;
  /** The secret as Kraken hands it out (base64), or as {@link importApiSecret} made it. */
  readonly apiSecret: string | ApiSecret;
}

/** A decoded API secret that cannot be printed, serialized or cloned by accident. */
export class ApiSecret {
  readonly #bytes: Buffer;

  /** @param apiSecret - base64, decoded leniently, as Node does */
  constructor(apiSecret: string) {
    this.#bytes = Buffer.from(apiSecret, 'base64');
  }

  /** Base64 of the HMAC-SHA512 of both texts, one after the other; `bytes` has a byte a character. */
  hmac(text: string, bytes: string): string {
    return createHmac('sha512', this.#bytes).update(text).update(bytes, 'binary').digest('base64');
  }
}

/**
 * Decodes a base64 API secret once, into a form that cannot be printed by accident.
 * @returns `undefined` when the text is empty or is not base64; the caller words the error
 */
export function importApiSecret(apiSecret: string): ApiSecret | undefined {
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(apiSecret) && apiSecret.length % 4 === 0;
  return isBase64 ? new ApiSecret(apiSecret) : undefined;
}

/**
 * The value of the `API-Sign` header:
 * `base64(HMAC-SHA512(base64decode(secret), path || SHA256(nonce || body)))` (Kraken docs, authentication
 * guide). The same formula holds for form and JSON bodies. A string secret is decoded leniently, as Node does.
 */
export function signRequest(input: SignatureInput): string {
  const { apiSecret, body, nonce, path } = input;
  const secret = typeof apiSecret === 'string' ? new ApiSecret(apiSecret) : apiSecret;
  // A string of bytes: a buffer takes three times as long to make.
  const digest = hash('sha256', `${nonce}${body}`, 'binary');
  return secret.hmac(path, digest);
}
