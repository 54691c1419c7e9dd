import { beforeAll, describe, expect, test } from 'vitest';
import type { CreateClient } from '../run/targets/index.ts';
import { lane, testClient } from './clients.test-support.ts';
import { inSession } from './exploration-session.ts';
import type { ExplorationSession, SessionConditions } from './exploration-session.ts';
import { SamplingSource } from './sampling-source.ts';
import { decisionCount } from './engine/index.ts';
import { Search } from './search.ts';
import type { Failure } from './search.ts';
import type { Scenario } from './world/index.ts';
import { shrink } from './shrink.ts';
import type { ShrinkOptions, Shrunk } from './shrink.ts';
import { SAMPLING_STRATEGIES } from './strategy/index.ts';
import { loadedTarget } from './target.ts';
import { FAULT_KINDS } from './world/index.ts';

const SETTING: Scenario = {
  users: 3,
  calls: 2,
  pattern: 'staggered',
  scope: 'global',
  clock: 'honest',
  faults: { kinds: FAULT_KINDS, faultsMax: 2 },
  seed: 1,
};

/** Calls go one at a time until `onCall` or `onFailure` says that they need not. */
function laneUntil(makeWatch: () => Watch): CreateClient {
  return (world) => {
    const watch = makeWatch();
    const around = () => {
      const inLane = lane();
      return (send: () => Promise<unknown>) => (watch.isFree() ? send() : inLane(send, world));
    };
    const client = testClient({ around })(world) as Exclude<ReturnType<CreateClient>, Promise<unknown>>;
    return {
      async call(account, method, params) {
        watch.onCall(account);
        try {
          return await client.call(account, method, params);
        } catch (error) {
          watch.onFailure(account);
          throw error;
        }
      },
    };
  };
}

interface Watch {
  readonly isFree: () => boolean;
  readonly onCall: (account: string) => unknown;
  readonly onFailure: (account: string) => unknown;
}

/** Free while the accounts have first called in this order, and no other. */
const freeInOrder = laneUntil(() => {
  const seen = new Set<string>();
  const isFree = (): boolean => [...seen].join() === 'USER_1,MASTER';
  return { isFree, onCall: (account) => seen.add(account), onFailure: () => undefined };
});

/** Free once a call has failed. */
const freeAfterFailure = laneUntil(() => {
  let failures = 0;
  return { isFree: () => failures > 0, onCall: () => undefined, onFailure: () => (failures += 1) };
});

/** The first failure of a thousand schedules, shrunk. */
function findAndShrink(
  createClient: CreateClient,
  { setting = SETTING, ...options }: Partial<ShrinkOptions> & { readonly setting?: Scenario } = {},
  conditions?: SessionConditions,
): Promise<{ readonly failure: Failure; readonly shrunk: Shrunk }> {
  const work = async (lab: ExplorationSession): Promise<{ failure: Failure; shrunk: Shrunk }> => {
    const failure = await find(lab, setting);
    const limits = { schedulesMax: 4_000, timeoutMs: Number.POSITIVE_INFINITY };
    return { failure, shrunk: await shrink(failure, { lab, rule: 'no-overlap', ...limits, ...options }) };
  };
  return inSession(loadedTarget('test', createClient), work, conditions);
}

async function find(lab: ExplorationSession, among: Scenario): Promise<Failure> {
  const search = new Search({
    programOf: (setting) => lab.program(setting),
    supply: new SamplingSource({
      strategies: SAMPLING_STRATEGIES,
      settings: [among],
      seed: 1,
      lengths: [60],
      from: 0,
      to: 1_000,
    }),
    shouldStop: () => false,
    repeatEvery: Number.POSITIVE_INFINITY,
    isWanted: (rules) => rules.includes('no-overlap'),
  });
  await lab.run(search);
  if (search.failure === null) throw new TypeError('No schedule broke the rule.');
  return search.failure;
}

describe('a defect that takes two accounts in one order', () => {
  let found: Awaited<ReturnType<typeof findAndShrink>>;
  beforeAll(async () => (found = await findAndShrink(freeInOrder)));

  test('shrinks to one call each, without faults, and to the decisions that make the order', () => {
    const { failure, shrunk } = found;
    expect(shrunk.setting).toMatchObject({ users: 2, calls: 1, faults: { faultsMax: 0 } });
    expect(decisionCount(shrunk.choices)).toBeLessThanOrEqual(4);
    expect(decisionCount(failure.choices)).toBeGreaterThan(4);
    expect(shrunk.ending).toBe('done');
  });

  test('shrinks to the same, with as many schedules, when worlds go on one at a time', async () => {
    const alone = await findAndShrink(freeInOrder, {}, { isExclusive: true, checksSignatures: true });
    expect(alone).toEqual(found);
  });

  test('is left as large as it is when there is no time at all, and says so', async () => {
    const { failure, shrunk } = await findAndShrink(freeInOrder, { timeoutMs: -1 });
    expect(shrunk).toMatchObject({ setting: failure.setting, schedules: 0, ending: 'time' });
  });

  test('is tried with no more schedules than allowed, and says so', async () => {
    const { shrunk } = await findAndShrink(freeInOrder, { schedulesMax: 100 });
    expect(shrunk).toMatchObject({ schedules: 100, ending: 'schedules' });
  });
});

describe('a defect among many accounts', () => {
  test('is carried over to the few that it takes, without searching anew', async () => {
    const freeAtOnce = laneUntil(() => {
      const ignore = (): undefined => undefined;
      return { isFree: () => true, onCall: ignore, onFailure: ignore };
    });
    const crowd = { ...SETTING, users: 12, pattern: 'burst' as const };
    const { failure, shrunk } = await findAndShrink(freeAtOnce, { setting: crowd, schedulesMax: 60 });
    expect(failure.setting.users).toBe(12);
    expect(shrunk.setting).toMatchObject({ users: 2, calls: 1 });
  });
});

describe('a defect that takes a fault', () => {
  test('keeps one, of one kind', async () => {
    const { failure, shrunk } = await findAndShrink(freeAfterFailure);
    expect(failure.setting.faults.kinds).toHaveLength(FAULT_KINDS.length);
    expect(shrunk.setting.faults).toMatchObject({ kinds: [expect.anything()], faultsMax: 1 });
    expect(decisionCount(shrunk.choices)).toBeLessThanOrEqual(3);
  });
});
