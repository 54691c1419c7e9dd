import { NonceproofError } from './errors.ts';
import type { Clock, Runtime, TimerHandle } from './runtime.ts';

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

/** How long to wait for room. */
export interface BudgetWait {
  readonly signal?: AbortSignal | undefined;
  /** `Infinity`: no limit. */
  readonly waitTimeoutMs: number;
}

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

interface Waiter {
  readonly cost: number;
  readonly admit: () => void;
}

/**
 * Keeps a key's calls within its counter, in two places.
 *
 * - Before the queue of the lane ({@link enter}), calls are let in at the pace at which they could be sent, first
 *   come, first served, so that a busy key does not hold up the lane of all.
 * - In the lane ({@link msUntilRoom}), what is counted is what is really sent: after a long queue, calls that were
 *   let in over a minute would else arrive at once.
 *
 * Both wait for nothing but time. A part put aside for a call that queues, and given back when it is sent, would
 * be a lock of its own: whoever waits for it inside a turn would wait for calls that wait for that turn.
 */
export class RateBudget {
  readonly #limits: RateLimits;
  readonly #runtime: Runtime;
  readonly #letIn: Counter;
  readonly #sent: Counter;
  readonly #waiters: Waiter[] = [];
  #timer: TimerHandle;

  constructor(limits: RateLimits, runtime: Runtime) {
    this.#limits = limits;
    this.#runtime = runtime;
    this.#letIn = new Counter(limits, runtime.clock);
    this.#sent = new Counter(limits, runtime.clock);
  }

  /**
   * Resolves when `method` may queue for the lane.
   * @throws {RateBudgetWaitError} when the signal or the time limit came first
   */
  enter(method: string, wait: BudgetWait): Promise<void> {
    const cost = callCost(method, this.#limits);
    if (cost === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        cost,
        admit: () => {
          stopListening();
          resolve();
        },
      };
      const stopListening = this.#listen(wait, () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(new RateBudgetWaitError(method));
      });
      this.#waiters.push(waiter);
      this.#admit();
    });
  }

  /** In the lane: how long until `method` may be sent; 0 when it may. */
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
    if (callCost(method, this.#limits) === 0) return;
    this.#sent.fill();
    this.#letIn.fill();
  }

  /** Lets in who fits, in order, and comes back when the next one will. */
  #admit(): void {
    const { timers } = this.#runtime;
    timers.clearTimeout(this.#timer);
    for (let next = this.#waiters[0]; next !== undefined; next = this.#waiters[0]) {
      const delayMs = this.#letIn.msUntilRoom(next.cost);
      if (delayMs > 0) {
        this.#timer = timers.setTimeout(() => this.#admit(), delayMs);
        return;
      }
      this.#waiters.shift();
      this.#letIn.add(next.cost);
      next.admit();
    }
  }

  /** Calls `giveUp` once, on abort or at the time limit; returns what stops that. */
  #listen(wait: BudgetWait, giveUp: () => void): () => void {
    const { timers } = this.#runtime;
    const leave = (): void => {
      stop();
      giveUp();
    };
    const timer = wait.waitTimeoutMs === Infinity ? undefined : timers.setTimeout(leave, wait.waitTimeoutMs);
    wait.signal?.addEventListener('abort', leave, { once: true });
    const stop = (): void => {
      if (timer !== undefined) timers.clearTimeout(timer);
      wait.signal?.removeEventListener('abort', leave);
    };
    return stop;
  }
}
