import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindsOf } from '../../mock-kraken/index.ts';
import { moduleTarget } from './target.ts';
import type { Target } from './target.ts';
import { UsageError } from '../usage-error.ts';
import { chooseFaults } from './choose-faults.ts';
import type { FaultsChoice } from './choose-faults.ts';

const MODULE = moduleTarget('a module', 'file:///module.ts');
const COMMAND: Target = { kind: 'command', title: 'bot', command: 'bot', args: [] };
const PLAN = { version: 1, name: 'mine', faults: [{ kind: 'truncate', nth: 3, method: 'AddOrder' }] };

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'choose-faults-'));
  writeFileSync(join(cwd, 'plan.json'), JSON.stringify(PLAN));
  writeFileSync(join(cwd, 'cut.json'), JSON.stringify(PLAN).slice(0, -1));
  writeFileSync(join(cwd, 'odd.json'), JSON.stringify({ ...PLAN, faults: [{ kind: 'gremlin', nth: 1 }] }));
});
afterAll(() => rmSync(cwd, { recursive: true }));

function choose(choice: FaultsChoice, { target = MODULE, seed = 1, env = {} } = {}) {
  return chooseFaults(choice, { calls: 1_000, seed, target, cwd, env });
}

describe('chooseFaults', () => {
  it('leaves what is not said to the target, and takes "none" at its word', () => {
    expect(choose({})).toBeNull();
    expect(choose({ faults: 'none' })).toEqual({ faults: null });
  });

  it('makes a named plan from the seed', () => {
    const planFor = (seed: number) => choose({ faults: 'hostile' }, { seed })?.faults;
    expect(planFor(1)).toEqual(planFor(1));
    expect(planFor(1)).not.toEqual(planFor(2));
    const kinds = (name: 'network' | 'hostile') => {
      const plan = choose({ faults: name })?.faults ?? null;
      return plan === null ? [] : kindsOf(plan);
    };
    expect(kinds('hostile')).toEqual(
      expect.arrayContaining([...kinds('network'), 'lockout', 'invalid-nonce']),
    );
  });

  it('lets silence last a quarter of a second for a module, which can know it, and the usual five for a program', () => {
    const slowness = (target: Target) =>
      choose({ faults: 'network' }, { target })?.faults?.faults.find(({ kind }) => kind === 'slow-service')
        ?.ms;
    expect(slowness(MODULE)).toBe(250);
    expect(slowness(COMMAND)).toBeUndefined();
  });

  it('keeps two orders of a module from the exchange without saying so, and spares it the wait for more', () => {
    const aims = (target: Target) =>
      choose({ faults: 'hostile' }, { target })
        ?.faults?.faults.filter(({ kind }) => kind.endsWith('-before-apply'))
        .map(({ method }) => method);
    expect(aims(MODULE)).not.toContain(undefined);
    expect(aims(COMMAND)).toContain(undefined);
  });

  it('strikes a module once with each kind, and a program twice', () => {
    const strikes = (target: Target) =>
      choose({ faults: 'hostile' }, { target })?.faults?.faults.filter(({ kind }) => kind === 'truncate')
        .length;
    expect(strikes(MODULE)).toBe(1);
    expect(strikes(COMMAND)).toBe(2);
  });

  it('reads a plan of the user', () => {
    expect(choose({ faultPlan: 'plan.json' })).toEqual({ faults: PLAN });
  });

  it.each([
    [{ faultPlan: 'nowhere.json' }, 'nowhere.json'],
    [{ faultPlan: 'cut.json' }, 'cut.json: it is not JSON'],
    [{ faultPlan: 'odd.json' }, 'odd.json: Failed to read fault plan at faults.0.kind'],
    [{ faults: 'network', faultPlan: 'plan.json' }, 'exclude each other'],
  ] as const)('refuses %j in one sentence', (choice, sentence) => {
    expect(() => choose(choice)).toThrow(UsageError);
    expect(() => choose(choice)).toThrow(sentence);
  });

  it('sets the clock of a module, and that of a program only through faketime', () => {
    expect(choose({ faults: 'clock' })).toEqual({ clock: 'faults' });
    const withoutFaketime = { target: COMMAND, env: { PATH: cwd } };
    expect(() => choose({ faults: 'clock' }, withoutFaketime)).toThrow('faketime is not installed');
  });
});
