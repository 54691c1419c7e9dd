import { expect, it } from 'vitest';
import { exploreStates, postgresModel, threadsModel } from '../explore/models/index.ts';
import type { LaneScenario } from '../explore/models/index.ts';
import { exploreModel } from './explore-model.ts';

const HELD: LaneScenario = {
  title: 'as it is',
  isLong: false,
  explore: () => exploreStates(threadsModel({ threads: 2 })),
};
const WRONG: LaneScenario = {
  title: 'nobody is woken',
  isLong: false,
  explore: () => exploreStates(postgresModel({ processes: 2, leaving: ['clear', 'unlock'] })),
};
const CUT_SHORT: LaneScenario = {
  title: 'too large',
  isLong: false,
  explore: () => exploreStates(threadsModel(), { statesMax: 100 }),
};

async function run(...scenarios: readonly LaneScenario[]): Promise<{ text: string; status: number | null }> {
  let text = '';
  let status: number | null = null;
  await exploreModel(
    { title: 'a lane', scenarios },
    {
      stdout: { write: (written) => (text += written) },
      stderr: { write: () => undefined },
      env: {},
      cwd: '',
      setExitStatus: (given) => (status = given),
    },
  );
  return { text, status };
}

it('tells how much was explored, and that it held', async () => {
  const { status, text } = await run(HELD);
  expect(status).toBe(0);
  expect(text).toMatch(
    /held +as it is\n +1,008 states, 1,874 steps between them, 2 ends; 1\.02e14 interleavings/,
  );
  expect(text).toMatch(/\nHELD \(exhaustive\): 1 settings, in none of them two calls/);
});

it('tells how something wrong comes about', async () => {
  const { status, text } = await run(HELD, WRONG);
  expect(status).toBe(1);
  expect(text).toMatch(
    /violated +nobody is woken\n +Nothing can happen any more, and somebody still waits\. How:\n/,
  );
  expect(text).toContain('session 0 of 0: unlock');
  expect(text).toContain('\nVIOLATED (exhaustive)');
});

it('concludes nothing from what it has not seen to its end', async () => {
  expect(await run(HELD, CUT_SHORT)).toMatchObject({ status: 2 });
  expect(await run()).toMatchObject({ status: 2 });
});
