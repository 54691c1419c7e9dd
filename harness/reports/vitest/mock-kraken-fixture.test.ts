import { setupServer } from 'msw/node';
import { request } from 'undici';
import { afterAll, describe, expect } from 'vitest';
import { KrakenClient } from '../../../src/index.ts';
import { mockKraken } from './mock-kraken-fixture.ts';
import type { TestKraken } from './test-kraken.ts';

function clientOf(kraken: TestKraken, account = 0): KrakenClient {
  const { account: accountIdentifier, apiKey, apiSecret } = kraken.accounts[account] ?? kraken.master;
  return new KrakenClient({ accountIdentifier, apiKey, apiSecret, baseUrl: kraken.url });
}

const seen: TestKraken[] = [];

describe('the fixture', () => {
  mockKraken('a client meets an exchange over a real socket, and keeps the rules', async ({ kraken }) => {
    seen.push(kraken);
    const client = clientOf(kraken);
    await Promise.all([client.getBalance(), client.getBalance(), client.getBalance()]);
    expect(kraken.journal()).toHaveLength(3);
    expect(kraken.journal()).toHaveIncreasingNonces();
    expect(kraken.journal()).toHaveGloballyIncreasingNonces();
    expect(kraken.journal()).toHaveNoReusedNonces();
    expect(kraken.journal()).toHaveExactNonces();
    expect(kraken.journal()).toHaveNoOverlap();
    expect(kraken.journal()).toHaveNoRejections();
  });

  mockKraken('every test has an exchange of its own', async ({ kraken }) => {
    seen.push(kraken);
    expect(new Set(seen).size).toBe(seen.length);
    expect(kraken.journal()).toEqual([]);
  });

  mockKraken('its clock is the real one', async ({ kraken }) => {
    const reply = await request(`${kraken.url}/0/public/Time`);
    const { result } = (await reply.body.json()) as { result: { unixtime: number } };
    expect(Math.abs(result.unixtime * 1_000 - Date.now())).toBeLessThan(120_000);
  });

  mockKraken('the three doors lead to one exchange', async ({ kraken }) => {
    await request('https://api.kraken.com/0/public/Time', { dispatcher: kraken.dispatcher });
    const server = setupServer(...(await kraken.handlers()));
    server.listen({ onUnhandledRequest: 'bypass' });
    await fetch('https://api.kraken.com/0/public/Time');
    server.close();
    await request(`${kraken.url}/0/public/Time`);
    expect(kraken.exchange.publicCalls).toBe(3);
  });
});

describe('the options', () => {
  const three = mockKraken.extend({ krakenOptions: { users: 3 } });

  three('can be others', async ({ kraken }) => {
    expect(kraken.accounts.map(({ account }) => account)).toEqual(['MASTER', 'USER_1', 'USER_2']);
    await Promise.all([0, 1, 2].map((account) => clientOf(kraken, account).getBalance()));
    expect(kraken.journal()).toHaveNoOverlap({ scope: 'global' });
  });
});

afterAll(async () => {
  const [first] = seen;
  if (first !== undefined) await expect(request(`${first.url}/0/public/Time`)).rejects.toThrow();
});
