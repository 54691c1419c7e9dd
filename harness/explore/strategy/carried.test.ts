import { describe, expect, test } from 'vitest';
import type { Operation } from '../engine/index.ts';
import { jobOf, runJobs } from '../pool.ts';
import { toyProgram } from '../toy.test-support.ts';
import type { Toy } from '../toy.test-support.ts';
import { CarriedPlan, RecordingPlan } from './carried.ts';
import type { NamedEvent } from './carried.ts';
import type { Plan } from './plan.ts';
import { ReplayPlan } from './replay.ts';

/** Threads of two steps each that write down their names. */
function writers(...names: readonly string[]): Toy<string[]> {
  const step = (name: string) => ({ run: (log: string[]) => void log.push(name) });
  return { initial: () => [], threads: names.map((name) => [step(name), step(name)]) };
}

const byActor = ({ actor }: Operation): number => actor;

async function run(toy: Toy<string[]>, plan: Plan): Promise<string> {
  const logs: string[] = [];
  let job = jobOf(toyProgram(toy), plan);
  const source = {
    next() {
      const next = job;
      job = null;
      return next;
    },
    finished: ({ result }: { readonly result: readonly string[] }) => logs.push(result.join('')),
  };
  await runJobs(source, { barrier: setImmediate, nowMs: () => 0, width: 1, stepsMax: 100 });
  return logs.join();
}

async function record(toy: Toy<string[]>, choices: readonly number[]): Promise<readonly NamedEvent[]> {
  const plan = new RecordingPlan(new ReplayPlan(choices), byActor);
  await run(toy, plan);
  return plan.events;
}

describe('a run that is carried over', () => {
  test('to its own setting is the same run', async () => {
    const toy = writers('a', 'b', 'c');
    const events = await record(toy, [2, 1, 2, 1]);
    expect(events.map(({ name }) => name)).toEqual([2, 1, 2, 1, 0, 0]);
    expect(await run(toy, new CarriedPlan(events, byActor))).toBe('cbcbaa');
  });

  test('to fewer threads keeps the order of the others', async () => {
    const events = await record(writers('a', 'b', 'c'), [2, 1, 2, 1]);
    const others = events.filter(({ name }) => name !== 1);
    expect(await run(writers('a', 'b', 'c'), new CarriedPlan(others, byActor))).toBe('ccaabb');
    expect(await run(writers('a', 'b'), new CarriedPlan(events, byActor))).toBe('bbaa');
  });

  test('tells options of one name apart by their place', async () => {
    const nameless = (): number => 0;
    const plan = new RecordingPlan(new ReplayPlan([1, 1, 1, 0]), nameless);
    const log = await run(writers('a', 'b', 'c'), plan);
    expect(plan.events.map(({ nth }) => nth)).toEqual([1, 1, 1, 0, 0, 0]);
    expect(await run(writers('a', 'b', 'c'), new CarriedPlan(plan.events, nameless))).toBe(log);
  });
});
