import { describe, expect, test } from 'vitest';
import { explore } from './explore.ts';
import type { ExploreReport } from './explore.ts';
import type { ExploreOptions } from './explore-options.ts';
import { shippedTarget } from './find-target.ts';
import { FAULT_KINDS } from './world/index.ts';

const FAULTS = { kinds: FAULT_KINDS.filter((kind) => kind !== 'reset'), faultsMax: 2 };

/** An exploration by one thread, and the same by two. */
async function onceAndTwice(
  id: string,
  options: Omit<ExploreOptions, 'target' | 'threads'>,
): Promise<readonly [ExploreReport, ExploreReport]> {
  const { target } = await shippedTarget(id);
  const withThreads = (threads: number): Promise<ExploreReport> =>
    explore({ target, ...options, threads, threadsAfterMs: 0 });
  return [await withThreads(1), await withThreads(2)];
}

/** What must not depend on the number of threads. */
function essence({ verdict, facts, counterexample }: ExploreReport): object {
  const { schedules, repeated, pctClaims } = facts;
  const { shrinking, token } = counterexample ?? {};
  return { verdict, schedules, repeated, pctClaims, shrinking, token };
}

describe('two threads', () => {
  test('are two, and not begun for what one has done by then', async () => {
    const { target } = await shippedTarget('promise-chain');
    let started = 0;
    const onWorker = (): void => void (started += 1);
    process.on('worker', onWorker);
    const options = { target, users: 2, calls: 1, schedulesMax: 600, threads: 2 };
    await explore({ ...options, threadsAfterMs: 3_600_000 });
    expect(started).toBe(0);
    await explore({ ...options, threadsAfterMs: 0 });
    process.off('worker', onWorker);
    expect(started).toBe(1);
  });

  test('hold what one holds, after the same schedules', async () => {
    const [one, two] = await onceAndTwice('promise-chain', {
      faults: FAULTS,
      users: 2,
      calls: 2,
      schedulesMax: 1_100,
    });
    expect(one).toMatchObject({ verdict: { verdict: 'held' }, facts: { schedules: 1_100 } });
    expect(essence(two)).toEqual(essence(one));
  });

  test('find what one finds, after the same schedules, though the other is ahead by then', async () => {
    const [one, two] = await onceAndTwice('chain-skips-queue', {
      faults: FAULTS,
      seed: 1,
      rule: 'no-overlap',
    });
    expect(one.facts.schedules).toBeGreaterThan(24);
    expect(essence(two)).toEqual(essence(one));
  });

  test('search every schedule that one searches', async () => {
    const bounds = { strategy: 'exhaustive', users: 3, calls: 1 } as const;
    const [one, two] = await onceAndTwice('no-lock', { ...bounds, rule: 'nonce-reused' });
    expect(one.facts.schedules).toBeGreaterThan(512);
    expect(two.facts.schedules).toBe(one.facts.schedules);
    expect(two.verdict.rules.map(({ id, violations }) => [id, violations])).toEqual(
      one.verdict.rules.map(({ id, violations }) => [id, violations]),
    );
  });
});
