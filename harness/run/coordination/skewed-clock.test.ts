import { expect, it } from 'vitest';
import { skewedClock } from './skewed-clock.ts';

it('is right at first, and then minutes off, each process by another amount', () => {
  let ms = 0;
  const clock = { wallNs: () => BigInt(ms) * 1_000_000n, monotonicMs: () => ms };
  const clocks = [0, 1, 2, 3].map((process) => skewedClock(clock, process));
  const offMs = (): number[] => clocks.map(({ wallNs }) => Number(wallNs() / 1_000_000n) - ms);
  ms = 1_000;
  expect(offMs()).toEqual([0, 0, 0, 0]);
  ms = 2_000;
  expect(offMs()).toEqual([-60_000, 105_000, -150_000, 195_000]);
  expect(clocks.map(({ monotonicMs }) => monotonicMs())).toEqual([ms, ms, ms, ms]);
});
