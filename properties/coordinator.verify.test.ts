/** The built-in client in several threads and processes, over sockets: held while they share a lane, and only then. */
import { describe, expect, it } from 'vitest';
import { NEMESIS_KINDS } from '../harness/run/coordination/index.ts';
import { judgeRun } from '../harness/run/index.ts';
import { observeRun } from '../harness/run/index.ts';
import { DEFAULT_RUN } from '../harness/run/index.ts';
import type { RunOptions } from '../harness/run/index.ts';
import { BUILT_IN_CLIENT } from '../harness/run/index.ts';
import type { Verdict } from '../harness/judge/verdict/index.ts';

/** Whole runs with 100 users and more seeds: docs/coordinators.md says the commands. */
async function verify(given: Partial<RunOptions>): Promise<Verdict> {
  const settings: RunOptions = { ...DEFAULT_RUN, users: 6, callsPerAccount: 8, clock: 'steps', ...given };
  const observation = await observeRun(BUILT_IN_CLIENT, settings, { env: process.env, cwd: process.cwd() });
  const remarks = { reproduce: '', judgeLine: null, evidenceDir: null, defects: [] };
  return judgeRun({ target: BUILT_IN_CLIENT, settings }, observation, remarks).verdict;
}

/** What to look at when it is not as it should be. */
function explained({ rules, verdict }: Verdict): readonly string[] {
  const broken = rules.filter(({ status }) => status === 'violated' || status === 'inconclusive');
  return [verdict, ...broken.map(({ explanation, id }) => `${id}: ${explanation}`)];
}

describe.concurrent('the built-in client', () => {
  it('is held in several threads that share a lane', async () => {
    expect(explained(await verify({ threads: 2, coordinator: 'threads' }))).toEqual(['held']);
  });

  it('is held while processes are killed, stopped, cut off and set wrong, and the database restarts', async () => {
    const nemesis = { processes: 2, coordinator: 'postgres', nemesis: NEMESIS_KINDS } as const;
    expect(explained(await verify({ ...nemesis, callsPerAccount: 20 }))).toEqual(['held']);
  });

  /** Whether nonces fall, too, is luck: they do not when one of the two is held up by the machine for a moment. */
  it('is violated when every thread, or every process, has a lane of its own', async () => {
    const runs = await Promise.all([verify({ threads: 2, coordinator: 'local' }), verify({ processes: 2 })]);
    for (const { rules } of runs) {
      expect(rules.find(({ id }) => id === 'no-overlap')).toMatchObject({ status: 'violated' });
    }
  });
});
