import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRandom } from '../../random.ts';
import { createClient } from './built-in-client.ts';
import type { ClientWorld } from './client-module.ts';

const PROCESS_WIDE = Symbol.for('nonceproof.GlobalKrakenNonceManager/1');
const forgetManager = (): boolean => Reflect.deleteProperty(globalThis, PROCESS_WIDE);
// Test files share a process, and the client of a process configures the one manager there.
beforeEach(forgetManager);
afterEach(forgetManager);

const NOW_MS = 1_795_353_736_000;
const ORDER = { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '1', volume: '1' };

/** What a client of this world waits for at most, and how far ahead the deadline of its order is, in milliseconds. */
async function limitsIn(changes: Partial<ClientWorld>): Promise<{ waitsMs: number; deadlineMs: number }> {
  const waits: number[] = [];
  const bodies: string[] = [];
  const client = await createClient({
    kind: 'simulated',
    baseUrl: 'http://127.0.0.1:1',
    accounts: [{ account: 'MASTER', apiKey: 'key', apiSecret: 'c2VjcmV0' }],
    scope: 'global',
    transport: ({ body = '' }) => {
      bodies.push(body);
      const headers = { 'content-type': 'application/json', date: new Date(NOW_MS).toUTCString() };
      const result = { unixtime: NOW_MS / 1000, txid: ['O1'], descr: { order: '' } };
      return Promise.resolve({ status: 200, headers, body: JSON.stringify({ error: [], result }) });
    },
    clock: { wallNs: () => BigInt(NOW_MS) * 1_000_000n, monotonicMs: () => 1_000 },
    timers: { setTimeout: (_callback, ms) => waits.push(ms), clearTimeout: () => undefined },
    random: createRandom(1),
    ...changes,
  });
  await client.call('MASTER', 'AddOrder', ORDER);
  await client.close?.();
  const deadline = new URLSearchParams(bodies.at(-1)).get('deadline') ?? expect.fail('it has no deadline');
  return { waitsMs: Math.max(...waits), deadlineMs: Date.parse(deadline) - NOW_MS };
}

it('waits longer over sockets without faults than it would for Kraken: the machine may be busy', async () => {
  const { deadlineMs, waitsMs } = await limitsIn({ kind: 'process' });
  expect(waitsMs).toBe(120_000);
  expect(deadlineMs).toBeGreaterThanOrEqual(45_000);
});

it('has its own defaults in a simulated world', async () => {
  const { deadlineMs, waitsMs } = await limitsIn({});
  expect(waitsMs).toBe(30_000);
  expect(deadlineMs).toBeLessThan(15_000);
});

it('has shorter limits where the slowest service is known', async () => {
  const { deadlineMs, waitsMs } = await limitsIn({ slowestServiceMs: 250 });
  expect(waitsMs).toBe(30_000);
  expect(deadlineMs).toBeLessThan(7_000);
});
