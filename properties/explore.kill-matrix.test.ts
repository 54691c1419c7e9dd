import { describe, expect, it } from 'vitest';
import { judgeControl, loadControls } from '../harness/controls/index.ts';
import { explore, loadedTarget } from '../harness/explore-api.ts';
import { loadReferences } from '../harness/controls/references/index.ts';
import { explorationOf, OUTSIDE_OF_WORLDS, REFERENCE_FAULTS } from './explore-controls.test-support.ts';

/** One here; `bench/explore-kills.ts` does a hundred. */
const SEED = 1;

const everyControl = await loadControls();
const controls = everyControl.filter(({ about }) => !(about.id in OUTSIDE_OF_WORLDS));
const references = await loadReferences();

describe('every known-bad client that lives in a world is convicted by its own rule', () => {
  it('and the others are there, each with a reason', () => {
    expect(everyControl.length - controls.length).toBe(Object.keys(OUTSIDE_OF_WORLDS).length);
  });

  it.for(controls)('$about.id', async (entry) => {
    const { verdict, counterexample } = await explore({ ...explorationOf(entry), seed: SEED });
    expect(verdict.verdict).toBe('violated');
    expect(counterexample?.rules).toContain(entry.about.rule);
    expect(counterexample?.setting.users).toBeLessThanOrEqual(3);
    expect(counterexample?.decisions).toBeLessThanOrEqual(8);
    expect(counterexample?.shrinking.ending).toBe('done');
    expect(judgeControl(entry.about, { rules: counterexample?.verdict.rules ?? [] })).toMatchObject({
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
