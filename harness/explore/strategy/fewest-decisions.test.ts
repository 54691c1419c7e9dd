import { describe, expect, test } from 'vitest';
import { jobOf, runJobs } from '../pool.ts';
import { decisionCount } from '../engine/index.ts';
import type { Choices } from '../engine/index.ts';
import { lostUpdate, toyProgram } from '../toy.test-support.ts';
import { ExhaustiveSearch } from './exhaustive.ts';
import { FewestDecisions } from './fewest-decisions.ts';
import type { PlanSource } from './plan.ts';

/** The choices of every run, in the order in which runs were handed out: they go on one at a time. */
async function everyRun(search: PlanSource): Promise<readonly Choices[]> {
  const runs: Choices[] = [];
  const program = toyProgram(lostUpdate);
  const source = {
    next: () => jobOf(program, search.next()),
    finished(run: Parameters<PlanSource['finished']>[0]) {
      search.finished(run);
      runs.push(run.choices);
    },
  };
  await runJobs(source, { barrier: setImmediate, nowMs: () => 0, width: 1, stepsMax: 100 });
  return runs;
}

describe('a search by fewest decisions', () => {
  test('begins with the default schedule and goes on to more and more decisions', async () => {
    const decisions = (await everyRun(new FewestDecisions())).map(decisionCount);
    expect(decisions[0]).toBe(0);
    expect(decisions).toEqual(decisions.toSorted((a, b) => a - b));
  });

  test('comes by every schedule once', async () => {
    const runs = (await everyRun(new FewestDecisions())).map(String);
    const all = (await everyRun(new ExhaustiveSearch({ isReduced: false }))).map(String);
    expect(runs.toSorted()).toEqual(all.toSorted());
    expect(new Set(runs).size).toBe(runs.length);
  });

  test('ends with the most decisions that are allowed', async () => {
    const runs = await everyRun(new FewestDecisions({ decisionsMax: 1 }));
    const all = await everyRun(new FewestDecisions());
    expect(runs).toEqual(all.filter((choices) => decisionCount(choices) <= 1));
    expect(runs.length).toBeLessThan(all.length);
  });
});
