import { AccountOrder } from './account-order.ts';
import type { Coordinator } from '../lane/index.ts';
import { RateBudget } from './rate-budget.ts';
import type { RateLimits } from './rate-budget.ts';
import type { Runtime } from '../runtime.ts';

/** Refusals of the key, the signature or the nonce in a row, after which the key rests. Kraken names no number. */
const REFUSALS_MAX = 5;
const FIRST_REST_MS = 5_000;

/**
 * What the clients of one API key remember together. Kraken counts bad nonces, keys and signatures against the
 * key, locks it out, and starts the lockout anew at each attempt (Kraken docs, errors guide): after some of them
 * in a row nothing is sent with this key for a while.
 */
export class KeyState {
  /** The first that a client of the key asked for; later ones with other figures change nothing. */
  budget: RateBudget | undefined;
  /** Its calls that wait outside the lane, and those behind them. */
  readonly order: AccountOrder = new AccountOrder();
  /** In a row, without a success between. */
  #refusals = 0;
  #restsUntilMs = -Infinity;

  /** How long nothing may be sent with this key; 0 when it may. */
  cooldownMs(nowMs: number): number {
    return Math.max(0, this.#restsUntilMs - nowMs);
  }

  /** Kraken accepted the key, the signature and the nonce. */
  accepted(): void {
    this.#refusals = 0;
  }

  /** Kraken refused one of them. From the fifth on, each rest is twice as long as the one before, up to `restMsMax`. */
  refused(nowMs: number, restMsMax: number): void {
    this.#refusals += 1;
    if (this.#refusals < REFUSALS_MAX) return;
    this.startCooldown(nowMs, Math.min(FIRST_REST_MS * 2 ** (this.#refusals - REFUSALS_MAX), restMsMax));
  }

  startCooldown(nowMs: number, forMs: number): void {
    this.#restsUntilMs = Math.max(this.#restsUntilMs, nowMs + forMs);
  }
}

/** By coordinator rather than in one global map: what does not share a lane shares nothing. */
const states = new WeakMap<Coordinator, Map<string, KeyState>>();

/** What {@link keyStateOf} needs to make a state. */
export interface KeyStateOptions {
  readonly runtime: Runtime;
  readonly rateLimits: RateLimits | undefined;
}

/** The state of a key, the same for every client with this key on this coordinator. */
export function keyStateOf(coordinator: Coordinator, laneKey: string, options: KeyStateOptions): KeyState {
  let byKey = states.get(coordinator);
  if (byKey === undefined) states.set(coordinator, (byKey = new Map()));
  let state = byKey.get(laneKey);
  if (state === undefined) byKey.set(laneKey, (state = new KeyState()));
  if (options.rateLimits !== undefined)
    state.budget ??= new RateBudget(options.rateLimits, options.runtime.clock);
  return state;
}
