import { expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { aCall } from './history.test-support.ts';
import { inNonceOrder, NonceOrder } from './nonce-order.ts';

/** A call whose head arrives at `arrivedNs` and whose body at `committedNs`; absent: at once. */
function call(seq: number, arrivedNs: number, committedNs?: number): JournalRecord {
  return aCall(seq, { arrivedNs, ...(committedNs === undefined ? {} : { committedNs }) });
}

/** What comes out after each call that goes in, and at the end. */
function emitted(calls: readonly JournalRecord[]): readonly (readonly number[])[] {
  const out: number[] = [];
  const order = new NonceOrder<number>((seq) => out.push(seq));
  const steps = calls.map((record) => {
    order.push(record, record.seq);
    return out.splice(0);
  });
  order.flush();
  return [...steps, out];
}

test('calls whose nonce came with the head pass at once', () => {
  expect(emitted([call(1, 0), call(2, 5), call(3, 5)])).toEqual([[1], [2], [3], []]);
});

test('a call whose body came after the head of the next changes places with it', () => {
  expect(emitted([call(1, 0, 7), call(2, 5), call(3, 9)])).toEqual([[], [2], [1, 3], []]);
});

test('a body at the moment of the next head was before it', () => {
  expect(emitted([call(1, 0, 5), call(2, 5)])).toEqual([[], [1, 2], []]);
});

test('those held back come out by their bodies, equal ones as they arrived, the last at the end', () => {
  expect(emitted([call(1, 0, 30), call(2, 1, 10), call(3, 2, 20), call(4, 3, 20)])).toEqual([
    [],
    [],
    [],
    [],
    [2, 3, 4, 1],
  ]);
  expect(emitted([call(1, 0, 10), call(2, 1, 20), call(3, 2, 30), call(4, 3, 25)])).toEqual([
    [],
    [],
    [],
    [],
    [1, 2, 4, 3],
  ]);
  expect(emitted([call(1, 0, 30), call(2, 1, 10), call(3, 15, 20), call(4, 25)])).toEqual([
    [],
    [],
    [2],
    [3, 4],
    [1],
  ]);
});

test('the positions of a whole history are those in which its calls come out', () => {
  const calls = [call(1, 0, 30), call(2, 1, 10), call(3, 15, 20), call(4, 25), call(5, 40)];
  const positions = inNonceOrder(calls);
  expect(positions).toEqual([1, 2, 3, 0, 4]);
  expect(positions.map((position) => position + 1)).toEqual(emitted(calls).flat());
});
