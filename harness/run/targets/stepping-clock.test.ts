import { describe, expect, it } from 'vitest';
import { createRandom } from '../../random.ts';
import { createSteppingClock } from './stepping-clock.ts';
import type { SteppingClockOptions } from './stepping-clock.ts';

const START_NS = 1_795_353_736_170_000_000n;

function readings(count: number, options: SteppingClockOptions = {}): bigint[] {
  let now = START_NS;
  const clock = createSteppingClock(
    {
      wallNs: () => (now += 1_000_000n),
      monotonicMs: () => 0,
    },
    createRandom(7),
    options,
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

  it('starts again where it began when it is to restart, and says what went wrong', () => {
    const kinds: string[] = [];
    const sinceStart = readings(1_000, { restarts: true, onFault: (kind) => kinds.push(kind) })
      .slice(500)
      .map((value) => value - START_NS);
    expect(sinceStart.filter((ns) => ns >= 0n && ns < 50_000_000n).length).toBeGreaterThan(10);
    expect([...new Set(kinds)].sort()).toEqual(['clock-ahead', 'clock-back', 'clock-restart', 'clock-stall']);
  });
});
