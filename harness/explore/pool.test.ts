import { describe, expect, test } from 'vitest';
import { runJobs } from './pool.ts';
import type { Program } from './engine/index.ts';
import { promiseProgram } from './engine/index.ts';
import type { Outcome, Point } from './engine/index.ts';
import type { Finished, Plan } from './strategy/index.ts';
import { ABANDON } from './strategy/index.ts';
import { ReplayPlan } from './strategy/index.ts';
import { toyProgram } from './toy.test-support.ts';

const OPTIONS = { barrier: setImmediate, nowMs: () => 0, width: 4, stepsMax: 1_000 };

async function runAll<T>(
  program: Program<T>,
  plans: readonly Plan[],
  options: Partial<typeof OPTIONS> = {},
): Promise<readonly Finished<T>[]> {
  const left = [...plans];
  const finished: Finished<T>[] = [];
  await runJobs<T>(
    {
      next() {
        const plan = left.shift();
        return plan === undefined ? null : { program, plan };
      },
      finished: (run) => void finished.push(run),
    },
    { ...OPTIONS, ...options },
  );
  return finished;
}

/** Takes `ticks` microtasks to get from one point to the next: further than any fixed number of ticks. */
async function slowStep(point: Point, ticks: number): Promise<void> {
  await point();
  for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
}

describe('the pool', () => {
  test('makes the next choice only when no microtask is left, however many there were', async () => {
    const optionCounts: number[] = [];
    const plan: Plan = {
      pick(options) {
        optionCounts.push(options.length);
        return 0;
      },
    };
    const program = promiseProgram(async (point) => {
      await Promise.all([slowStep(point, 500), slowStep(point, 500)].map((step) => step.then(() => point())));
    });
    await runAll(program, [plan]);
    // The start; then both first steps; then one has come to its second point, so there are two options still.
    expect(optionCounts).toEqual([1, 2, 2, 2, 1]);
  });

  test('waits for process.nextTick and nested microtasks, too', async () => {
    const program = promiseProgram(async (point) => {
      await point();
      await new Promise<void>((resolve) => process.nextTick(() => queueMicrotask(resolve)));
      await point();
      return 'done';
    });
    const [run] = await runAll(program, [new ReplayPlan([])]);
    expect(run).toMatchObject({ ending: 'over', steps: 3, result: { state: 'resolved', value: 'done' } });
  });

  test('runs worlds side by side as it runs them alone', async () => {
    const program = promiseProgram(async (point) => {
      const log: number[] = [];
      const worker = async (name: number): Promise<void> => {
        for (let step = 0; step < 3; step += 1) {
          await point({ actor: name });
          log.push(name);
        }
      };
      await Promise.all([worker(1), worker(2), worker(3)]);
      return log.join('');
    });
    const choices = Array.from({ length: 40 }, (_, n) => [
      n % 3,
      (n >> 1) % 3,
      (n >> 2) % 3,
      n % 2,
      (n >> 3) % 3,
    ]);
    const logsOf = (runs: readonly Finished<Outcome<string>>[]): readonly unknown[] =>
      runs.map(({ choices: taken, result }) => JSON.stringify([taken, result])).sort();
    const alone = await runAll(
      program,
      choices.map((list) => new ReplayPlan(list)),
      { width: 1 },
    );
    const together = await runAll(
      program,
      choices.map((list) => new ReplayPlan(list)),
      { width: 16 },
    );
    expect(logsOf(together)).toEqual(logsOf(alone));
  });

  test('says of a body that waits for what never comes that it is stuck', async () => {
    const program = promiseProgram(() => new Promise<never>(() => undefined));
    const [run] = await runAll(program, [new ReplayPlan([])]);
    expect(run?.result).toEqual({ state: 'stuck' });
  });

  test('cuts off a run that has too many events', async () => {
    const program = promiseProgram(async (point) => {
      for (;;) await point();
    });
    const [run] = await runAll(program, [new ReplayPlan([])], { stepsMax: 50 });
    expect(run).toMatchObject({ ending: 'cut', steps: 50 });
  });

  test('gives a run up when its plan does', async () => {
    const program = toyProgram<string[]>({
      initial: () => [],
      threads: [[{ run: (log) => void log.push('a') }, { run: (log) => void log.push('b') }]],
    });
    let asked = 0;
    const plan: Plan = { pick: () => ((asked += 1) === 2 ? ABANDON : 0) };
    const [run] = await runAll(program, [plan]);
    expect(run).toMatchObject({ ending: 'abandoned', result: ['a'] });
  });

  test('waits for real work, but not for ever', async () => {
    let nowMs = 0;
    const busy: Program<string> = {
      start: () => ({ isBusy: true, options: () => [], take: () => undefined, end: () => 'never began' }),
    };
    const [run] = await runAll(busy, [new ReplayPlan([])], { nowMs: () => (nowMs += 1_000) });
    expect(run).toMatchObject({ ending: 'cut', result: 'never began' });
  });

  test('fails with what a program throws', async () => {
    const broken: Program<never> = {
      start() {
        throw new Error('cannot start');
      },
    };
    await expect(runAll(broken, [new ReplayPlan([])])).rejects.toThrow('cannot start');
  });
});
