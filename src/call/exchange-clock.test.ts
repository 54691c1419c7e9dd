import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExchangeClock, exchangeClockOf } from './exchange-clock.ts';
import { createLocalCoordinator } from '../lane/index.ts';
import { ManualRuntime } from '../manual-runtime.test-support.ts';
import { deadlineMs } from './order-deadline.ts';

const START_MS = 1_795_353_736_170;

/** An exchange and a host whose two clocks a test moves as it likes. */
class Bench {
  readonly runtime: ManualRuntime = new ManualRuntime();
  readonly clock: ExchangeClock;
  /** The exchange's clock. */
  trueMs: number;

  constructor(awayMs = 0) {
    this.trueMs = START_MS + awayMs;
    this.clock = new ExchangeClock(this.runtime.clock);
  }

  /** Time passes everywhere; the exchange's clock runs `ppm` millionths faster. */
  pass(ms: number, ppm = 0): void {
    this.runtime.advance(ms);
    this.trueMs += ms * (1 + ppm / 1e6);
  }

  /** The host sleeps: its monotonic clock stands still, its wall clock is right afterwards. */
  suspend(ms: number): void {
    this.runtime.wall += BigInt(ms) * 1_000_000n;
    this.trueMs += ms;
  }

  /** A reply whose `Date` is written between two waits. */
  reply(thereMs: number, backMs: number): void {
    const sentAt = this.clock.moment();
    this.pass(thereMs);
    const date = new Date(this.trueMs).toUTCString();
    this.pass(backMs);
    this.clock.observe(date, sentAt);
  }

  expectRight(): void {
    const { earliestMs, latestMs } = this.clock.now();
    expect(earliestMs).toBeLessThanOrEqual(this.trueMs);
    expect(latestMs).toBeGreaterThanOrEqual(this.trueMs);
  }

  get widthMs(): number {
    const { earliestMs, latestMs } = this.clock.now();
    return latestMs - earliestMs;
  }
}

describe('the clock of the exchange', () => {
  it('knows nothing before the first reply, and guesses what the wall clock says', () => {
    const bench = new Bench();
    expect(bench.clock.now()).toEqual({ earliestMs: -Infinity, latestMs: Infinity });
    expect(bench.clock.isWellKnown).toBe(false);
    bench.pass(1_000);
    expect(bench.clock.earliestMs()).toBe(START_MS + 1_000);
  });

  it.each([-3_600_000, -30_000, -2_500, 0, 2_500, 30_000, 3_600_000])(
    'is known to about a second after one reply when the wall clock is %d ms away',
    (awayMs) => {
      const bench = new Bench(awayMs);
      bench.reply(20, 20);
      bench.expectRight();
      expect(bench.widthMs).toBeLessThan(1_100);
      expect(bench.clock.earliestMs()).toBe(bench.clock.now().earliestMs);
    },
  );

  it('is not set wrong by a reply that takes 20 s, there or back', () => {
    for (const [there, back] of [
      [20_000, 10],
      [10, 20_000],
    ] as const) {
      const bench = new Bench(90_000);
      bench.reply(there, back);
      bench.expectRight();
      expect(bench.widthMs).toBeGreaterThan(20_000);
      bench.reply(10, 10);
      bench.expectRight();
      expect(bench.widthMs).toBeLessThan(1_100);
    }
  });

  it('keeps what it knows when a later reply says less', () => {
    const bench = new Bench();
    bench.reply(5, 5);
    bench.reply(3_000, 0);
    bench.expectRight();
    expect(bench.widthMs).toBeLessThan(1_100);
  });

  it('becomes narrower where the seconds of two replies end apart', () => {
    const bench = new Bench();
    bench.reply(0, 0);
    bench.pass(700);
    bench.reply(0, 0);
    bench.expectRight();
    expect(bench.widthMs).toBeLessThan(900);
  });

  it('is known to a point where two replies leave no more: they agree', () => {
    const { clock } = new Bench();
    const sentAt = clock.moment();
    clock.observeSecond(5_000, sentAt);
    clock.observeSecond(6_000, sentAt);
    expect(clock.now()).toEqual({ earliestMs: 6_000, latestMs: 6_000 });
  });

  it('forgets with age, by the drift of two clocks', () => {
    const bench = new Bench();
    bench.reply(0, 0);
    const widthMs = bench.widthMs;
    bench.pass(3_600_000, 400);
    bench.expectRight();
    expect(bench.widthMs).toBeCloseTo(widthMs + 3_600, 0);
    bench.pass(3_600_000, -400);
    bench.expectRight();
    expect(bench.clock.isWellKnown).toBe(false);
  });

  it('does not know how long the host slept, but that it may have', () => {
    const bench = new Bench();
    bench.reply(0, 0);
    bench.suspend(3_600_000);
    bench.expectRight();
    expect(bench.clock.isWellKnown).toBe(false);
    bench.reply(10, 10);
    bench.expectRight();
    expect(bench.clock.isWellKnown).toBe(true);
  });

  it('is right when the host sleeps while a reply is on its way', () => {
    const bench = new Bench();
    const sentAt = bench.clock.moment();
    const date = new Date(bench.trueMs).toUTCString();
    bench.suspend(600_000);
    bench.clock.observe(date, sentAt);
    bench.expectRight();
    expect(bench.clock.isWellKnown).toBe(false);
  });

  it('stays right when the wall clock is set back or ahead', () => {
    const bench = new Bench();
    bench.reply(0, 0);
    bench.runtime.wall -= 3_600_000_000_000n;
    bench.expectRight();
    expect(bench.widthMs).toBeLessThan(1_100);
    bench.runtime.wall += 7_200_000_000_000n;
    bench.expectRight();
    bench.reply(0, 0);
    bench.expectRight();
    expect(bench.widthMs).toBeLessThan(1_100);
  });

  it('believes the newest reply where two contradict each other', () => {
    const bench = new Bench();
    bench.reply(0, 0);
    bench.trueMs += 60_000;
    bench.reply(0, 0);
    bench.expectRight();
    bench.trueMs -= 120_000;
    bench.reply(0, 0);
    bench.expectRight();
  });

  it('forgets all but the newest reply when the exchange contradicts what is known', () => {
    const bench = new Bench(-10_000);
    bench.reply(0, 0);
    bench.trueMs += 10_000;
    bench.reply(10, 20_000);
    expect(bench.widthMs).toBeLessThan(1_100);
    bench.clock.distrust();
    bench.expectRight();
    expect(bench.widthMs).toBeGreaterThan(20_000);
  });

  it.each([
    undefined,
    'yesterday',
    '',
    '1',
    '2026-11-22T16:00:00Z',
    'Sun, 99 Nov 2026 16:00:00 GMT',
    'since Sun, 22 Nov 2026 16:00:00 GMT',
    'Sun, 22 Nov 2026 16:00:00 GMT (about)',
  ])('takes no time from the Date %s', (date) => {
    const { clock } = new Bench();
    clock.observe(date, clock.moment());
    expect(clock.now()).toEqual({ earliestMs: -Infinity, latestMs: Infinity });
  });

  it('is well known while its bounds are at most 5 s apart', () => {
    const bench = new Bench();
    bench.reply(0, 0);
    bench.pass(4_000_000);
    expect([bench.widthMs, bench.clock.isWellKnown]).toEqual([5_000, true]);
    bench.pass(1_000);
    expect(bench.clock.isWellKnown).toBe(false);
  });

  it('knows the slowest round trip of late: half of it is forgotten in a minute, a faster one changes nothing', () => {
    const bench = new Bench();
    expect(bench.clock.slowestRoundTripMs()).toBe(0);
    bench.reply(3_000, 1_000);
    expect(bench.clock.slowestRoundTripMs()).toBe(4_000);
    bench.pass(60_000);
    expect(bench.clock.slowestRoundTripMs()).toBeCloseTo(2_000);
    bench.reply(0, 0);
    expect(bench.clock.slowestRoundTripMs()).toBeCloseTo(2_000);
    bench.pass(120_000);
    expect(bench.clock.slowestRoundTripMs()).toBeCloseTo(500);
    bench.reply(400, 400);
    expect(bench.clock.slowestRoundTripMs()).toBe(800);
  });

  it('asks one question at a time, and none for a minute after one in vain', async () => {
    const bench = new Bench();
    let asked = 0;
    const inVain = (): Promise<void> => {
      asked += 1;
      return Promise.reject(new Error('no answer'));
    };
    await Promise.all([bench.clock.ask(inVain), bench.clock.ask(inVain)]);
    bench.pass(59_999);
    await bench.clock.ask(inVain);
    expect(asked).toBe(1);
    bench.pass(1);
    await bench.clock.ask(async () => bench.reply(0, 0));
    bench.suspend(3_600_000);
    await bench.clock.ask(inVain);
    expect(asked).toBe(2);
  });

  it('is shared by the clients that reach one exchange in one lane, and by no others', () => {
    const runtime = new ManualRuntime();
    const { clock } = runtime;
    const [one, other] = [createLocalCoordinator({ runtime }), createLocalCoordinator({ runtime })];
    const shared = exchangeClockOf(one, 'https://api.kraken.com', clock);
    expect(exchangeClockOf(one, 'https://api.kraken.com', clock)).toBe(shared);
    expect(exchangeClockOf(one, 'http://127.0.0.1:1', clock)).not.toBe(shared);
    expect(exchangeClockOf(other, 'https://api.kraken.com', clock)).not.toBe(shared);
    expect(exchangeClockOf(one, 'https://api.kraken.com', new ManualRuntime().clock)).not.toBe(shared);
  });
});

describe('a deadline by the bounds of the time', () => {
  it.each([
    ['known exactly: as far ahead as asked for', 0, 0, 5_000, 5_000],
    ['known exactly, asked for further ahead than Kraken allows: 60 s', 0, 0, 90_000, 60_000],
    ['ahead of the latest time', 0, 10_000, 5_000, 15_000],
    ['no more than 60 s ahead of the earliest', 0, 10_000, 55_000, 60_000],
    ['bounds too wide for any: the middle of what might do', 0, 100_000, 5_000, 81_000],
    ['too wide, but near: ahead of the latest time', 100_000, 200_000, -50_000, 150_000],
  ])('%s', (_what, earliestMs, latestMs, leadMs, deadline) => {
    expect(deadlineMs({ earliestMs, latestMs }, leadMs)).toBe(deadline);
  });

  it.each([
    [-Infinity, Infinity],
    [0, Infinity],
    [-Infinity, 0],
  ])('there is none between %d and %d', (earliestMs, latestMs) => {
    expect(deadlineMs({ earliestMs, latestMs }, 5_000)).toBeUndefined();
  });
});

type Step = readonly [kind: 'reply' | 'pass' | 'suspend' | 'set', a: number, b: number];

const STEP: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('reply', 'pass', 'suspend', 'set'),
  fc.integer({ min: 0, max: 30_000 }),
  fc.integer({ min: 0, max: 30_000 }),
);

describe('over random clocks, replies, stalls, suspends and steps of the wall clock', () => {
  const history = fc.record({
    awayMs: fc.integer({ min: -3_600_000, max: 3_600_000 }),
    ppm: fc.integer({ min: -500, max: 500 }),
    steps: fc.array(STEP, { minLength: 1, maxLength: 30 }),
  });

  /** A suspend beside a wall clock that is set back cannot be told from no suspend; the wall clock only moves ahead. */
  function live({ awayMs, ppm, steps }: { awayMs: number; ppm: number; steps: readonly Step[] }): Bench {
    const bench = new Bench(awayMs);
    bench.reply(3, 4);
    for (const [kind, a, b] of steps) {
      if (kind === 'reply') bench.reply(a, b);
      if (kind === 'pass') bench.pass(a * 10, ppm);
      if (kind === 'suspend') bench.suspend(a * 100);
      if (kind === 'set') bench.runtime.wall += BigInt(b) * 1_000_000n;
      bench.expectRight();
    }
    return bench;
  }

  it('the true time always lies within the bounds', () => {
    fc.assert(
      fc.property(history, (each) => void live(each)),
      { seed: 11, numRuns: 500 },
    );
  });

  it('a deadline is 2 s to 60 s ahead on arrival for every clock within the bounds, after a stall of 5 s', () => {
    const stall = fc.integer({ min: 0, max: 5_000 });
    const lead = fc.integer({ min: 7_000, max: 60_000 });
    fc.assert(
      fc.property(history, stall, lead, (steps, stallMs, leadMs) => {
        const bench = live(steps);
        const now = bench.clock.now();
        const chosenMs = deadlineMs(now, leadMs) ?? expect.fail('nothing is known');
        fc.pre(now.latestMs - now.earliestMs <= 53_000);
        for (const arrivalMs of [now.earliestMs, bench.trueMs, now.latestMs].map((ms) => ms + stallMs)) {
          expect(chosenMs - arrivalMs).toBeGreaterThanOrEqual(2_000);
          expect(chosenMs - arrivalMs).toBeLessThanOrEqual(60_000);
        }
      }),
      { seed: 12, numRuns: 500 },
    );
  });
});
