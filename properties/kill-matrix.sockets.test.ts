import { describe, expect, it } from 'vitest';
import { judgeControl, judgeReference, loadControls } from '../harness/controls/index.ts';
import type { ControlEntry } from '../harness/controls/index.ts';
import type { Situation } from '../harness/run/targets/index.ts';
import { loadReferences } from '../harness/controls/references/index.ts';
import { runModule } from './run-module.test-support.ts';

const SEED = 42;
/** Those that need several processes or threads are tried with the coordinators. */
const controls = (await loadControls()).filter(
  ({ about }) => about.setting?.processes === undefined && about.setting?.threads === undefined,
);
const references = await loadReferences();

/** What hangs is waited for until its time is up; it hangs beside others, too. */
const hanging = controls.filter(({ about }) => about.rule === 'all-settle');
const others = controls.filter((entry) => !hanging.includes(entry));

/** Many overlap only because of when which reply comes in: one at a time has the process to itself. */
describe('every known-bad client is convicted by its own rule over real sockets', () => {
  it.concurrent.for(hanging)('$about.id', convicts);
  it.for(others)('$about.id', convicts);
});

async function convicts(entry: ControlEntry): Promise<void> {
  const row = judgeControl(entry.about, await runModule(entry, SEED));
  expect(row).toMatchObject({ outcome: 'caught', unexplained: [] });
  expect(row.fired).toContain(entry.about.rule);
}

/** Nothing else is wrong with them, so what they were convicted of is what the situation brought out. */
describe.concurrent('a known-bad client whose defect needs a situation is acquitted without it', () => {
  const dormant = controls.filter(({ about }) => about.setting?.situations !== undefined);

  it.for(dormant)('$about.id', async (entry) => {
    const setting = { ...entry.about.setting, situations: [] };
    const verdict = await runModule({ ...entry, about: { ...entry.about, setting } }, SEED);
    expect(judgeControl(entry.about, verdict).outcome).toBe('survived');
    expect(verdict.verdict).toBe('held');
  });
});

/**
 * A restart with the clock set back is beyond every client that keeps its nonces in memory; what arrives late in a
 * nonce window, beyond every client that frees its lane when a call fails.
 */
const SURVIVABLE: readonly Situation[] = [
  'call-fails',
  'reply-lost',
  'delivered-twice',
  'abort-queued',
  'account-limit',
];

describe.concurrent('every correct client is acquitted over real sockets', () => {
  it.for(references)('$about.id', async (entry) => {
    expect(judgeReference(entry.about, await runModule(entry, SEED))).toMatchObject({ outcome: 'acquitted' });
  });

  it.for(references)('$about.id, on a bad day', async (entry) => {
    const setting = { ...entry.about.setting, clock: 'steps', situations: SURVIVABLE } as const;
    const verdict = await runModule({ ...entry, about: { ...entry.about, setting } }, SEED);
    expect(judgeReference(entry.about, verdict)).toMatchObject({ outcome: 'acquitted' });
  });
});
