import { describe, expect, it } from 'vitest';
import { destinationOf } from './kraken-hosts.ts';

describe('destinationOf', () => {
  it.each([
    ['api.kraken.com', 'kraken-api'],
    ['API.Kraken.com.', 'kraken-api'],
    ['kraken.com', 'kraken-other'],
    ['ws-auth.kraken.com', 'kraken-other'],
    ['api.futures.kraken.com', 'kraken-other'],
    ['www.cryptofacilities.com', 'kraken-other'],
    ['notkraken.com', 'elsewhere'],
    ['api.kraken.com.evil.example', 'elsewhere'],
    ['10.0.0.5', 'elsewhere'],
    ['127.evil.example', 'elsewhere'],
    ['localhost', 'loopback'],
    ['mock.localhost', 'loopback'],
    ['127.8.9.10', 'loopback'],
    ['::1', 'loopback'],
  ] as const)('%s leads to %s', (host, destination) => {
    expect(destinationOf(host)).toBe(destination);
  });
});
