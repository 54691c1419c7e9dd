import { getEventListeners } from 'node:events';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { AccountOrder } from './account-order.ts';
import type { Place } from './account-order.ts';

const change = (number: number): Place => ({ number, onlyReads: false });
const read = (number: number): Place => ({ number, onlyReads: true });
const { signal: never } = new AbortController();

/** Lets every microtask that can run do so. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the order of an account', () => {
  it.each([
    ['a change that waits', change(1), change(2), true],
    ['a change that waits', change(1), read(2), true],
    ['a read that waits', read(1), read(2), true],
    ['a read that waits', read(1), change(2), false],
    ['a later change', change(2), change(1), false],
    ['a later read', read(2), read(1), false],
    ['itself', change(1), change(1), false],
  ])('%s blocks what was asked for after it: %o, %o', (_what, member, place, isBlocked) => {
    const order = new AccountOrder();
    order.join(member);
    expect(order.blocks(place)).toBe(isBlocked);
    order.leave(member);
    expect(order.blocks(place)).toBe(false);
  });

  it('lets those behind go on one after the other, in the order of their places, not of their joining', async () => {
    const order = new AccountOrder();
    const log: number[] = [];
    for (const place of [change(1), change(4), change(2), read(3)]) {
      order.join(place);
      void order.wait(place, never).then(() => log.push(place.number));
    }
    await settle();
    expect(log).toEqual([1]);
    for (const place of [change(1), change(2), read(3)]) {
      order.leave(place);
      await settle();
    }
    expect(log).toEqual([1, 2, 4, 3]);
    expect(order.length).toBe(1);
  });

  it('keeps no call waiting that has not joined', async () => {
    const order = new AccountOrder();
    order.join(change(1));
    await expect(order.wait(change(2), never)).resolves.toBeUndefined();
  });

  it('joins once, and forgets a call that leaves', () => {
    const order = new AccountOrder();
    order.join(change(1));
    order.join(change(1));
    expect(order.length).toBe(1);
    order.leave(change(1));
    order.leave(change(1));
    expect(order.length).toBe(0);
  });

  it('ends a wait that is given up, and leaves no listener', async () => {
    const order = new AccountOrder();
    order.join(change(1));
    order.join(change(2));
    const patience = new AbortController();
    const wait = order.wait(change(2), patience.signal);
    patience.abort();
    await wait;
    expect(getEventListeners(patience.signal, 'abort')).toEqual([]);
    await order.wait(change(2), patience.signal);
    order.join(change(3));
    const other = new AbortController();
    const otherWait = order.wait(change(3), other.signal);
    order.leave(change(2));
    order.leave(change(1));
    await otherWait;
    expect(getEventListeners(other.signal, 'abort')).toEqual([]);
  });

  const step = fc.record({
    isJoin: fc.boolean(),
    number: fc.integer({ min: 1, max: 12 }),
  });
  test.prop([fc.array(step, { maxLength: 60 }), fc.array(fc.boolean(), { minLength: 13, maxLength: 13 })], {
    seed: 7,
    numRuns: 200,
  })('agrees with its definition, whatever joins and leaves', (steps, reads) => {
    const order = new AccountOrder();
    const members = new Map<number, Place>();
    const placeOf = (number: number): Place => ({ number, onlyReads: reads[number] === true });
    for (const { isJoin, number } of steps) {
      const place = placeOf(number);
      if (isJoin) members.set(number, place);
      else members.delete(number);
      if (isJoin) order.join(place);
      else order.leave(place);
      for (let other = 1; other <= 12; other += 1) {
        const asked = placeOf(other);
        const isBlocked = [...members.values()].some(
          (member) => member.number < other && (!member.onlyReads || asked.onlyReads),
        );
        expect(order.blocks(asked)).toBe(isBlocked);
      }
    }
    expect(order.length).toBe(members.size);
  });
});
