import { describe, expect, it } from 'vitest';
import type { Calls } from './calls.ts';
import { layOutRows, rowAt } from './row-layout.ts';

/** Calls of one account, as `[arrival, departure]`. */
function callsOf(...times: readonly (readonly [number, number])[]): Calls {
  const arrivedNs = Float64Array.from(times, ([arrival]) => arrival);
  const departedNs = Float64Array.from(times, ([, departure]) => departure);
  const calls = Uint32Array.from(times.keys());
  return {
    count: times.length,
    account: new Uint32Array(times.length),
    arrivedNs,
    departedNs,
    outcome: new Uint8Array(times.length),
    broken: new Uint16Array(times.length),
    endNs: 100,
    suspects: new Uint32Array(0),
    rows: [
      { calls, departedByNs: departedNs },
      { calls: new Uint32Array(0), departedByNs: new Float64Array(0) },
    ],
  };
}

describe('the rows of the timeline', () => {
  it('put calls of one account that are in service together below each other', () => {
    const { track } = layOutRows(callsOf([0, 10], [5, 20], [10, 12], [20, 30]));
    expect([...track]).toEqual([0, 1, 0, 0]);
  });

  it('are found by their height', () => {
    const layout = layOutRows(callsOf([0, 10], [5, 20]));
    const [, second = 0, end = 0] = layout.topPx;
    expect([0, second - 1, second, end - 1, end, -1].map((y) => rowAt(layout, y))).toEqual([
      0, 0, 1, 1, -1, -1,
    ]);
  });
});
