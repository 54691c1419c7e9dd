import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WaitQueue } from './wait-queue.ts';
import type { Queued } from './wait-queue.ts';

class Waiter implements Queued<Waiter> {
  readonly place: number;
  previous: Waiter | null = null;
  next: Waiter | null = null;

  constructor(place: number) {
    this.place = place;
  }
}

type Step = readonly [kind: 'push' | 'insert' | 'shift' | 'remove', number: number];

/** Both ways along the links, which must tell the same. */
function linked(queue: WaitQueue<Waiter>): readonly Waiter[] {
  const forward = [...queue];
  const backward: Waiter[] = [];
  for (let waiter = forward.at(-1) ?? null; waiter !== null; waiter = waiter.previous)
    backward.unshift(waiter);
  expect(backward).toEqual(forward);
  return forward;
}

it('does what a plain list does, over random pushes, insertions, shifts and removals', () => {
  const step: fc.Arbitrary<Step> = fc.tuple(
    fc.constantFrom('push', 'insert', 'insert', 'shift', 'remove'),
    fc.nat({ max: 9 }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const queue = new WaitQueue<Waiter>();
      const list: Waiter[] = [];
      for (const [kind, number] of steps) {
        const waiter = new Waiter(number);
        const isLater = (other: Waiter): boolean => other.place > number;
        if (kind === 'push') {
          queue.push(waiter);
          list.push(waiter);
        }
        if (kind === 'insert') {
          // What is behind the last waiter is behind all: a queue is in order wherever something is inserted.
          const last = list.at(-1);
          const index = last !== undefined && isLater(last) ? list.findIndex(isLater) : list.length;
          queue.insert(waiter, isLater);
          list.splice(index, 0, waiter);
        }
        if (kind === 'shift') expect(queue.shift()).toBe(list.shift() ?? null);
        const removed = kind === 'remove' ? list.splice(number, 1)[0] : undefined;
        if (removed !== undefined) {
          queue.remove(removed);
          expect([removed.previous, removed.next]).toEqual([null, null]);
        }
        expect(linked(queue).map(({ place }) => place)).toEqual(list.map(({ place }) => place));
        expect([queue.size, queue.first]).toEqual([list.length, list[0] ?? null]);
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});
