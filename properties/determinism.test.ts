import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInTarget, scheduleArbitrary, shippedTarget, tryOut } from '../harness/explore-api.ts';
import type { ExploreTarget } from '../harness/explore-api.ts';

const SEED = 20_260_102;

/** Clients on the world's ports and clients on globals, some with real libraries. */
const IDS = [
  'lease-lock',
  'retry-outside-lock',
  'busy-flag-set-late',
  'p-queue-timeout',
  'async-mutex',
  'p-limit',
];

const targets: readonly ExploreTarget[] = [
  builtInTarget(),
  ...(await Promise.all(IDS.map(async (id) => (await shippedTarget(id)).target))),
];

describe('the same schedule gives the same history, to the byte', () => {
  it.for(targets)('$name', async (target) => {
    await fc.assert(
      fc.asyncProperty(scheduleArbitrary(fc), async (schedule) => {
        const [first, second] = [await tryOut(target, schedule), await tryOut(target, schedule)];
        expect(second.historyHash).toBe(first.historyHash);
        expect(second.story).toEqual(first.story);
      }),
      { seed: SEED, numRuns: 25 },
    );
  });
});

describe('another schedule can give another history', () => {
  it('so the hash says something', async () => {
    const hashes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(scheduleArbitrary(fc), async (schedule) => {
        hashes.add((await tryOut(builtInTarget(), schedule)).historyHash);
      }),
      { seed: SEED, numRuns: 25 },
    );
    expect(hashes.size).toBeGreaterThan(10);
  });
});
