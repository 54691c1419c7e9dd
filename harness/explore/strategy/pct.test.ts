import { describe, expect, test } from 'vitest';
import { createRandom } from '../../random.ts';
import { TOUCHES } from '../engine/index.ts';
import type { Operation } from '../engine/index.ts';
import { pct } from './pct.ts';

const LENGTH = 40;

/** Who acts, when everyone always can, over as many choice points as a run has; repetitions left out. */
function actorsOf(depth: number, seed: number, actors: number): readonly number[] {
  const options = Array.from({ length: actors }, (_, actor): Operation => ({
    id: actor,
    subject: actor,
    touches: TOUCHES.client,
    actor,
    isFault: false,
  }));
  const plan = pct(depth).plan({ random: createRandom(seed), length: LENGTH, actors });
  const acted = Array.from({ length: LENGTH }, () => plan.pick(options));
  return acted.filter((actor, at) => at === 0 || actor !== acted[at - 1]);
}

describe('PCT', () => {
  test.each([1, 2, 3, 4, 5])('of depth %i lets another actor on at most one time less than that', (depth) => {
    const switches = Array.from({ length: 200 }, (_, seed) => actorsOf(depth, seed, 8).length - 1);
    expect(Math.max(...switches)).toBe(depth - 1);
  });

  test('puts each actor that falls below those that fell before it', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      for (const actors of [2, 3, 4]) {
        const order = actorsOf(6, seed, actors);
        const [round, rest] = [order.slice(0, actors), order.slice(actors)];
        expect(new Set(round).size).toBe(round.length);
        for (const [at, actor] of rest.entries()) expect(actor).toBe(order[at]);
      }
    }
  });
});
