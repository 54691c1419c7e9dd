import { describe, expect, test } from 'vitest';
import { aClientCall } from '../judge/rules/history.test-support.ts';
import type { ClientRunResult } from './exploration-session.ts';
import { Search } from './search.ts';
import type { SearchOptions } from './search.ts';
import type { Scenario } from './world/index.ts';
import type { Plan } from './strategy/index.ts';
import { ReplayPlan } from './strategy/index.ts';
import { NO_FAULTS } from './world/index.ts';

const SETTING: Scenario = {
  users: 1,
  calls: 1,
  pattern: 'staggered',
  scope: 'global',
  clock: 'honest',
  faults: NO_FAULTS,
  seed: 1,
};

/** A run of a client that did nothing and ended well, or whose only call breaks `all-settle`. */
function runOf(plan: Plan, ending: 'completed' | 'stuck', choice = 0): ClientRunResult {
  const clientCalls = ending === 'stuck' ? [aClientCall('a', { outcome: 'unsettled', settledMs: null })] : [];
  const nothing = { records: [], publicCalls: 0, clientCalls, crash: null, faults: [], events: [] };
  return { plan, result: { ...nothing, ending }, choices: [choice], steps: 1, ending: 'over' };
}

/** A search over plans that somebody else runs, of which `take` hands out so many. */
function searchOver(plans: number, options: Partial<SearchOptions> = {}): SearchRun {
  const left = Array.from({ length: plans }, () => new ReplayPlan([]));
  const told: Plan[] = [];
  const search = new Search({
    programOf: () => ({ start: () => expect.fail('Nobody runs it.') }),
    supply: {
      next: () => (left.length === 0 ? null : { plan: left.shift() as Plan, setting: SETTING }),
      finished: ({ plan }) => told.push(plan),
    },
    shouldStop: () => false,
    repeatEvery: Number.POSITIVE_INFINITY,
    ...options,
  });
  const take = (n: number): readonly Plan[] => Array.from({ length: n }, () => search.next()?.plan as Plan);
  return { search, take, told };
}

interface SearchRun {
  readonly search: Search;
  readonly take: (n: number) => readonly Plan[];
  /** In the order in which the supply was told of them. */
  readonly told: readonly Plan[];
}

describe('runs that end in another order than they were handed out', () => {
  test('are judged in the order of handing out: the first failure is that of the earliest run', () => {
    const { search, take } = searchOver(4);
    const [a, b, c, d] = take(4) as [Plan, Plan, Plan, Plan];
    search.finished(runOf(d, 'stuck', 4));
    search.finished(runOf(c, 'stuck', 3));
    search.finished(runOf(b, 'stuck', 2));
    expect(search.failure).toBeNull();
    search.finished(runOf(a, 'completed'));
    expect(search.failure?.choices).toEqual([2]);
    expect(search.runs).toBe(2);
    expect(search.tally.runs).toBe(2);
  });

  test('are told to the supply in that order, those after a failure included', () => {
    const { search, take, told } = searchOver(3);
    const [a, b, c] = take(3) as [Plan, Plan, Plan];
    for (const plan of [c, a, b]) search.finished(runOf(plan, 'stuck'));
    expect(told).toEqual([a, b, c]);
  });

  test('wait in limited numbers: no more are handed out behind one that takes very long', () => {
    const { search, take } = searchOver(1_000);
    const [first] = take(1) as [Plan];
    let others = 0;
    for (let job = search.next(); job !== null && others < 999; job = search.next(), others += 1) {
      search.finished(runOf(job.plan, 'completed'));
    }
    expect(others).toBe(256);
    search.finished(runOf(first, 'completed'));
    expect(search.next()).not.toBeNull();
  });
});

describe('a failure', () => {
  test('is what is wanted only', () => {
    const { search, take } = searchOver(2, { isWanted: (_, [choice]) => choice === 2 });
    const [a, b] = take(2) as [Plan, Plan];
    search.finished(runOf(a, 'stuck', 1));
    search.finished(runOf(b, 'stuck', 2));
    expect(search.failure).toMatchObject({ choices: [2], rules: expect.arrayContaining(['all-settle']) });
  });

  test('ends the search', () => {
    const { search, take } = searchOver(3);
    search.finished(runOf(take(1)[0] as Plan, 'stuck'));
    expect(search.next()).toBeNull();
  });
});
