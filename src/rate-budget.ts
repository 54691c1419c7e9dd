import { NonceproofError } from './errors.ts';
import type { Runtime, TimerHandle } from './runtime.ts';

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

/** A part of the budget, put aside for one call. */
export interface Reservation {
  /** Moves it to the counter: the call is sent now. */
  spend(): void;
  /** Gives it back, unless it was spent: the call will not be sent. */
  release(): void;
}

/** Orders do not wait behind calls that are counted: Kraken's counter does not know them. */
const NOTHING_RESERVED: Reservation = { spend: () => undefined, release: () => undefined };

interface Waiter {
  readonly cost: number;
  readonly grant: () => void;
}

/**
 * Keeps a key's calls within its counter, first come, first served. A call takes its part before it queues for
 * the lane, and the part starts to decay only when the call is sent: however long the queue, what arrives at
 * Kraken fits. One unit is kept back, because Kraken counts a call later than we do.
 */
export class RateBudget {
  readonly #limits: RateLimits;
  readonly #runtime: Runtime;
  readonly #waiters: Waiter[] = [];
  #counter = 0;
  #countedAtMs: number;
  /** Put aside for calls that were not sent yet. */
  #reserved = 0;
  #timer: TimerHandle;

  constructor(limits: RateLimits, runtime: Runtime) {
    this.#limits = limits;
    this.#runtime = runtime;
    this.#countedAtMs = runtime.clock.monotonicMs();
  }

  /**
   * Resolves when there is room for `method`.
   * @throws {RateBudgetWaitError} when the signal or the time limit came first
   */
  reserve(
    method: string,
    wait: { readonly signal?: AbortSignal | undefined; readonly waitTimeoutMs: number },
  ): Promise<Reservation> {
    const cost = callCost(method, this.#limits);
    if (cost === 0) return Promise.resolve(NOTHING_RESERVED);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        cost,
        grant: () => {
          stopListening();
          resolve(this.#setAside(cost));
        },
      };
      const stopListening = this.#listen(wait, () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(new RateBudgetWaitError(method));
        this.#admit();
      });
      this.#waiters.push(waiter);
      this.#admit();
    });
  }

  /** Counts an attempt that nothing was put aside for: a retry. */
  charge(method: string): void {
    this.#decay();
    this.#counter += callCost(method, this.#limits);
  }

  /** Kraken refused `method` because the counter is full: somebody else spends from it too. */
  exhaust(method: string): void {
    if (callCost(method, this.#limits) === 0) return;
    this.#decay();
    this.#counter = this.#limits.counterMax;
  }

  /** Calls `giveUp` once, on abort or at the time limit; returns what stops that. */
  #listen(
    wait: { readonly signal?: AbortSignal | undefined; readonly waitTimeoutMs: number },
    giveUp: () => void,
  ): () => void {
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

  #setAside(cost: number): Reservation {
    let isOpen = true;
    this.#reserved += cost;
    const close = (spent: number): void => {
      if (!isOpen) return;
      isOpen = false;
      this.#decay();
      this.#reserved -= cost;
      this.#counter += spent;
      this.#admit();
    };
    return { spend: () => close(cost), release: () => close(0) };
  }

  /** Lets in who fits, in order, and comes back when the next one will. */
  #admit(): void {
    this.#decay();
    for (let next = this.#waiters[0]; next !== undefined; next = this.#waiters[0]) {
      const room = Math.max(this.#limits.counterMax - 1, next.cost) - this.#counter - this.#reserved;
      if (room < next.cost) return this.#comeBack(next.cost - room);
      this.#waiters.shift();
      next.grant();
    }
  }

  /** What is put aside does not decay; when it is in the way, its spending or release brings us back. */
  #comeBack(missing: number): void {
    const { timers } = this.#runtime;
    timers.clearTimeout(this.#timer);
    const decays = Math.min(missing, this.#counter);
    if (decays <= 0) return;
    // A millisecond more, so that rounding does not find a hair too little room and come back at once.
    const delayMs = Math.ceil((decays / this.#limits.decayPerSecond) * 1000) + 1;
    this.#timer = timers.setTimeout(() => this.#admit(), delayMs);
  }

  #decay(): void {
    const nowMs = this.#runtime.clock.monotonicMs();
    const decayed = ((nowMs - this.#countedAtMs) / 1000) * this.#limits.decayPerSecond;
    this.#counter = Math.max(0, this.#counter - decayed);
    this.#countedAtMs = nowMs;
  }
}
