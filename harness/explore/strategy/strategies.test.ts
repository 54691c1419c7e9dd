import { describe, expect, test } from 'vitest';
import { runJobs } from '../pool.ts';
import type { Program } from '../engine/index.ts';
import { decisionCount } from '../engine/index.ts';
import { lostUpdate, toyProgram } from '../toy.test-support.ts';
import type { Toy } from '../toy.test-support.ts';
import type { Plan } from './plan.ts';
import { pct, pctBound } from './pct.ts';
import { SAMPLING_STRATEGIES, strategiesNamed, STRATEGY_NAMES } from './portfolio.ts';
import { ReplayPlan } from './replay.ts';
import { sampledPlan } from './sampled-plan.ts';
import type { Strategy } from './strategy.ts';

const SKETCH = { length: 30, actors: 3 };

interface Sample<Result> {
  readonly result: Result;
  readonly choices: readonly number[];
}

async function sample<Result>(
  program: Program<Result>,
  plans: readonly Plan[],
): Promise<readonly Sample<Result>[]> {
  const left = [...plans];
  const samples = new Map<Plan, Sample<Result>>();
  await runJobs<Result>(
    {
      next() {
        const plan = left.shift();
        return plan === undefined ? null : { program, plan };
      },
      finished: ({ plan, result, choices }) => void samples.set(plan, { result, choices }),
    },
    { barrier: setImmediate, nowMs: () => 0, width: 16, stepsMax: 10_000 },
  );
  return plans.flatMap((plan) => samples.get(plan) ?? []);
}

function plansOf(
  strategy: Strategy,
  { seed, count }: { readonly seed: number; readonly count: number },
): readonly Plan[] {
  const options = { strategy, seed, sketch: SKETCH, faultsMax: 0 };
  return Array.from({ length: count }, (_, index) => sampledPlan(options, index));
}

/** Schedules until `isFound`, `max` when it never was. */
function schedulesUntil<Result>(
  samples: readonly Sample<Result>[],
  isFound: (result: Result) => boolean,
): number {
  const place = samples.findIndex(({ result }) => isFound(result));
  return place < 0 ? samples.length : place + 1;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

interface Lease {
  owner: number | null;
  leaseLeft: number;
  inService: number;
  inServiceMax: number;
}

const LEASE_TICKS = 25;

/**
 * A lock that is a lease of 25 ticks. To be caught it takes a holder that does nothing while the clock ticks all of
 * them: a walk that is uniform over the next event hardly ever gives the clock 25 turns in a row.
 */
const leaseLock: Toy<Lease> = {
  initial: () => ({ owner: null, leaseLeft: 0, inService: 0, inServiceMax: 0 }),
  threads: [
    ...[0, 1].map((user) => [
      {
        isPossible: ({ owner }: Lease) => owner === null,
        run: (state: Lease) => {
          state.owner = user;
          state.leaseLeft = LEASE_TICKS;
        },
      },
      {
        run: (state: Lease) => {
          state.inService += 1;
          state.inServiceMax = Math.max(state.inServiceMax, state.inService);
        },
      },
      {
        run: (state: Lease) => {
          state.inService -= 1;
          if (state.owner === user) state.owner = null;
        },
      },
    ]),
    Array.from({ length: 2 * LEASE_TICKS }, () => ({
      isPossible: ({ owner }: Lease) => owner !== null,
      run: (state: Lease) => {
        state.leaseLeft -= 1;
        if (state.leaseLeft === 0) state.owner = null;
      },
    })),
  ],
};

describe('every strategy', () => {
  test.each(SAMPLING_STRATEGIES)('$name finds the lost update within 100 schedules', async (strategy) => {
    const samples = await sample(toyProgram(lostUpdate), plansOf(strategy, { seed: 1, count: 100 }));
    expect(schedulesUntil(samples, ({ counter }) => counter === 1)).toBeLessThan(100);
  });

  test.each(SAMPLING_STRATEGIES)('$name makes the same schedules from the same seed', async (strategy) => {
    const choicesOf = async (seed: number): Promise<unknown> =>
      (await sample(toyProgram(leaseLock), plansOf(strategy, { seed, count: 20 }))).map(
        ({ choices }) => choices,
      );
    expect(await choicesOf(7)).toEqual(await choicesOf(7));
    expect(await choicesOf(7)).not.toEqual(await choicesOf(8));
  });

  test.each(SAMPLING_STRATEGIES)('$name makes choices that replay', async (strategy) => {
    const program = toyProgram(leaseLock);
    const samples = await sample(program, plansOf(strategy, { seed: 3, count: 10 }));
    const replayed = await sample(
      program,
      samples.map(({ choices }) => new ReplayPlan(choices)),
    );
    expect(replayed).toEqual(samples);
  });
});

describe('PCT', () => {
  test('finds a lease that runs out under a slow holder, which a uniform walk all but never does', async () => {
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const until = (strategy: Strategy, count: number): Promise<readonly number[]> =>
      Promise.all(
        seeds.map(async (seed) =>
          schedulesUntil(
            await sample(toyProgram(leaseLock), plansOf(strategy, { seed, count })),
            ({ inServiceMax }) => inServiceMax > 1,
          ),
        ),
      );
    const [uniform] = strategiesNamed('uniform');
    expect(median(await until(pct(2), 200))).toBeLessThan(50);
    expect(median(await until(uniform as Strategy, 200))).toBe(200);
  });

  test('finds a defect at least as often as its theorem says', async () => {
    const samples = await sample(toyProgram(lostUpdate), plansOf(pct(2), { seed: 5, count: 2_000 }));
    const found = samples.filter(({ result }) => result.counter === 1).length / samples.length;
    expect(found).toBeGreaterThanOrEqual(pctBound(2, SKETCH));
  });
});

describe('delay bounding', () => {
  test('takes no more decisions than its bound', async () => {
    for (const delays of [1, 2, 3]) {
      const [strategy] = strategiesNamed(`delay-${delays}`);
      const samples = await sample(
        toyProgram(leaseLock),
        plansOf(strategy as Strategy, { seed: 2, count: 100 }),
      );
      const counts = samples.map(({ choices }) => decisionCount(choices));
      expect(Math.max(...counts)).toBeLessThanOrEqual(delays);
      expect(Math.max(...counts)).toBeGreaterThan(0);
    }
  });
});

describe('faults', () => {
  const faulty: Toy<string[]> = {
    initial: () => [],
    threads: [Array.from({ length: 30 }, (_, n) => ({ run: (log: string[]) => void log.push(`step ${n}`) }))],
  };

  /** Adds a fault to every choice point, for as long as fewer than two have happened. */
  const program: Program<string[]> = {
    start() {
      const run = toyProgram(faulty).start();
      let faults = 0;
      return {
        options: () => {
          const options = run.options();
          const fault = { id: 9_999, subject: -1, touches: 0, actor: 9, isFault: true };
          return options.length > 0 && faults < 2 ? [...options, fault] : options;
        },
        take(operation) {
          if (!operation.isFault) return run.take(operation);
          faults += 1;
        },
        end: () => [...run.end(), ...Array<string>(faults).fill('fault')],
      };
    },
  };

  test.each(SAMPLING_STRATEGIES)(
    '$name leaves half of the schedules without, and exceeds no limit',
    async (strategy) => {
      const options = { strategy, seed: 1, sketch: SKETCH, faultsMax: 2 };
      const plans = Array.from({ length: 200 }, (_, index) => sampledPlan(options, index));
      const samples = await sample(program, plans);
      const counts = samples.map(({ result }) => result.filter((entry) => entry === 'fault').length);
      expect(counts.filter((count) => count === 0)).toHaveLength(
        plans.filter((plan) => plan.isFaultFree).length,
      );
      expect(new Set(counts)).toEqual(new Set([0, 1, 2]));
      expect(plans.filter((plan) => plan.isFaultFree).length).toBeGreaterThan(60);
      expect(plans.filter((plan) => plan.isFaultFree).length).toBeLessThan(140);
    },
  );
});

test('a run in which one thread spins is ended by patience, whatever the strategy', async () => {
  const spinning: Program<number> = {
    start() {
      let spins = 0;
      let isOver = false;
      const worker = { id: 1, subject: 1, touches: 1, actor: 1, isFault: false };
      const spinner = { id: 2, subject: 2, touches: 1, actor: 2, isFault: false };
      return {
        options: () => (isOver ? [] : [worker, spinner]),
        take: (operation) => {
          if (operation === worker) isOver = true;
          else spins += 1;
        },
        end: () => spins,
      };
    },
  };
  for (const strategy of SAMPLING_STRATEGIES) {
    const samples = await sample(spinning, plansOf(strategy, { seed: 1, count: 50 }));
    expect(Math.max(...samples.map(({ result }) => result))).toBeLessThan(1_000);
  }
});

test('names are unique, and portfolio stands for all', () => {
  expect(new Set(STRATEGY_NAMES).size).toBe(STRATEGY_NAMES.length);
  expect(strategiesNamed('portfolio')).toEqual(SAMPLING_STRATEGIES);
  expect(strategiesNamed('uniform').map(({ name }) => name)).toEqual(['uniform']);
});
