import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aCall, aClientCall } from '../judge/rules/history.test-support.ts';
import { LogHistogram } from './log-histogram.ts';
import { METHODS_MAX, RunStatisticsCollector } from './run-statistics.ts';

describe('a logarithmic histogram', () => {
  test('tells any quantile to within 1 %, and the maximum exactly', () => {
    const values = fc.array(fc.double({ min: 1, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.constantFrom(0.01, 0.5, 0.99, 1), (given, q) => {
        const histogram = new LogHistogram();
        for (const value of given) histogram.add(value);
        const exact = given.toSorted((a, b) => a - b)[Math.ceil(q * given.length) - 1] ?? 0;
        expect(Math.abs(histogram.quantile(q) / exact - 1)).toBeLessThan(0.01);
        expect(histogram.max).toBe(Math.max(...given));
      }),
      { seed: 20_261_104, numRuns: 500 },
    );
  });

  test('is 0 without values, and takes what is below 1 for 0', () => {
    const histogram = new LogHistogram();
    expect([histogram.quantile(0.5), histogram.max, histogram.count]).toEqual([0, 0, 0]);
    histogram.add(-3);
    histogram.add(0);
    expect([histogram.quantile(0.5), histogram.max, histogram.count]).toEqual([0, 0, 2]);
  });
});

test('a logarithmic histogram takes a value without end for the longest that it counts', () => {
  const histogram = new LogHistogram();
  histogram.add(Infinity);
  expect(histogram.max).toBe(Number.MAX_SAFE_INTEGER);
});

describe('statistics of a run', () => {
  const calls = [
    aCall(1, { tag: 'a' }),
    aCall(2, { tag: 'b', departedNs: null }),
    aCall(3, { nonce: '0042' }),
  ];

  function statisticsOf(clockOffsetMs: number | null): ReturnType<RunStatisticsCollector['finish']> {
    const collector = new RunStatisticsCollector({ clientSide: true });
    for (const call of calls) collector.onCall(call);
    const told = [
      aClientCall('a', { askedMs: 1_000 }),
      aClientCall('b', { askedMs: 1_000 }),
      aClientCall('z'),
    ];
    return collector.finish({ calls: told, clockOffsetMs });
  }

  test('keep waiting and service apart', () => {
    expect(statisticsOf(-1_000)).toMatchObject({
      calls: 3,
      elapsedNs: 25_000_000,
      callsPerSecond: 120,
      queueWait: { count: 2, maxNs: 20_000_000 },
      service: { count: 2, p50Ns: 5_000_000, maxNs: 5_000_000 },
      nonces: { lowest: '42', highest: aCall(2).nonce },
    });
  });

  test('do not take a retry for a wait: what was asked for once waited until it arrived first', () => {
    const collector = new RunStatisticsCollector({ clientSide: true });
    for (const call of [aCall(1, { tag: 'a' }), aCall(2, { tag: 'a' }), aCall(3, { tag: 'a' })]) {
      collector.onCall(call);
    }
    const told = [aClientCall('a', { askedMs: 1_000 })];
    const { queueWait } = collector.finish({ calls: told, clockOffsetMs: -1_000 });
    expect(queueWait).toMatchObject({ count: 1, maxNs: aCall(1).arrivedNs });
  });

  test('give no queue wait when the clocks cannot be matched', () => {
    expect(statisticsOf(null).queueWait).toBeNull();
  });

  test('tell how long callers waited in all, whether or not the clocks can be matched', () => {
    expect(statisticsOf(null).total).toMatchObject({ count: 3, p50Ns: 0, maxNs: 1_000_000_000 });
  });

  test('are kept for each method, most frequent first', () => {
    const collector = new RunStatisticsCollector({ clientSide: true });
    collector.onCall(aCall(1, { tag: 'a' }));
    for (const seq of [2, 3]) {
      const departedNs = aCall(seq).arrivedNs + 9_000_000;
      collector.onCall(aCall(seq, { method: 'AddOrder', tag: `order-${seq}`, departedNs }));
    }
    const told = [aClientCall('a'), aClientCall('order-2', { method: 'AddOrder', settledMs: 20 })];
    const { methods, otherMethods } = collector.finish({ calls: told, clockOffsetMs: 0 });
    expect(methods).toMatchObject([
      {
        method: 'AddOrder',
        calls: 2,
        queueWait: { count: 1, maxNs: 20_000_000 },
        service: { count: 2, maxNs: 9_000_000 },
        total: { count: 1, maxNs: 20_000_000 },
      },
      { method: 'Balance', calls: 1, service: { maxNs: 5_000_000 }, total: { maxNs: 1_000_000_000 } },
    ]);
    expect(otherMethods).toBeNull();
  });

  test('hold so many methods and no more: the rest are counted together, under short names', () => {
    const collector = new RunStatisticsCollector({ clientSide: false });
    for (let seq = 1; seq <= METHODS_MAX + 5; seq += 1)
      collector.onCall(aCall(seq, { method: `${seq}${'x'.repeat(9_000)}` }));
    const { calls, methods, otherMethods } = collector.finish(null);
    expect([calls, methods.length, otherMethods?.calls]).toEqual([METHODS_MAX + 5, METHODS_MAX, 5]);
    for (const { method } of methods) expect(method.length).toBeLessThan(100);
  });

  test('of nothing are nothing', () => {
    expect(new RunStatisticsCollector({ clientSide: false }).finish(null)).toEqual({
      calls: 0,
      elapsedNs: 0,
      callsPerSecond: null,
      queueWait: null,
      service: null,
      total: null,
      nonces: null,
      methods: [],
      otherMethods: null,
    });
  });
});
