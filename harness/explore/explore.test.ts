import { describe, expect, test } from 'vitest';
import {
  chancyLane,
  dateNonces,
  lane,
  noLane,
  pausingLane,
  testTarget,
  viaFetch,
  viaSocket,
  viaUndici,
} from './clients.test-support.ts';
import { explore } from './explore.ts';
import type { ExploreReport } from './explore.ts';
import type { ExploreOptions } from './explore-options.ts';
import { builtInTarget, shippedTarget } from './find-target.ts';
import { replay } from './replay.ts';
import { decodeToken } from './token/index.ts';
import { tryOut } from './try-out.ts';
import type { Scenario } from './world/index.ts';
import { FAULT_KINDS, NO_FAULTS } from './world/index.ts';

const SMALL = { users: 2, calls: 2, seed: 1, schedulesMax: 60 };
const SUNNY: Scenario = {
  users: 2,
  calls: 2,
  pattern: 'staggered',
  scope: 'global',
  clock: 'honest',
  faults: NO_FAULTS,
  seed: 1,
};

async function verdictOn(options: ExploreOptions): Promise<string> {
  return (await explore(options)).verdict.verdict;
}

function statusOf({ verdict }: ExploreReport, id: string): string | undefined {
  return verdict.rules.find((rule) => rule.id === id)?.status;
}

describe('a sampled exploration', () => {
  test('holds a correct client', async () => {
    const { verdict, facts } = await explore({ target: testTarget('lane'), ...SMALL });
    expect(verdict).toMatchObject({ verdict: 'held', strength: 'sampled', notes: expect.anything() });
    expect(facts).toMatchObject({ schedules: 60, globals: [] });
    expect(facts.repeated).toBeGreaterThan(0);
  });

  test('says what PCT lets one conclude', async () => {
    const { verdict, facts } = await explore({ target: testTarget('lane'), ...SMALL, strategy: 'pct-2' });
    const [claim] = facts.pctClaims;
    expect(claim).toMatchObject({ depth: 2, actors: 5 });
    expect(claim?.missProbability).toBeGreaterThan(0);
    expect(claim?.missProbability).toBeLessThan(1);
    expect(verdict.notes.join()).toContain('depth 2');
  });

  test('convicts a client without a lane, and the least example is tiny', async () => {
    const target = testTarget('no-lane', { around: noLane });
    const { verdict, counterexample } = await explore({ target, users: 3, calls: 4, rule: 'no-overlap' });
    expect(verdict.verdict).toBe('violated');
    expect(counterexample).toMatchObject({
      rule: 'no-overlap',
      setting: { users: 2, calls: 1 },
      decisions: 1,
    });
    expect(verdict.reproduce).toBe(`nonceproof replay ${counterexample?.token}`);
  });

  test('is inconclusive when a fault that it was to contain never came about', async () => {
    const faults = { kinds: FAULT_KINDS, faultsMax: 1 };
    const report = await explore({
      target: testTarget('lane'),
      ...SMALL,
      schedulesMax: 24,
      strategy: 'delay-1',
      faults,
    });
    const happened = statusOf(report, 'exercised') === 'held';
    expect(report.verdict.verdict).toBe(happened ? 'held' : 'inconclusive');
    const never = await explore({ target: testTarget('lane'), ...SMALL, schedulesMax: 1, faults });
    expect(never.verdict.verdict).toBe('inconclusive');
  });

  test('is inconclusive when there was no contention', async () => {
    const report = await explore({ target: testTarget('lane'), ...SMALL, users: 1, calls: 1 });
    expect(statusOf(report, 'exercised')).toBe('inconclusive');
    expect(report.verdict.verdict).toBe('inconclusive');
  });

  test('stops when it is told to, and is then inconclusive', async () => {
    const report = await explore({ target: testTarget('lane'), ...SMALL, signal: AbortSignal.abort() });
    expect(report.verdict).toMatchObject({ verdict: 'inconclusive' });
  });
});

describe('an exhaustive exploration', () => {
  test('covers every schedule of the built-in client', async () => {
    const options = { target: builtInTarget(), users: 2, calls: 2, strategy: 'exhaustive' } as const;
    const { verdict, facts, checkpoint } = await explore(options);
    expect(verdict).toMatchObject({ verdict: 'held', strength: 'exhaustive' });
    expect(facts.schedules).toBeGreaterThan(20);
    expect(checkpoint).toBeNull();
  });

  test('goes on from a checkpoint and comes to the same counts', async () => {
    const options = { target: testTarget('lane'), users: 2, calls: 2, strategy: 'exhaustive' } as const;
    const whole = await explore(options);
    let part = await explore({ ...options, schedulesMax: 10 });
    expect(part.verdict.verdict).toBe('inconclusive');
    for (let parts = 1; part.checkpoint !== null; parts += 1) {
      expect(parts).toBeLessThan(50);
      const checkpoint = JSON.parse(JSON.stringify(part.checkpoint)) as typeof part.checkpoint;
      part = await explore({ ...options, schedulesMax: 10, checkpoint });
    }
    expect(part.verdict).toMatchObject({ verdict: 'held', counts: whole.verdict.counts });
    expect(part.facts).toMatchObject({ schedules: whole.facts.schedules, abandoned: whole.facts.abandoned });
  });

  test('refuses a checkpoint of something else', async () => {
    const options = { target: testTarget('lane'), users: 2, calls: 2, strategy: 'exhaustive' } as const;
    const { checkpoint } = await explore({ ...options, schedulesMax: 10 });
    expect(() => explore({ ...options, users: 3, checkpoint: checkpoint ?? undefined })).toThrow(
      'of other options',
    );
  });
});

describe('a foreign client', () => {
  test.each([
    ['global fetch', { send: viaFetch }],
    ['undici', { send: viaUndici }],
    ['Date for its nonces', { nonces: dateNonces }],
    ['the global timers', { around: pausingLane }],
    ['the chance of the host', { around: chancyLane }],
  ])('that uses %s is explored as it is', async (_what, parts) => {
    const { verdict, facts } = await explore({ target: testTarget('foreign', parts), ...SMALL });
    expect(verdict.verdict).toBe('held');
    expect(facts.globals).not.toEqual([]);
  });

  test.each([
    ['global fetch', { send: viaFetch, around: noLane }],
    ['undici', { send: viaUndici, around: noLane }],
  ])('that uses %s without a lane is convicted', async (_what, parts) => {
    expect(await verdictOn({ target: testTarget('foreign', parts), ...SMALL })).toBe('violated');
  });

  test('that opens a socket makes it inconclusive, and the socket is named', async () => {
    const { verdict } = await explore({ target: testTarget('foreign', { send: viaSocket }), ...SMALL });
    expect(verdict.verdict).not.toBe('held');
    expect(verdict.notes.join()).toContain('socket');
  });

  test('that does otherwise when it is run again is never held', async () => {
    let runs = 0;
    const around = (): ReturnType<typeof lane> => {
      runs += 1;
      const isSlow = runs % 3 === 0;
      const inLane = lane();
      return async (send, world) => {
        if (isSlow) await new Promise<void>((resolve) => void world.timers.setTimeout(resolve, 1));
        return inLane(send, world);
      };
    };
    const { verdict } = await explore({ target: testTarget('moody', { around }), ...SMALL });
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.notes.join()).toContain('two different histories');
  });

  test('that uses a timer which it took before anything was replaced is never held', async () => {
    const { setTimeout: realTimeout } = globalThis;
    const around = (): ReturnType<typeof lane> => {
      const inLane = lane();
      return async (send, world) => {
        await new Promise((resolve) => realTimeout(resolve, 1));
        return inLane(send, world);
      };
    };
    const { verdict } = await explore({ target: testTarget('early', { around }), ...SMALL, schedulesMax: 3 });
    expect(verdict.verdict).toBe('inconclusive');
  });

  test('that throws where nobody can catch it is convicted, and the explorer survives', async () => {
    const around = (): ReturnType<typeof lane> => {
      const inLane = lane();
      return (send, world) => {
        void inLane(send, world).then(() => Promise.reject(new Error('nobody listens')));
        return inLane(send, world);
      };
    };
    const report = await explore({ target: testTarget('careless', { around }), ...SMALL });
    expect(statusOf(report, 'all-settle')).toBe('violated');
    expect(report.counterexample?.history).toMatchObject({ ending: 'crashed', crash: 'nobody listens' });
  });
});

describe('a token', () => {
  test('replays the same history to the byte', async () => {
    const { target, setting } = await shippedTarget('lease-lock');
    const { counterexample } = await explore({ target, users: 2, scope: setting.scope });
    const report = await replay(decodeToken(counterexample?.token ?? ''), target);
    expect(report).toMatchObject({ isSameHistory: true, hasCodeChanged: false, hasDiverged: false });
    expect(report.story).toEqual(counterexample?.story);
    expect(report.verdict.verdict).toBe('violated');
  });

  test('of another client says that the code has changed', async () => {
    const { target } = await shippedTarget('no-lock');
    const { target: other } = await shippedTarget('lock-around-nonce-only');
    const { counterexample } = await explore({ target });
    const report = await replay(decodeToken(counterexample?.token ?? ''), other);
    expect(report.hasCodeChanged).toBe(true);
  });

  test('in the corpus is replayed first', async () => {
    const { target } = await shippedTarget('chain-skips-queue');
    const faults = { kinds: FAULT_KINDS, faultsMax: 2 };
    const { counterexample } = await explore({ target, faults });
    const corpus = [counterexample?.token ?? ''];
    const again = await explore({ target, corpus, schedulesMax: 10_000 });
    expect(again.facts).toMatchObject({ corpus: 1, schedules: 1 });
    expect(again.verdict.verdict).toBe('violated');
    const others = await explore({ target: testTarget('lane'), corpus, ...SMALL });
    expect(others.facts.corpus).toBe(0);
  });
});

describe('a client that never settles', () => {
  test('is told of with who waits on whom', async () => {
    const { target } = await shippedTarget('chain-poisoned');
    const faults = { kinds: ['lost-reply'], faultsMax: 1 } as const;
    const { counterexample } = await explore({ target, faults, users: 2, calls: 2 });
    expect(counterexample?.waitFor[0]).toMatch(/^Nobody is in the lane\. .* it failed at step \d+/);
    expect(counterexample?.waitFor[1]).toMatch(/has waited since step \d+ on .*; nothing of it was sent\.$/);
  });

  test('and waits for itself is told so', async () => {
    const { target } = await shippedTarget('nested-run-exclusive');
    const { counterexample } = await explore({ target });
    expect(counterexample?.setting.users).toBe(1);
    expect(counterexample?.waitFor.at(-1)).toContain('waits for itself');
  });

  test('but spins on a timer is stuck all the same', async () => {
    const around = () => async (): Promise<never> => {
      for (;;) await new Promise<void>((resolve) => setTimeout(resolve, 5_000));
    };
    const run = await tryOut(testTarget('spinner', { around }), { setting: SUNNY, choices: [] });
    expect(run.history.ending).toBe('stuck');
  });
});
