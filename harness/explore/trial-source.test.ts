import { describe, expect, test } from 'vitest';
import type { ClientRunResult } from './exploration-session.ts';
import type { Scenario } from './world/index.ts';
import type { Plan, PlanSource } from './strategy/index.ts';
import { ReplayPlan } from './strategy/index.ts';
import { TrialSource } from './trial-source.ts';
import type { Trial } from './trial-source.ts';
import { NO_FAULTS } from './world/index.ts';

function settingOf(users: number): Scenario {
  const pattern = 'burst' as const;
  return { users, calls: 1, pattern, scope: 'global', clock: 'honest', faults: NO_FAULTS, seed: 1 };
}

/** Has one plan, and after each that is over two more. */
function growing(): PlanSource {
  const plans: Plan[] = [new ReplayPlan([])];
  return {
    next: () => plans.shift() ?? null,
    finished: () => plans.push(new ReplayPlan([]), new ReplayPlan([])),
  };
}

function trialOf(users: number, runsMax: number): Trial {
  return { setting: settingOf(users), source: growing(), runsMax };
}

/** Hands out all that there is, each run being over at once, and says in how many accounts each was. */
function usersOfAll(trials: TrialSource): readonly number[] {
  const users: number[] = [];
  for (let job = trials.next(); job !== null; job = trials.next()) {
    users.push(job.setting.users);
    trials.finished({ plan: job.plan } as ClientRunResult);
  }
  return users;
}

describe('trials', () => {
  test('come one after the other, each with as many schedules as it may', () => {
    expect(usersOfAll(new TrialSource([trialOf(1, 3), trialOf(2, 2)], 100))).toEqual([1, 1, 1, 2, 2]);
  });

  test('come to no more schedules than all may have together', () => {
    expect(usersOfAll(new TrialSource([trialOf(1, 3), trialOf(2, 2)], 4))).toEqual([1, 1, 1, 2]);
  });

  test('wait for one that knows no next schedule before one under way is over', () => {
    const trials = new TrialSource([trialOf(1, 2), trialOf(2, 1)], 100);
    const first = trials.next();
    expect(trials.next()).toBeNull();
    trials.finished({ plan: first?.plan } as ClientRunResult);
    expect(trials.next()?.setting.users).toBe(1);
    expect(trials.next()?.setting.users).toBe(2);
  });
});
