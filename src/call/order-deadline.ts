import type { ClientContext } from './client-context.ts';
import type { ExchangeTime } from './exchange-clock.ts';
import type { CallParams, LateParam } from './request-body.ts';

/** Methods with a `deadline`, after which the engine refuses them (Kraken docs, trading endpoints). */
const WITH_DEADLINE: ReadonlySet<string> = new Set(['AddOrder', 'AddOrderBatch', 'AmendOrder', 'EditOrder']);

/** The limits of Kraken's on a deadline, counted from the arrival of the request (Kraken docs, AddOrder). */
const AHEAD_MS_MIN = 2_000;
export const AHEAD_MS_MAX = 60_000;

/**
 * Whether a call gets a deadline of ours: with it the engine cannot apply the call long after the lane was
 * given up. The caller's own goes first.
 */
export function needsDeadline(method: string, params: CallParams): boolean {
  return WITH_DEADLINE.has(method) && params['deadline'] === undefined;
}

/** The deadlines that the client itself gives to the attempts of one call. */
export class OwnDeadline {
  readonly #caller: ClientContext;
  #leadMs: number;
  #latestMs = -Infinity;

  constructor(caller: ClientContext) {
    this.#caller = caller;
    this.#leadMs = caller.limits.orderDeadlineMs;
  }

  /** The latest of those that were drawn, by the exchange's clock. */
  get latestMs(): number {
    return this.#latestMs;
  }

  /** The deadline of an attempt that is sent now. Where round trips are slow, so may the way there be. */
  draw(): LateParam {
    const { exchangeClock } = this.#caller;
    const leadMs = this.#leadMs + exchangeClock.slowestRoundTripMs();
    const atMs = deadlineMs(exchangeClock.now(), leadMs) ?? exchangeClock.earliestMs() + this.#leadMs;
    this.#latestMs = Math.max(this.#latestMs, atMs);
    return ['deadline', new Date(atMs).toISOString()];
  }

  /**
   * The exchange refused one. Its clock is not where it was thought to be, or the way there took too long: the next
   * one is chosen by the exchange's newest reply alone, and as far ahead as Kraken allows.
   */
  refused(): void {
    this.#caller.exchangeClock.distrust();
    this.#leadMs = AHEAD_MS_MAX;
  }
}

/**
 * A deadline that the exchange accepts wherever its clock stands within the bounds: `leadMs` ahead of the latest
 * time, unless it would be too far ahead of the earliest. Of bounds too wide for any, the middle of what might do.
 * @returns `undefined` when nothing is known
 */
export function deadlineMs({ earliestMs, latestMs }: ExchangeTime, leadMs: number): number | undefined {
  if (!Number.isFinite(latestMs - earliestMs)) return undefined;
  const middleMs = (earliestMs + latestMs + AHEAD_MS_MIN + AHEAD_MS_MAX) / 2;
  return Math.min(latestMs + leadMs, Math.max(earliestMs + AHEAD_MS_MAX, middleMs));
}
