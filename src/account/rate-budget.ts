import { NonceproofError } from '../errors.ts';
import type { Clock } from '../runtime.ts';

/** Kraken's REST call counter: each call adds its cost, and the counter goes down with time. */
export interface RateLimits {
  /** A call that would bring the counter above this is refused by Kraken. */
  readonly counterMax: number;
  readonly decayPerSecond: number;
  /** What a ledger or trade history call adds. Kraken's pages say 2 and 4; 4 is the safe reading. */
  readonly historyCost: number;
}

/** Verification tiers of Kraken's. */
export type RateTier = 'starter' | 'intermediate' | 'pro';

/** Counter and decay by tier (Kraken docs, rate limits). */
export const RATE_TIERS: Readonly<Record<RateTier, RateLimits>> = {
  starter: { counterMax: 15, decayPerSecond: 0.33, historyCost: 4 },
  intermediate: { counterMax: 20, decayPerSecond: 0.5, historyCost: 4 },
  pro: { counterMax: 20, decayPerSecond: 1, historyCost: 4 },
};

/** Counted by the matching engine instead (Kraken docs, rate limits). */
const FREE: ReadonlySet<string> = new Set([
  'AddOrder',
  'AddOrderBatch',
  'AmendOrder',
  'CancelOrder',
  'CancelOrderBatch',
  'EditOrder',
]);
const HISTORY: ReadonlySet<string> = new Set(['Ledgers', 'QueryLedgers', 'TradesHistory', 'QueryTrades']);

/** What a call adds to the counter. */
export function callCost(method: string, limits: RateLimits): number {
  if (FREE.has(method)) return 0;
  return HISTORY.has(method) ? limits.historyCost : 1;
}

/** A wait for room in the counter was cancelled or took too long; nothing was sent. */
export class RateBudgetWaitError extends NonceproofError {
  constructor(method: string) {
    super(
      'rate_budget_wait_ended',
      `Failed to find room for ${method} in the rate budget before the wait was given up. Call less often, or wait longer.`,
    );
  }
}

/** Kraken's counter, as far as it can be followed from here. */
class Counter {
  readonly #limits: RateLimits;
  readonly #clock: Clock;
  #value = 0;
  #countedAtMs: number;

  constructor(limits: RateLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#countedAtMs = clock.monotonicMs();
  }

  /** How long until `cost` fits; 0 when it does. One unit is kept back, because Kraken counts a call later than we do. */
  msUntilRoom(cost: number): number {
    this.#decay();
    const missing = this.#value + cost - Math.max(this.#limits.counterMax - 1, cost);
    // A millisecond more, so that rounding does not find a hair too little room and come back at once.
    return missing <= 0 ? 0 : Math.ceil((missing / this.#limits.decayPerSecond) * 1000) + 1;
  }

  add(cost: number): void {
    this.#decay();
    this.#value += cost;
  }

  fill(): void {
    this.#decay();
    this.#value = Math.max(this.#value, this.#limits.counterMax);
  }

  #decay(): void {
    const nowMs = this.#clock.monotonicMs();
    const decayed = ((nowMs - this.#countedAtMs) / 1000) * this.#limits.decayPerSecond;
    this.#value = Math.max(0, this.#value - decayed);
    this.#countedAtMs = nowMs;
  }
}

/**
 * Keeps a key's calls within its counter. What is counted is what is really sent, and a call asks for room in the
 * lane: after a long queue, calls that were let in over a minute would else arrive at once.
 *
 * It hands out no room in advance. A part put aside for a call that queues, and given back when it is sent, would
 * be a lock of its own: whoever waits for it inside a turn would wait for calls that wait for that turn.
 */
export class RateBudget {
  readonly #limits: RateLimits;
  readonly #sent: Counter;

  constructor(limits: RateLimits, clock: Clock) {
    this.#limits = limits;
    this.#sent = new Counter(limits, clock);
  }

  /** How long until `method` may be sent; 0 when it may. */
  msUntilRoom(method: string): number {
    const cost = callCost(method, this.#limits);
    return cost === 0 ? 0 : this.#sent.msUntilRoom(cost);
  }

  /** `method` is sent now. */
  charge(method: string): void {
    this.#sent.add(callCost(method, this.#limits));
  }

  /** Kraken refused `method` because the counter is full: somebody else spends from it too. */
  exhaust(method: string): void {
    if (callCost(method, this.#limits) > 0) this.#sent.fill();
  }
}
