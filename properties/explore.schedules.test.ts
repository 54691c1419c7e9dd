import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadReferences } from '../harness/controls/references/index.ts';
import {
  builtInTarget,
  loadedTarget,
  scheduleArbitrary,
  shippedTarget,
  tryOut,
} from '../harness/explore-api.ts';
import type { ExploreTarget, Schedule, ScheduleLimits, TryOut } from '../harness/explore-api.ts';
import { REFERENCE_FAULTS } from './explore-controls.test-support.ts';

const SEED = 20_260_103;

const references = (await loadReferences()).map(({ about, createClient, url }) =>
  loadedTarget(about.id, createClient, url),
);

function broken({ verdict }: TryOut): readonly string[] {
  return verdict.rules
    .filter(({ status }) => status === 'violated')
    .map(({ id, explanation }) => `${id}: ${explanation}`);
}

async function breaksNothing(
  target: ExploreTarget,
  numRuns: number,
  limits: ScheduleLimits = {},
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(scheduleArbitrary(fc, limits), async (schedule) => {
      const run = await tryOut(target, schedule);
      expect(run.ending).toBe('over');
      expect(broken(run)).toEqual([]);
    }),
    { seed: SEED, numRuns },
  );
}

describe('under any schedule, with any faults, no rule is broken by', () => {
  it('the built-in client', () => breaksNothing(builtInTarget(), 100));

  it.for(references)('the correct client $name', (target) =>
    breaksNothing(target, 40, { faultKinds: REFERENCE_FAULTS.kinds }),
  );
});

describe('a schedule that breaks a rule', () => {
  it.for(['no-lock', 'lock-around-nonce-only', 'lease-lock', 'busy-flag-set-late'])(
    'shrinks to a handful of decisions: %s',
    async (id) => {
      const { target } = await shippedTarget(id);
      const property = fc.asyncProperty(scheduleArbitrary(fc, { faultsMax: 0 }), async (schedule) => {
        const { verdict } = await tryOut(target, schedule);
        return verdict.rules.every((rule) => rule.id !== 'no-overlap' || rule.status !== 'violated');
      });
      const { failed, counterexample } = await fc.check(property, {
        seed: SEED,
        numRuns: 300,
        endOnFailure: false,
      });
      expect(failed).toBe(true);
      const [least] = counterexample as [Schedule];
      expect(least.setting.users).toBeLessThanOrEqual(3);
      expect(least.choices.filter((choice) => choice !== 0).length).toBeLessThanOrEqual(8);
    },
  );
});
