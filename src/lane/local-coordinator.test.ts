import { describe, expect, it } from 'vitest';
import type { Turn } from './coordinator.ts';
import { createLocalCoordinator } from './local-coordinator.ts';
import { TurnEndedError } from './scoped-turn.ts';
import { ManualRuntime } from '../manual-runtime.test-support.ts';

/** Asks for turns of both keys at once and says how many were inside together at most. */
async function mostAtOnce(scope: 'global' | 'key'): Promise<number> {
  const coordinator = createLocalCoordinator({ runtime: new ManualRuntime(), scope });
  let inside = 0;
  let most = 0;
  const body = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await Promise.resolve();
    inside -= 1;
  };
  await Promise.all(['a', 'b', 'a', 'b'].map((key) => coordinator.turn(key, body)));
  return most;
}

describe('createLocalCoordinator', () => {
  it('has one lane for all keys by default', async () => {
    expect(await mostAtOnce('global')).toBe(1);
  });

  it('has a lane per key with scope key', async () => {
    expect(await mostAtOnce('key')).toBe(2);
  });

  it('draws nonces in the order of the turns, not of the asking', async () => {
    const coordinator = createLocalCoordinator({ runtime: new ManualRuntime() });
    const drawn: [string, bigint][] = [];
    const draw = (name: string) => async (turn: Turn) => {
      drawn.push([name, await turn.drawNonce()]);
    };
    const outer = coordinator.turn('a', async () => {
      await Promise.resolve();
      await coordinator.turn('a', draw('nested, asked for last, sent first'));
    });
    const queued = coordinator.turn('a', draw('queued, asked for first, sent last'));
    await Promise.all([outer, queued]);
    const [first, second] = drawn;
    expect(first?.[0]).toContain('sent first');
    expect(second?.[1]).toBeGreaterThan(first?.[1] ?? 0n);
  });

  it('keeps nonces rising across keys whatever the scope', async () => {
    const coordinator = createLocalCoordinator({ runtime: new ManualRuntime(), scope: 'key' });
    const draw = async (turn: Turn) => turn.drawNonce();
    const drawn = [];
    for (const key of ['a', 'b', 'a', 'b']) drawn.push(await coordinator.turn(key, draw));
    expect(drawn).toEqual([...new Set(drawn)].sort((x, y) => (x < y ? -1 : 1)));
  });

  it('draws from the source that it was given, and raises the floor of that', async () => {
    const floors: bigint[] = [];
    const nonces = { next: () => 42n, raiseFloor: (nonce: bigint) => void floors.push(nonce) };
    const coordinator = createLocalCoordinator({ runtime: new ManualRuntime(), nonces });
    const drawn = await coordinator.turn('a', async (turn) => {
      await turn.raiseFloor(7n);
      return turn.drawNonce();
    });
    expect([coordinator.nonces, drawn, floors]).toEqual([nonces, 42n, [7n]]);
  });

  it('draws no nonce for who kept the turn after its end', async () => {
    const coordinator = createLocalCoordinator({ runtime: new ManualRuntime() });
    let kept: Turn | undefined;
    await coordinator.turn('a', async (turn) => {
      kept = turn;
    });
    expect(() => kept?.drawNonce()).toThrow(TurnEndedError);
  });

  it('never calls the body of a turn that was cancelled while waiting', async () => {
    const coordinator = createLocalCoordinator({ runtime: new ManualRuntime() });
    const holder = coordinator.turn('a', () => Promise.resolve('held'));
    const cancelled = coordinator.turn('a', () => Promise.reject(new Error('ran')), {
      signal: AbortSignal.abort(),
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'lane_wait_cancelled' });
    await expect(holder).resolves.toBe('held');
  });
});
