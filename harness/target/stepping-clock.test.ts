import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { createSteppingClock } from './stepping-clock.ts';

function readings(count: number): bigint[] {
  let now = 1_795_353_736_170_000_000n;
  const clock = createSteppingClock(
    {
      wallNs: () => (now += 1_000_000n),
      monotonicMs: () => 0,
    },
    createRandom(7),
  );
  return Array.from({ length: count }, () => clock.wallNs());
}

describe('createSteppingClock', () => {
  it('stalls, steps back by seconds and jumps ahead by seconds', () => {
    const read = readings(1_000);
    const steps = read.slice(1).map((value, n) => value - (read[n] ?? 0n));
    expect(steps.filter((step) => step === 0n).length).toBeGreaterThan(100);
    expect(steps.filter((step) => step < -500_000_000n).length).toBeGreaterThan(3);
    expect(steps.filter((step) => step > 500_000_000n).length).toBeGreaterThan(3);
  });

  it('does the same again for the same seed', () => {
    expect(readings(200)).toEqual(readings(200));
  });
});
