import { expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { createServiceTime, type ServiceTime } from './service-time.ts';

const NEVER_HELD = { fraction: 0, factor: 1 };

function draws(serviceTime: ServiceTime | number): number[] {
  return Array.from({ length: 10_000 }, createServiceTime(serviceTime, createRandom(1, 'service')));
}

test('a number is a fixed time in milliseconds, held five times as long for about 2 % of the calls', () => {
  const times = draws(5);
  expect(new Set(times)).toEqual(new Set([5, 25]));
  const held = times.filter((ms) => ms === 25).length;
  expect(held).toBeGreaterThan(150);
  expect(held).toBeLessThan(250);
});

test('a uniform time stays within its bounds and uses them', () => {
  const times = draws({ kind: 'uniform', minMs: 10, maxMs: 20, held: NEVER_HELD });
  expect(Math.min(...times)).toBeCloseTo(10, 1);
  expect(Math.max(...times)).toBeCloseTo(20, 1);
});

test('a log-normal time has its median in the middle and its tail cut off', () => {
  const times = draws({ kind: 'log-normal', medianMs: 5, sigma: 1, maxMs: 50, held: NEVER_HELD });
  times.sort((a, b) => a - b);
  expect(times[5000]).toBeCloseTo(5, 0);
  expect(times[9999]).toBe(50);
  expect(times[0]).toBeGreaterThan(0);
});
