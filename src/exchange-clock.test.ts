import { describe, expect, it } from 'vitest';
import { ExchangeClock } from './exchange-clock.ts';
import { ManualRuntime } from './manual-runtime.test-support.ts';

const START_MS = 1_795_353_736_170;

describe('the clock of the exchange', () => {
  it('starts as the wall clock and runs on, whatever the wall clock does then', () => {
    const runtime = new ManualRuntime();
    const clock = new ExchangeClock(runtime.clock);
    runtime.advance(1_000);
    runtime.wall -= 3_600_000_000_000n;
    expect(clock.nowMs()).toBe(START_MS + 1_000);
  });

  it.each([-7_200_000, 7_200_000, 2_500])('is set right by a reply whose Date is %d ms away', (awayMs) => {
    const clock = new ExchangeClock(new ManualRuntime().clock);
    const trueMs = Math.floor((START_MS + awayMs) / 1000) * 1000;
    clock.observe(new Date(trueMs).toUTCString());
    expect(clock.nowMs()).toBe(trueMs + 500);
  });

  it('stays as it is when a Date agrees, is missing or is none', () => {
    const clock = new ExchangeClock(new ManualRuntime().clock);
    for (const date of [new Date(START_MS).toUTCString(), undefined, 'yesterday', '']) clock.observe(date);
    expect(clock.nowMs()).toBe(START_MS);
  });
});
