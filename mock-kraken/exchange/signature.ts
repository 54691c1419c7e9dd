import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What `API-Sign` covers. */
export interface SignedParts {
  /** Starts with `/0/private/`, no host, no query. */
  readonly path: string;
  /** The digits of the nonce, as they also stand in the body. */
  readonly nonce: string;
  /** The exact bytes sent. */
  readonly body: string | Uint8Array;
}

/**
 * `API-Sign`: base64(HMAC-SHA512(base64decode(secret), path || SHA256(nonce || body))). Kraken docs, REST
 * authentication. The mock's own code, so that a mistake of the client's cannot hide behind the same one here.
 * @param secret - the decoded secret, 64 bytes
 */
export function sign(secret: Uint8Array, parts: SignedParts): Buffer {
  const digest = createHash('sha256').update(parts.nonce).update(parts.body).digest();
  return createHmac('sha512', secret).update(parts.path).update(digest).digest();
}

/** Whether `signature` (base64, as in the header) signs `parts` under `secret`. Compares in constant time. */
export function isSignedBy(secret: Uint8Array, signature: string, parts: SignedParts): boolean {
  const given = Buffer.from(signature, 'base64');
  const expected = sign(secret, parts);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
