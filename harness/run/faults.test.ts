import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FaultPlan, PlannedFault } from '../../mock-kraken/index.ts';
import { findControl } from '../controls/index.ts';
import { judgeRun } from './judge-run.ts';
import { observeRun } from './observe.ts';
import type { RunOptions } from './run-options.ts';
import { DEFAULT_RUN } from './run-defaults.ts';
import { BUILT_IN_CLIENT, moduleTarget } from './target.ts';
import type { Target } from './target.ts';
import { tryControls } from './try-controls.ts';

const REMARKS = { reproduce: 'again', judgeLine: null, evidenceDir: null, defects: [] };
const SURROUNDINGS = { env: process.env, cwd: process.cwd() };

async function judged(target: Target, wished: Partial<RunOptions>) {
  const settings = { ...DEFAULT_RUN, users: 4, callsPerAccount: 6, ...wished };
  const observation = await observeRun(target, settings, SURROUNDINGS);
  const { verdict } = judgeRun({ target, settings }, observation, REMARKS);
  return { observation, verdict };
}

function planOf(...faults: PlannedFault[]): FaultPlan {
  return { version: 1, name: 'test', faults };
}

/** Makes a client module of a few lines. */
function moduleOf(createClient: string): Target {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'client.mjs');
  writeFileSync(file, `export const createClient = ${createClient};`);
  return moduleTarget('client.mjs', pathToFileURL(file).href);
}

describe.concurrent('the built-in client under faults', () => {
  it('is held, and each fault is seen to have struck', async () => {
    const faults = planOf(
      { kind: 'reset-after-apply', nth: 2, method: 'AddOrder' },
      { kind: 'slow-service', nth: 4, method: 'AddOrder', ms: 800 },
      { kind: 'truncate', nth: 2, method: 'OpenOrders' },
      { kind: 'invalid-nonce', nth: 3, method: 'AddOrder' },
      { kind: 'refuse', nth: 6 },
    );
    const { verdict, observation } = await judged(BUILT_IN_CLIENT, { faults, clock: 'steps' });
    expect(verdict.rules.filter(({ status }) => status !== 'held')).toEqual([]);
    const struck = new Set(observation.journal.map(({ fault }) => fault));
    for (const { kind } of faults.faults) expect(struck).toContain(kind);
  });

  it('is held with a clock that steps, stalls and restarts, and the clock is seen to have done so', async () => {
    const { verdict, observation } = await judged(BUILT_IN_CLIENT, { clock: 'faults', callsPerAccount: 20 });
    expect(verdict.rules.filter(({ status }) => status !== 'held')).toEqual([]);
    expect([...observation.clockFaults].sort()).toEqual([
      'clock-ahead',
      'clock-back',
      'clock-restart',
      'clock-stall',
    ]);
  });
});

/** That they are acquitted without their situation is tried beside the kill matrix. */
describe('a control whose defect needs a situation is caught by its own rule:', () => {
  it.each([
    ['call-fails', 'chain-skips-queue'],
    ['reply-lost', 'retry-order-fresh-nonce'],
    ['delivered-twice', 'resend-on-invalid-nonce'],
    ['arrives-late', 'cancel-believed'],
    ['abort-queued', 'abort-leaves-slot'],
    ['restart', 'restart-loses-mark'],
    ['account-limit', 'limit-in-lane'],
  ] as const)('%s, %s', async (situation, id) => {
    const entry = await findControl(id);
    if (entry === undefined) throw new Error(`There is no control ${id}.`);
    expect(entry.about.setting?.situations).toEqual([situation]);
    const lineup = { controls: [entry], references: [] };
    const { controls } = await tryControls(lineup, { seed: 42, surroundings: SURROUNDINGS });
    expect(controls).toMatchObject([{ outcome: 'caught', unexplained: [] }]);
  });
});

describe('SIGTERM', () => {
  it('closes the client before the process ends', async () => {
    const terminated = moduleOf(`() => ({
      call: (account) => {
        if (account === 'MASTER') process.kill(process.pid, 'SIGTERM');
        return new Promise(() => setInterval(() => {}, 1000));
      },
      close: async () => {
        console.log('closing');
        await new Promise((resolve) => setTimeout(resolve, 50));
        console.log('closed');
      },
    })`);
    const { observation } = await judged(terminated, {});
    expect(observation.stdout).toBe('closing\nclosed\n');
    expect(observation.exit).toMatchObject({ status: 143, endedBy: null });
  });
});
