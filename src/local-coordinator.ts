import { ApiLock } from './api-lock.ts';
import type { Coordinator, LaneScope, Turn, TurnOptions } from './coordinator.ts';
import { NonceproofError } from './errors.ts';
import { createNonceSource } from './nonce-source.ts';
import type { NonceSource } from './nonce-source.ts';
import type { Runtime } from './runtime.ts';

/** What {@link createLocalCoordinator} takes. */
export interface LocalCoordinatorOptions {
  readonly runtime: Runtime;
  /** Default `global`: one lane for all accounts. */
  readonly scope?: LaneScope | undefined;
  /** Default: a source of its own on the runtime's clock. */
  readonly nonces?: NonceSource | undefined;
}

/** A nonce was asked for by code that kept a turn after its end. */
export class TurnEndedError extends NonceproofError {
  constructor() {
    super(
      'turn_ended',
      'Failed to draw a nonce: the turn has ended. Draw it inside the function that the turn was given to; a nonce drawn outside can arrive after a later one.',
    );
  }
}

/** The coordinator of one process: an {@link ApiLock} per lane and one nonce source for all of them. */
export class LocalCoordinator implements Coordinator {
  readonly scope: LaneScope;
  readonly nonces: NonceSource;
  readonly #runtime: Runtime;
  readonly #locks = new Map<string, ApiLock>();

  constructor(options: LocalCoordinatorOptions) {
    this.scope = options.scope ?? 'global';
    this.nonces = options.nonces ?? createNonceSource(options.runtime.clock);
    this.#runtime = options.runtime;
  }

  /** The lock of the lane that `laneKey` calls in; with scope `global` it is the same for every key. */
  lock(laneKey: string): ApiLock {
    const name = this.scope === 'global' ? 'global' : laneKey;
    let lock = this.#locks.get(name);
    if (lock === undefined) {
      lock = new ApiLock({ runtime: this.#runtime });
      this.#locks.set(name, lock);
    }
    return lock;
  }

  /** @throws {@link ApiLock.runExclusive}'s errors, when the wait was given up */
  turn<T>(laneKey: string, body: (turn: Turn) => Promise<T>, options?: TurnOptions): Promise<T> {
    return this.lock(laneKey).runExclusive(() => this.#runTurn(body), options);
  }

  async #runTurn<T>(body: (turn: Turn) => Promise<T>): Promise<T> {
    let ended = false;
    const drawNonce = (): bigint => {
      if (ended) throw new TurnEndedError();
      return this.nonces.next();
    };
    try {
      return await body({ drawNonce, raiseFloor: (nonce) => this.nonces.raiseFloor(nonce) });
    } finally {
      ended = true;
    }
  }
}

/** Makes a {@link LocalCoordinator}. */
export function createLocalCoordinator(options: LocalCoordinatorOptions): LocalCoordinator {
  return new LocalCoordinator(options);
}
