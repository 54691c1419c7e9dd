import { describe, expect, it } from 'vitest';
import { judgeControl, loadControls } from '../harness/controls/index.ts';
import { explore, FAULT_KINDS, loadedTarget } from '../harness/explore/index.ts';
import { loadReferences } from '../harness/references/index.ts';

/** Controls whose defect shows in a simulated world; the others need several processes, a restart or a real clock. */
const IN_A_WORLD = new Set([
  'no-lock',
  'lock-around-nonce-only',
  'busy-flag-set-late',
  'lease-lock',
  'p-queue-timeout',
  'async-lock-execution-time',
  'async-mutex-stray-release',
  'reentrancy-flag-parallel',
  'reentrancy-flag-detached',
  'reentrancy-drops-child',
  'nested-run-exclusive',
  'retry-outside-lock',
  'chain-poisoned',
  'chain-skips-queue',
  'priority-order',
  'two-instances',
  'web-lock-steal',
  'abort-leaves-slot',
  'lifo-lock',
  'lock-by-identity',
  'two-package-copies',
  'two-sockets',
]);

const SEEDS = [1, 2, 3];
const FAULTS = { kinds: FAULT_KINDS, faultsMax: 2 };

const controls = (await loadControls()).filter(({ about }) => IN_A_WORLD.has(about.id));
const references = await loadReferences();

describe('every known-bad client that lives in a world is convicted by its own rule', () => {
  it('and all of them are there', () => expect(controls).toHaveLength(IN_A_WORLD.size));

  it.for(controls)('$about.id', async ({ about, createClient, url }) => {
    for (const seed of SEEDS) {
      const { verdict, counterexample } = await explore({
        target: loadedTarget(about.id, createClient, url),
        users: 3,
        calls: Math.min(about.setting?.calls ?? 4, 6),
        scope: about.setting?.scope,
        faults: FAULTS,
        seed,
        rule: about.rule,
      });
      expect(verdict.verdict).toBe('violated');
      expect(counterexample?.rules).toContain(about.rule);
      expect(counterexample?.setting.users).toBeLessThanOrEqual(3);
      expect(counterexample?.decisions).toBeLessThanOrEqual(8);
      expect(judgeControl(about, { rules: counterexample?.verdict.rules ?? [] })).toMatchObject({
        outcome: 'caught',
        unexplained: [],
      });
    }
  });
});

describe('every correct client is acquitted', () => {
  it.for(references)('$about.id', async ({ about, createClient, url }) => {
    const target = loadedTarget(about.id, createClient, url);
    const { verdict } = await explore({ target, faults: FAULTS, schedulesMax: 400 });
    expect(verdict).toMatchObject({ verdict: 'held' });
  });
});
