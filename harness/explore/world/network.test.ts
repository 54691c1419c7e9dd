import { describe, expect, test } from 'vitest';
import { generateCredentials } from '../../../mock-kraken/index.ts';
import type { HttpRequest } from '../../../src/index.ts';
import { FAULT_KINDS } from './fault-kinds.ts';
import { DEFAULT_LATENCY } from './latency.ts';
import { SimulatedWorld } from './simulated-world.ts';
import type { WorldEventKind, WorldOperation } from './world-operation.ts';

function createWorld(): SimulatedWorld {
  const spec = {
    accounts: generateCredentials({ users: 1, seed: 1 }),
    scope: 'global',
    faults: { kinds: FAULT_KINDS, faultsMax: 2 },
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

describe('a request that a middlebox delivers twice', () => {
  /** An order of MASTER, which has arrived. */
  function arrivedOrder(world: SimulatedWorld, nonce: number): Promise<{ readonly body: string }> {
    const [master] = generateCredentials({ users: 1, seed: 1 });
    const body = `nonce=${nonce}&pair=XBTUSD&type=buy&ordertype=market&volume=0.01`;
    const headers = { 'api-key': master?.apiKey ?? '', 'content-type': 'application/x-www-form-urlencoded' };
    const reply = world.network.transport({ method: 'POST', path: '/0/private/AddOrder', headers, body });
    take(world, 'arrive');
    return reply;
  }

  function take(world: SimulatedWorld, kind: WorldEventKind): void {
    const options: WorldOperation[] = [];
    world.network.collect(options);
    world.network.collectFaults(options);
    const operation = options.find((option) => option.kind === kind);
    if (operation === undefined) throw new TypeError(`${kind} cannot happen`);
    operation.happen();
  }

  function canHappen(world: SimulatedWorld, kind: WorldEventKind): boolean {
    const options: WorldOperation[] = [];
    world.network.collectFaults(options);
    return options.some((option) => option.kind === kind);
  }

  test('is served to its end though the client reads the refusal of the second delivery', async () => {
    const world = createWorld();
    const reply = arrivedOrder(world, 1);
    take(world, 'duplicate-second-reply');
    expect((await reply).body).toContain('EAPI:Invalid nonce');
    expect(world.exchange.journal).toMatchObject([
      { departedNs: null, effect: null, repliedNs: expect.any(Number) },
      { outcome: 'faulted', fault: 'duplicate-second-reply', duplicateOf: 1 },
    ]);
    take(world, 'finish');
    expect(world.exchange.journal[0]).toMatchObject({ effect: { kind: 'order' }, violations: [] });
    expect(world.network.inFlight).toEqual([]);
  });

  test('may be delivered again after the exchange has decided, but not a third time', async () => {
    const world = createWorld();
    const reply = arrivedOrder(world, 1);
    take(world, 'finish');
    take(world, 'duplicate-first-reply');
    expect(canHappen(world, 'duplicate-first-reply')).toBe(false);
    expect(canHappen(world, 'duplicate-second-reply')).toBe(false);
    take(world, 'reply');
    expect((await reply).body).toContain('txid');
    expect(world.exchange.journal).toMatchObject([
      { outcome: 'accepted', fault: null },
      { outcome: 'faulted', fault: 'duplicate-first-reply', effect: null, violations: [] },
    ]);
  });

  test('was admitted: a call that is refused is not', () => {
    const world = createWorld();
    void arrivedOrder(world, 2);
    take(world, 'finish');
    take(world, 'reply');
    void arrivedOrder(world, 1);
    expect(canHappen(world, 'timeout')).toBe(true);
    expect(canHappen(world, 'duplicate-first-reply')).toBe(false);
  });
});
