/**
 * The host of Kraken's REST API (Kraken docs, REST introduction): calls to it are led to the mock.
 */
const API_HOST = 'api.kraken.com';

/** Kraken's own domains. Nothing of them but the REST API is mocked, and nothing of them is ever contacted. */
const DOMAINS: readonly string[] = ['kraken.com', 'krakenfutures.com', 'cryptofacilities.com'];

/** What becomes of a connection. */
export type Destination = 'kraken-api' | 'kraken-other' | 'loopback' | 'elsewhere';

/** Where a connection to `host` leads. Names are compared without case and without the root's dot. */
export function destinationOf(host: string): Destination {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === API_HOST) return 'kraken-api';
  if (DOMAINS.some((domain) => name === domain || name.endsWith(`.${domain}`))) return 'kraken-other';
  return isLoopback(name) ? 'loopback' : 'elsewhere';
}

function isLoopback(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  return (
    /^127(\.\d{1,3}){3}$/.test(name) || ['::1', '[::1]', '0.0.0.0', '::', '::ffff:127.0.0.1'].includes(name)
  );
}
