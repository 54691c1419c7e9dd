import { expect, it } from 'vitest';
import { exploreStates } from '../explore/protocols/explore-states.ts';
import { postgresModel } from '../explore/protocols/postgres-model.ts';
import { threadsModel } from '../explore/protocols/threads-model.ts';
import type { LaneScenario } from '../explore/protocols/index.ts';
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

interface Said {
  readonly text: string;
  readonly status: number | null;
}

function run(...scenarios: readonly LaneScenario[]): Promise<Said> {
  return runUntil(new AbortController().signal, scenarios);
}

async function runUntil(signal: AbortSignal, scenarios: readonly LaneScenario[]): Promise<Said> {
  let text = '';
  let status: number | null = null;
  await exploreModel(
    { title: 'a lane', scenarios },
    {
      stdout: { write: (written) => (text += written) },
      stderr: { write: () => undefined },
      env: {},
      cwd: '',
      signal,
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

it('explores no other setting when it is interrupted, and concludes nothing', async () => {
  const interrupt = new AbortController();
  const interrupted: LaneScenario = {
    ...HELD,
    explore() {
      interrupt.abort();
      return HELD.explore();
    },
  };
  const { status, text } = await runUntil(interrupt.signal, [interrupted, WRONG, WRONG]);
  expect(status).toBe(2);
  expect(text).not.toContain(WRONG.title);
  expect(text).toMatch(/held +as it is\n/);
  expect(text).toContain('\nINCONCLUSIVE (exhaustive): 3 settings; interrupted, 2 of them left out.');
});

it('does not forget what it saw before the interrupt', async () => {
  const interrupt = new AbortController();
  const explore = (): ReturnType<LaneScenario['explore']> => {
    interrupt.abort();
    return WRONG.explore();
  };
  expect(await runUntil(interrupt.signal, [{ ...WRONG, explore }, HELD])).toMatchObject({ status: 1 });
});
