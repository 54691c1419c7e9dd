import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TOUCHES } from '../engine/index.ts';
import { jobOf, runJobs } from '../pool.ts';
import type { Program } from '../engine/index.ts';
import { decisionCount } from '../engine/index.ts';
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

  test('comes to the same as the whole one, for random programs', async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram, async (random) => {
        const toy = toyProgram(randomToy(random));
        const reduced = classesOf(await search(toy));
        const full = classesOf(await search(toy, { isReduced: false }));
        expect(reduced).toEqual([...new Set(full)]);
      }),
      { seed: 20_261_126, numRuns: 150 },
    );
  });

  test('with a bound on decisions runs all that is within it, reduction or not, for random programs', async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram, fc.nat({ max: 3 }), async (random, decisionsMax) => {
        const toy = toyProgram(randomToy(random));
        const full = await search(toy, { isReduced: false });
        const within = full.runs.filter(({ choices }) => decisionCount(choices) <= decisionsMax);
        const bounded = await search(toy, { decisionsMax, isReduced: true });
        expect(scheduleTexts(bounded.runs)).toEqual(scheduleTexts(within));
      }),
      { seed: 20_261_127, numRuns: 60 },
    );
  });

  test('takes two events of one subject for dependent, whatever they touch', async () => {
    const toy: Toy<string[]> = { ...loggers(2, 2, (thread) => 1 << thread), subjects: [0, 0] };
    const { runs } = await search(toyProgram(toy));
    expect(new Set(runs.map((run) => run.result.join())).size).toBe(6);
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

function scheduleTexts(runs: readonly Finished<unknown>[]): readonly string[] {
  return runs.map(({ choices }) => choices.join()).sort();
}

const CELLS = [0, 1, 2];

/** What a random program is made of. */
interface RandomProgram {
  readonly subjects: readonly number[];
  /** By thread: which cells a step writes to, and how much must have been written there before it can happen. */
  readonly threads: readonly (readonly { readonly cells: readonly number[]; readonly needs: number }[])[];
}

const randomStep = fc.record({
  cells: fc.subarray(CELLS, { minLength: 1 }),
  needs: fc.constantFrom(0, 0, 0, 1, 2),
});

const randomProgram: fc.Arbitrary<RandomProgram> = fc.record({
  threads: fc.array(fc.array(randomStep, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 }),
  subjects: fc.array(fc.constantFrom(0, 1, 2), { minLength: 3, maxLength: 3 }),
});

/** Writes its steps' names into the cells that they touch, and into that of their subject. */
function randomToy({ subjects, threads }: RandomProgram): Toy<Writes> {
  return {
    subjects,
    initial: () => [...CELLS, ...CELLS].map(() => []),
    threads: threads.map((steps, thread) =>
      steps.map(({ cells, needs }, step) => ({
        touches: cells.reduce((bits, cell) => bits | (1 << cell), 0),
        isPossible: (writes: Writes) => (writes[cells[0] ?? 0]?.length ?? 0) >= needs,
        run: (writes: Writes) => {
          const subjectCell = CELLS.length + (subjects[thread] ?? 0);
          for (const cell of [...cells, subjectCell]) writes[cell]?.push(`${thread}.${step}`);
        },
      })),
    ),
  };
}

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
