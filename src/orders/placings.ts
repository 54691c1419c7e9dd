import { AsyncLocalStorage } from 'node:async_hooks';
import { CallError } from '../call/index.ts';
import type { ClientContext } from '../call/index.ts';
import type { KeyState } from '../account/index.ts';
import { sleep } from '../sleep.ts';

/**
 * What is known of a placing. `undecided`: the order may be sent still, or its reply was lost and the exchange is
 * being asked. `unknown`: the placing was given up, and the order may appear until {@link Placing.whenCertain}.
 */
export type PlacingState = 'undecided' | 'exists' | 'absent' | 'unknown';

/** The placing of an order, from its asking on. */
export class Placing {
  readonly #caller: ClientContext;
  /** Whether the code that places the order runs in a turn of the lane, which its calls do not have to wait for. */
  readonly #isInTurn: () => boolean;
  #state: PlacingState = 'undecided';
  #decide: () => void = () => undefined;
  readonly #decided: Promise<void>;
  /** On the monotonic clock. */
  #certainFromMs = Infinity;
  /** The order's `cl_ord_id`; made as the order is sent, unless the caller chose one. */
  clOrdId: string | undefined;

  constructor(caller: ClientContext, clOrdId: string | undefined) {
    this.#caller = caller;
    this.clOrdId = clOrdId;
    this.#isInTurn = inThisContext(() => isInTurn(caller));
    this.#decided = new Promise((resolve) => {
      this.#decide = resolve;
    });
  }

  get state(): PlacingState {
    return this.#state;
  }

  /** Whether the order may come into being although the exchange does not know it now. */
  get isInDoubt(): boolean {
    return this.#state === 'undecided' || (this.#state === 'unknown' && this.#certainInMs() > 0);
  }

  /** Whether waiting for it in the running code would never end: that code holds the lane which the placing needs. */
  get isBlockedHere(): boolean {
    return this.#state === 'undecided' && isInTurn(this.#caller) && !this.#isInTurn();
  }

  /** @param certainInMs - how long the order may still appear, when its placing was given up */
  end(state: Exclude<PlacingState, 'undecided'>, certainInMs = 0): void {
    this.#state = state;
    this.#certainFromMs = this.#nowMs() + certainInMs;
    this.#decide();
  }

  /** Resolves when the order is there, or is certain not to appear any more; or as soon as `signal` aborts. */
  async whenCertain(signal: AbortSignal): Promise<void> {
    await Promise.race([this.#decided, whenAborted(signal)]);
    if (this.isInDoubt && !signal.aborted)
      await sleep(this.#certainInMs(), this.#caller.runtime.timers, signal);
  }

  #certainInMs(): number {
    return this.#certainFromMs - this.#nowMs();
  }

  #nowMs(): number {
    return this.#caller.runtime.clock.monotonicMs();
  }
}

/** The placings of one API key that are in doubt. */
export class Placings {
  readonly #placings = new Set<Placing>();

  /** Follows a placing until it ends, and remembers it for as long as its order may still appear. */
  async follow<T>(placing: Placing, run: () => Promise<T>, certainInMs: () => number): Promise<T> {
    this.#forgetCertain();
    this.#placings.add(placing);
    try {
      const placed = await run();
      placing.end('exists');
      return placed;
    } catch (error) {
      const isUnknown = error instanceof CallError && error.outcome === 'unknown';
      if (isUnknown) placing.end('unknown', certainInMs());
      else placing.end('absent');
      throw error;
    } finally {
      if (!placing.isInDoubt) this.#placings.delete(placing);
    }
  }

  /** Those in doubt, in the order in which they were asked for. */
  inDoubt(): readonly Placing[] {
    this.#forgetCertain();
    return [...this.#placings];
  }

  #forgetCertain(): void {
    for (const placing of this.#placings) if (!placing.isInDoubt) this.#placings.delete(placing);
  }
}

const placingsByKey = new WeakMap<KeyState, Placings>();

/** Returns the placings of a key that are in doubt, the same for every client of that key on one coordinator. */
export function placingsOf(keyState: KeyState): Placings {
  let placings = placingsByKey.get(keyState);
  if (placings === undefined) placingsByKey.set(keyState, (placings = new Placings()));
  return placings;
}

/** Code in a turn cannot take a place in the lane's order: it is in the lane already. */
function isInTurn({ coordinator, laneKey }: ClientContext): boolean {
  return coordinator.takePlace !== undefined && coordinator.takePlace(laneKey) === undefined;
}

function inThisContext(ask: () => boolean): () => boolean {
  const inContext = AsyncLocalStorage.snapshot();
  return () => inContext(ask);
}

function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
