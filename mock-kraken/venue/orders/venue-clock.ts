import type { Engine } from './engine.ts';
import { isLive, type Order } from './order.ts';
import type { Pair } from '../catalog/index.ts';
import { tickAt, tickMs } from '../market/index.ts';

/**
 * Prices looked at in one advance of the clock, at most. A longer jump looks at this many, evenly spaced,
 * so that a price which came and went between two of them is missed.
 */
const ticksLookedAtMax = 1000;

/**
 * The venue's clock: between two requests, orders expire, start, are triggered, trade as the price walks, and
 * dead man's switches go off, each at its moment. Time is what requests say and never goes back.
 */
export class VenueClock {
  readonly #engine: Engine;
  /** When an account's dead man's switch (`CancelAllOrdersAfter`) goes off. */
  readonly #switches = new Map<string, number>();
  #nowMs: number | null = null;
  /** No expiry, start or switch is due before this. */
  #quietUntilMs = Number.POSITIVE_INFINITY;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Brings the venue to a moment and returns it, in whole milliseconds, so that every time it shows can be asked
   * for again; or, if time would go back, where the venue already is.
   */
  advance(toMs: number): number {
    const fromMs = this.#nowMs ?? Math.floor(toMs);
    const endMs = Math.max(fromMs, Math.floor(toMs));
    this.#nowMs = endMs;
    if (this.#engine.open.size > 0) this.#sweep(fromMs, endMs);
    this.#runDue(endMs);
    return endMs;
  }

  /** Tells the clock that something will be due. */
  expect(atMs: number): void {
    if (atMs > 0) this.#quietUntilMs = Math.min(this.#quietUntilMs, atMs);
  }

  /** Winds an account's dead man's switch; 0 takes it away. */
  setSwitch(account: string, atMs: number): void {
    if (atMs === 0) this.#switches.delete(account);
    else this.#switches.set(account, atMs);
    this.expect(atMs);
  }

  #sweep(fromMs: number, endMs: number): void {
    const last = tickAt(endMs);
    const first = tickAt(fromMs) + 1;
    const stride = Math.max(1, Math.ceil((last - first + 1) / ticksLookedAtMax));
    for (let tick = last - stride * Math.floor((last - first) / stride); tick <= last; tick += stride) {
      this.#runDue(tick * tickMs);
      for (const pair of this.#engine.open.pairs()) this.match(pair, tick * tickMs);
    }
  }

  /** Lets the open orders of a pair meet its market at a moment. */
  match(pair: Pair, atMs: number): void {
    for (const order of this.#engine.open.in(pair)) this.#engine.meet(order, atMs);
  }

  #runDue(atMs: number): void {
    while (this.#quietUntilMs <= atMs) {
      const dueMs = this.#quietUntilMs;
      this.#quietUntilMs = Number.POSITIVE_INFINITY;
      for (const order of this.#engine.open.all()) this.#runOrder(order, dueMs);
      for (const [account, switchMs] of this.#switches) this.#runSwitch(account, switchMs, dueMs);
    }
  }

  #runOrder(order: Order, dueMs: number): void {
    if (!isLive(order)) return;
    const { startMs, expireMs } = order.terms;
    if (expireMs > 0 && expireMs <= dueMs)
      return this.#engine.end(order, 'expired', { atMs: expireMs, reason: 'Order expired' });
    if (order.status === 'pending' && startMs <= dueMs) this.#engine.start(order, startMs);
    else if (order.status === 'pending') this.expect(startMs);
    this.expect(expireMs);
  }

  #runSwitch(account: string, switchMs: number, dueMs: number): void {
    if (switchMs > dueMs) return this.expect(switchMs);
    this.#switches.delete(account);
    for (const order of this.#engine.open.of(account))
      this.#engine.end(order, 'canceled', { atMs: switchMs, reason: 'Cancel all after' });
  }
}
