import { describe, expect, test } from 'vitest';
import { TOUCHES } from '../operation.ts';
import { jobOf, runJobs } from '../pool.ts';
import type { Program } from '../program.ts';
import { decisionCount } from '../schedule.ts';
import { lostUpdate, toyProgram } from '../toy.test-support.ts';
import type { Toy } from '../toy.test-support.ts';
import { ExhaustiveSearch } from './exhaustive.ts';
import type { Branch, ExhaustiveOptions } from './exhaustive.ts';
import type { Finished } from './plan.ts';

interface Searched<Result> {
  readonly runs: readonly Finished<Result>[];
  readonly search: ExhaustiveSearch;
}

async function search<Result>(
  program: Program<Result>,
  options: ExhaustiveOptions & { readonly runsMax?: number } = {},
): Promise<Searched<Result>> {
  const { runsMax = Number.POSITIVE_INFINITY, ...searchOptions } = options;
  const exhaustive = new ExhaustiveSearch(searchOptions);
  const runs: Finished<Result>[] = [];
  const source = {
    next: () => jobOf(program, runs.length < runsMax ? exhaustive.next() : null),
    finished(run: Finished<Result>) {
      exhaustive.finished(run);
      if (run.ending === 'over') runs.push(run);
    },
  };
  await runJobs(source, { barrier: setImmediate, nowMs: () => 0, width: 4, stepsMax: 1_000 });
  return { runs, search: exhaustive };
}

/** `threads` threads of `steps` steps that log their names; `touches` says what each reads or writes. */
function loggers(threads: number, steps: number, touches: (thread: number) => number): Toy<string[]> {
  return {
    initial: () => [],
    threads: Array.from({ length: threads }, (_, thread) =>
      Array.from({ length: steps }, (_unused, step) => ({
        touches: touches(thread),
        run: (log: string[]) => void log.push(`${thread}.${step}`),
      })),
    ),
  };
}

describe('the exhaustive search', () => {
  test('runs every interleaving of dependent threads exactly once', async () => {
    const { runs } = await search(toyProgram(loggers(3, 2, () => TOUCHES.client)));
    expect(runs).toHaveLength(90);
    expect(new Set(runs.map((run) => run.result.join())).size).toBe(90);
  });

  test('finds the lost update', async () => {
    const { runs } = await search(toyProgram(lostUpdate));
    expect(new Set(runs.map((run) => run.result.counter))).toEqual(new Set([1, 2]));
  });

  test('runs one of each class of equivalent interleavings', async () => {
    const { runs } = await search(toyProgram(loggers(3, 2, (thread) => 1 << thread)));
    expect(runs).toHaveLength(1);
  });

  test.each([1, 2, 3, 4, 5, 6])('runs each class once, none left out, mix %i', async (mix) => {
    const toy = toyProgram(mixedToy(mix));
    const reduced = classesOf(await search(toy));
    const full = classesOf(await search(toy, { isReduced: false }));
    expect(new Set(full).size).toBeLessThan(full.length);
    expect(reduced).toEqual([...new Set(full)]);
  });

  test('stays within a bound on decisions', async () => {
    const toy = toyProgram(loggers(3, 2, () => TOUCHES.client));
    const counts = await Promise.all([0, 1, 2].map((decisionsMax) => search(toy, { decisionsMax })));
    for (const [bound, { runs }] of counts.entries()) {
      expect(Math.max(...runs.map((run) => decisionCount(run.choices)))).toBe(bound);
    }
    expect(counts.map(({ runs }) => runs.length)).toEqual([1, 7, 28]);
  });

  test('goes on where it was interrupted and misses nothing', async () => {
    const toy = toyProgram(loggers(3, 2, () => TOUCHES.client));
    const logs: string[] = [];
    let branches: readonly Branch[] | undefined;
    do {
      const part = await search(toy, { branches, runsMax: 7 });
      logs.push(...part.runs.map((run) => run.result.join()));
      branches = JSON.parse(JSON.stringify(part.search.pending())) as Branch[];
    } while (branches.length > 0);
    expect(logs).toHaveLength(90);
    expect(new Set(logs).size).toBe(90);
  });
});

/** By cell, who wrote to it, in order: equal for two runs exactly when they are equivalent. */
type Writes = readonly string[][];

/** Three threads over three cells, some shared and some not. */
function mixedToy(mix: number): Toy<Writes> {
  const cellOf = (thread: number, step: number): number =>
    (thread * mix + step * (mix + 1) + (thread ^ step)) % 3;
  return {
    initial: () => [[], [], []],
    threads: [0, 1, 2].map((thread) =>
      [0, 1, 2].map((step) => ({
        touches: 1 << cellOf(thread, step),
        run: (writes: Writes) => void writes[cellOf(thread, step)]?.push(`${thread}.${step}`),
      })),
    ),
  };
}

function classesOf({ runs }: Searched<Writes>): readonly string[] {
  return runs.map((run) => run.result.map((writes) => writes.join()).join('; ')).sort();
}
