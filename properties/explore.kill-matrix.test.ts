import { describe, expect, it } from 'vitest';
import { judgeControl, loadControls } from '../harness/controls/index.ts';
import { explore, loadedTarget } from '../harness/explore/index.ts';
import { loadReferences } from '../harness/references/index.ts';
import { ALL_FAULTS, callsFor, IN_A_WORLD, REFERENCE_FAULTS } from './explore-controls.test-support.ts';

/** One here; `bench/explore-kills.ts` does a hundred. */
const SEED = 1;

const controls = (await loadControls()).filter(({ about }) => IN_A_WORLD.has(about.id));
const references = await loadReferences();

describe('every known-bad client that lives in a world is convicted by its own rule', () => {
  it('and all of them are there', () => expect(controls).toHaveLength(IN_A_WORLD.size));

  it.for(controls)('$about.id', async ({ about, createClient, url }) => {
    const { verdict, counterexample } = await explore({
      target: loadedTarget(about.id, createClient, url),
      calls: callsFor(about),
      scope: about.setting?.scope,
      faults: ALL_FAULTS,
      seed: SEED,
      rule: about.rule,
    });
    expect(verdict.verdict).toBe('violated');
    expect(counterexample?.rules).toContain(about.rule);
    expect(counterexample?.setting.users).toBeLessThanOrEqual(3);
    expect(counterexample?.decisions).toBeLessThanOrEqual(8);
    expect(counterexample?.shrinking.ending).toBe('done');
    expect(judgeControl(about, { rules: counterexample?.verdict.rules ?? [] })).toMatchObject({
      outcome: 'caught',
      unexplained: [],
    });
  });
});

describe('every correct client is acquitted', () => {
  it.for(references)('$about.id', async ({ about, createClient, url }) => {
    const target = loadedTarget(about.id, createClient, url);
    const { verdict } = await explore({ target, faults: REFERENCE_FAULTS, schedulesMax: 100 });
    expect(verdict).toMatchObject({ verdict: 'held' });
  });
});
