import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What the proxy of one run asks of its clients. */
export interface ProxyCredentials {
  readonly user: string;
  readonly password: string;
  /** Value of the header `Proxy-Authorization` that carries them (RFC 7617). */
  readonly header: string;
}

/** Makes credentials that cannot be guessed. They have no character that a URL must escape. */
export function createProxyCredentials(): ProxyCredentials {
  const user = 'nonceproof';
  const password = randomBytes(16).toString('hex');
  return { user, password, header: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

/** Tells whether a request carries the credentials. The time that it takes says nothing about them. */
export function carriesCredentials(given: string | undefined, { header }: ProxyCredentials): boolean {
  const [scheme = '', token = ''] = (given ?? '').split(/ +/, 2);
  const [, expected = ''] = header.split(' ');
  // The name of a scheme has no case (RFC 9110, 11.1).
  return timingSafeEqual(digest(token), digest(expected)) && scheme.toLowerCase() === 'basic';
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
