import type { Coordinator } from '../lane/index.ts';
import type { Clock } from '../runtime.ts';

const MS_IN_NS = 1_000_000n;
/** A `Date` header is cut off to whole seconds (RFC 9110, section 5.6.7). */
const DATE_STEP_MS = 1_000;
/** How much a clock may gain or lose, as a fraction: the most by which NTP slews one (RFC 5905, 500 ppm). */
const DRIFT_MAX = 0.0005;
/** The one form in which servers write dates today (RFC 9110, section 5.6.7); `Date.parse` alone takes `1`. */
const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Known more closely than this, the exchange need not be asked for its time before a deadline is chosen. */
const WELL_KNOWN_MS = 5_000;
/** A way that was slow is expected to be half as slow after this time. */
const SLOWNESS_HALVED_AFTER_MS = 60_000;
/** How long the exchange is not asked for its time after a question that did not make it well known. */
const ASKED_IN_VAIN_MS = 60_000;

/** A moment on both clocks of this host. */
export interface HostMoment {
  readonly monotonicMs: number;
  /** Wall clock minus monotonic clock. It grows during a suspend, which the monotonic clock does not count. */
  readonly aheadMs: number;
}

/** What the exchange's clock can show at one moment, in milliseconds since 1970. Infinite while unknown. */
export interface ExchangeTime {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** Bounds of the difference between the exchange's clock and the monotonic clock, as of one moment. */
interface OffsetBounds {
  readonly lowMs: number;
  readonly highMs: number;
  readonly asOf: HostMoment;
}

/**
 * The exchange's clock, which `deadline`s are compared with, as an interval (Marzullo's and Cristian's method).
 *
 * A reply that was sent for at `s` and read at `r` on the monotonic clock, with a `Date` of `D`, was written
 * somewhere between. So the exchange's clock minus the monotonic one lies in `[D - r, D + 1 s - s]`. A slow reply,
 * or an event loop that stalled before it read one, makes the interval wide, not wrong.
 *
 *     all replies       |-------------|
 *     newest reply             |-----------------|
 *     known from now on        |------|              empty: one of them was wrong, and the newest counts
 *
 * What is known is forgotten slowly: both ends move apart with the drift of two clocks. Where the wall clock ran
 * ahead of the monotonic one, it was set or the host slept, and which of the two cannot be seen; the exchange's
 * clock may have moved as far, so the latest time does. The earliest one stays true through everything that happens
 * to this host's clocks, because a monotonic clock can stand still, but not run ahead.
 */
export class ExchangeClock {
  readonly #clock: Clock;
  #known: OffsetBounds;
  #newest: OffsetBounds;
  /** The slowest round trip of late, as of {@link #newest}. */
  #slowestMs = 0;
  #asking: Promise<void> | undefined;
  #isNotAskedUntilMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#known = { lowMs: -Infinity, highMs: Infinity, asOf: this.moment() };
    this.#newest = this.#known;
  }

  /** The current moment; taken before a request is sent, for {@link observe}. */
  moment(): HostMoment {
    const monotonicMs = this.#clock.monotonicMs();
    return { monotonicMs, aheadMs: Number(this.#clock.wallNs() / MS_IN_NS) - monotonicMs };
  }

  /** What the exchange's clock can show now. */
  now(): ExchangeTime {
    const { asOf, highMs, lowMs } = grown(this.#known, this.moment());
    return { earliestMs: asOf.monotonicMs + lowMs, latestMs: asOf.monotonicMs + highMs };
  }

  /** The earliest time that the exchange's clock can show now; by the wall clock of this host while nothing is known. */
  earliestMs(): number {
    const { earliestMs } = this.now();
    return earliestMs === -Infinity ? Number(this.#clock.wallNs() / MS_IN_NS) : earliestMs;
  }

  /**
   * Takes the `Date` header of a reply that the exchange itself made, and that was read just now.
   * @param sentAt - a moment before the request was sent
   */
  observe(date: string | undefined, sentAt: HostMoment): void {
    if (date === undefined || !IMF_FIXDATE.test(date)) return;
    this.observeSecond(Date.parse(date), sentAt);
  }

  /** Takes a time that the exchange cut off to whole seconds, in milliseconds; see {@link observe}. */
  observeSecond(secondMs: number, sentAt: HostMoment): void {
    if (!Number.isFinite(secondMs)) return;
    const readAt = this.moment();
    const lowMs = secondMs - readAt.monotonicMs;
    const highMs = secondMs + DATE_STEP_MS - sentAt.monotonicMs;
    this.#slowestMs = Math.max(readAt.monotonicMs - sentAt.monotonicMs, this.slowestRoundTripMs());
    this.#newest = grown({ lowMs, highMs, asOf: sentAt }, readAt);
    this.#known = intersection(grown(this.#known, readAt), this.#newest) ?? this.#newest;
  }

  /** How long a reply took lately, at most, in milliseconds; what is older counts less. */
  slowestRoundTripMs(): number {
    const ageMs = this.moment().monotonicMs - this.#newest.asOf.monotonicMs;
    return this.#slowestMs * 0.5 ** (ageMs / SLOWNESS_HALVED_AFTER_MS);
  }

  /** Whether {@link now} is narrow enough to choose a deadline by. */
  get isWellKnown(): boolean {
    const { earliestMs, latestMs } = this.now();
    return latestMs - earliestMs <= WELL_KNOWN_MS;
  }

  /**
   * Runs a question that makes the time known, unless one is under way, or was asked in vain within the last minute.
   * Resolves when it is over, whatever came of it.
   */
  ask(question: () => Promise<unknown>): Promise<void> {
    if (this.moment().monotonicMs < this.#isNotAskedUntilMs) return Promise.resolve();
    return (this.#asking ??= this.#ask(question));
  }

  async #ask(question: () => Promise<unknown>): Promise<void> {
    await question().catch(() => undefined);
    if (!this.isWellKnown) this.#isNotAskedUntilMs = this.moment().monotonicMs + ASKED_IN_VAIN_MS;
    this.#asking = undefined;
  }

  /** Forgets all but the newest reply: the exchange's own clock contradicted what was known. */
  distrust(): void {
    this.#known = this.#newest;
  }
}

/** The same bounds at a later moment. */
function grown({ asOf, highMs, lowMs }: OffsetBounds, later: HostMoment): OffsetBounds {
  const driftMs = DRIFT_MAX * (later.monotonicMs - asOf.monotonicMs);
  const leapMs = Math.max(0, later.aheadMs - asOf.aheadMs);
  return { lowMs: lowMs - driftMs, highMs: highMs + driftMs + leapMs, asOf: later };
}

/** Of two that are as of one moment; `undefined` when they contradict each other. */
function intersection(a: OffsetBounds, b: OffsetBounds): OffsetBounds | undefined {
  const lowMs = Math.max(a.lowMs, b.lowMs);
  const highMs = Math.min(a.highMs, b.highMs);
  return lowMs <= highMs ? { lowMs, highMs, asOf: a.asOf } : undefined;
}

/** By coordinator, as with the states of keys; then by this host's clock and by what the requests are sent through. */
const clocks = new WeakMap<Coordinator, Map<Clock, Map<unknown, ExchangeClock>>>();

/** The exchange's clock, the same for every client on this coordinator that reaches the exchange in the same way. */
export function exchangeClockOf(coordinator: Coordinator, way: unknown, clock: Clock): ExchangeClock {
  const byClock = entryOf(clocks, coordinator, () => new Map<Clock, Map<unknown, ExchangeClock>>());
  const byWay = entryOf(byClock, clock, () => new Map<unknown, ExchangeClock>());
  return entryOf(byWay, way, () => new ExchangeClock(clock));
}

function entryOf<K, V>(
  entries: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  const known = entries.get(key);
  if (known !== undefined) return known;
  const made = make();
  entries.set(key, made);
  return made;
}
