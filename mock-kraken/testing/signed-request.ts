import { pathOf } from '../exchange/request-head.ts';
import type { Credentials } from '../exchange/index.ts';
import { sign } from '../exchange/signature.ts';

/** A private request as tests send it. */
export interface SignedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What to sign. */
export interface RequestParts {
  readonly credentials: Credentials;
  readonly method: string;
  readonly nonce: string | number | bigint;
  readonly params?: Readonly<Record<string, string>>;
  readonly encoding?: 'form' | 'json';
}

/** A well-formed, signed request. */
export function signedRequest(parts: RequestParts): SignedRequest {
  const nonce = String(parts.nonce);
  const fields = { nonce, ...parts.params };
  const isJson = parts.encoding === 'json';
  const body = isJson ? JSON.stringify(fields) : new URLSearchParams(fields).toString();
  const type = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
  return signedBody({ ...parts, nonce, body, type });
}

/** A signed request whose body is given as it is, well-formed or not. */
export function signedBody(parts: {
  readonly credentials: Credentials;
  readonly method: string;
  /** The nonce that the signature covers. */
  readonly nonce: string;
  readonly body: string;
  readonly type?: string;
}): SignedRequest {
  const { credentials, method, nonce, body, type = 'application/x-www-form-urlencoded' } = parts;
  const path = `/0/private/${method}`;
  const secret = Buffer.from(credentials.apiSecret, 'base64');
  const headers = {
    'api-key': credentials.apiKey,
    'api-sign': sign(secret, { path: pathOf({ path, headers: {} }), nonce, body }).toString('base64'),
    'content-type': type,
  };
  return { path, headers, body };
}
