import { describe, expect, test } from 'vitest';
import { generateCredentials } from '../../../mock-kraken/index.ts';
import type { HttpRequest } from '../../../src/index.ts';
import { DEFAULT_LATENCY } from './latency.ts';
import { SimulatedWorld } from './simulated-world.ts';

function createWorld(): SimulatedWorld {
  const spec = {
    accounts: generateCredentials({ users: 1, seed: 1 }),
    scope: 'global',
    faults: { kinds: [], faultsMax: 0 },
    latency: DEFAULT_LATENCY,
    stepNs: 1,
    clock: 'honest',
    seed: 1,
    checksSignatures: false,
    onArrival: () => undefined,
  } as const;
  return new SimulatedWorld(spec, () => undefined);
}

/** Two ways to say that a request is given up: a signal, and an answer to who asks. */
const WAYS = {
  signal() {
    const controller = new AbortController();
    return { facts: { signal: controller.signal }, giveUp: () => controller.abort() };
  },
  isGivenUp() {
    let isGivenUp = false;
    return { facts: { isGivenUp: () => isGivenUp }, giveUp: () => (isGivenUp = true) };
  },
};

describe.each(['signal', 'isGivenUp'] as const)('a request that says by its %s that it', (way) => {
  const request: HttpRequest = { method: 'POST', path: '/0/private/Balance', headers: {}, body: '' };

  test('is given up, is rejected between two events, once', async () => {
    const { network } = createWorld();
    const { facts, giveUp } = WAYS[way]();
    const reply = network.transport({ ...request, ...facts });
    expect(network.rejectGivenUp()).toBe(false);
    giveUp();
    expect(network.rejectGivenUp()).toBe(true);
    await expect(reply).rejects.toMatchObject({ delivery: 'unknown' });
    expect(network.rejectGivenUp()).toBe(false);
    expect(network.inFlight).toHaveLength(1);
  });

  test('was given up before, is not sent', async () => {
    const { network } = createWorld();
    const { facts, giveUp } = WAYS[way]();
    giveUp();
    const reply = network.transport({ ...request, ...facts });
    await expect(reply).rejects.toMatchObject({ delivery: 'not-sent' });
    expect(network.inFlight).toEqual([]);
  });
});
