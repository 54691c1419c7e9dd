/**
 * Every interleaving of those who share a lane, by the coordinators' own transitions and orders of statements. The
 * numbers are those of the models: who changes a protocol changes them, and looks at what comes out. Those that take
 * long are run by `nonceproof explore --model`.
 */
import { describe, expect, it } from 'vitest';
import { exploreStates } from './explore-states.ts';
import { LANE_SCENARIOS } from './lane-models.ts';
import { postgresModel } from './postgres-model.ts';
import { threadsModel } from './threads-model.ts';
import type { LaneModelName } from './lane-model-name.ts';
import type { PostgresModelOptions } from './postgres-model.ts';
import type { ThreadsModelOptions } from './threads-model.ts';

/** States that can be reached, and ways from the start to an end where these are finite. */
const EXPLORED: Readonly<Record<string, readonly [states: number, interleavings: bigint | null]>> = {
  '3 threads, a turn each': [14_205, 357_153_629_801_303_948_010_158_894_931_525_276_470_765_076n],
  '3 threads, each of which may die at any step': [44_826, null],
  '2 threads, 2 turns each, one of which may give up at any step': [
    10_452,
    210_687_050_029_364_498_570_603_757_297n,
  ],
  '2 threads, 3 turns each, either of which may die': [31_632, null],
  '3 processes, a turn each': [1_878, 55_823_682n],
  '3 processes, each of which may be killed at any step': [42_123, null],
  '3 processes, two of which may give up at any step': [7_337, 23_103_713_270n],
  '2 processes; anything may happen at any step': [9_037, null],
  '2 processes that may pass over each other, and a connection that may break': [30_498, null],
};

for (const model of ['threads', 'postgres'] satisfies LaneModelName[]) {
  describe(`the ${model} lane, in every interleaving`, () => {
    for (const { explore, isLong, title } of LANE_SCENARIOS[model]) {
      if (isLong) continue;
      it(`keeps calls apart, in order, and lets everybody get done: ${title}`, () => {
        const { interleavings, isExhaustive, states, violation } = explore();
        expect(violation).toBeNull();
        expect(isExhaustive).toBe(true);
        expect([states, interleavings]).toEqual(EXPLORED[title]);
      });
    }
  });
}

describe('the threads lane is found wrong', () => {
  const wrong: readonly (readonly [ThreadsModelOptions, reason: RegExp])[] = [
    [{ without: 'settling', deathsMax: 1 }, /^Two calls are in service/],
    [{ without: 'wake' }, /^Nothing can happen any more/],
    [{ without: 'comparing' }, /^Nothing can happen any more/],
    [{ without: 'moving-on' }, /^Nothing can happen any more/],
    [{ without: 'pass-over', deathsMax: 1 }, /^From here on nobody can ever be done/],
    [{ without: 'helping', deathsMax: 1 }, /^From here on nobody can ever be done/],
  ];
  for (const [options, reason] of wrong) {
    it(`without ${String(options.without)}`, () => {
      expect(exploreStates(threadsModel({ threads: 2, ...options })).violation?.reason).toMatch(reason);
    });
  }
});

describe('the postgres lane is found wrong', () => {
  const wrong: readonly (readonly [what: string, PostgresModelOptions, reason: RegExp])[] = [
    ['without the lock', { without: 'lock', mayPassOver: true }, /settles a turn that was left/],
    ['without settling', { without: 'settling', disturbances: ['cut'] }, /^Two calls are in service/],
    [
      'when a row from before a restart is believed',
      { without: 'server-check', disturbances: ['restore'] },
      /^Two calls are in service/,
    ],
    [
      'when an old nonce may be sent',
      { without: 'freshness', disturbances: ['cut'] },
      /^Two calls are in service/,
    ],
    [
      'when the places of the dead stay',
      { without: 'removing-dead', disturbances: ['kill'] },
      /^From here on nobody can ever be done/,
    ],
    [
      'when nobody takes his place again',
      { without: 'retaking', disturbances: ['crash'] },
      /^From here on nobody can ever be done/,
    ],
    ['when nobody is woken', { leaving: ['clear', 'unlock'] }, /^Nothing can happen any more/],
    [
      'when the next one is woken before the lock is free',
      { leaving: ['clear', 'wake', 'unlock'] },
      /^Nothing can happen any more/,
    ],
    [
      'when who gives up does not pass on that it is his turn',
      { givingUp: ['withdraw'], impatient: 1, processes: 3 },
      /^Nothing can happen any more/,
    ],
    [
      'when he passes it on before he has gone',
      { givingUp: ['wake', 'withdraw'], impatient: 1, processes: 3 },
      /^Nothing can happen any more/,
    ],
  ];
  for (const [what, options, reason] of wrong) {
    it(what, () => {
      expect(exploreStates(postgresModel({ processes: 2, ...options })).violation?.reason).toMatch(reason);
    });
  }
});

describe('exploring states', () => {
  it('says by which moves something wrong comes about', () => {
    const { violation } = exploreStates(
      postgresModel({ processes: 2, without: 'server-check', disturbances: ['restore'] }),
    );
    expect(violation?.path.at(0)).toBe('0 asks for a turn');
    expect(violation?.path).toContain('the server is put back to an older backup');
    expect(violation?.path.at(-1)).toMatch(/sends its call$/);
  });

  it('counts the same ways whether or not threads are taken for interchangeable', () => {
    const [all, fewer] = [false, true].map((isSymmetric) =>
      exploreStates(threadsModel({ threads: 2, turns: 2, isSymmetric })),
    );
    expect(fewer?.interleavings).toBe(all?.interleavings);
    expect(fewer?.states).toBeLessThan(all?.states ?? 0);
  });

  it('does not take an exploration that was cut short for a complete one', () => {
    expect(exploreStates(threadsModel(), { statesMax: 1_000 })).toMatchObject({
      isExhaustive: false,
      interleavings: null,
      violation: null,
    });
  });
});
