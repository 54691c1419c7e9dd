import { ApiLock } from './api-lock.ts';
import type { LaneScope, Turn, TurnOptions } from './coordinator.ts';
import { ScopedTurn } from './scoped-turn.ts';
import type { LaneCoordinator } from './lane-coordinator.ts';
import { createNonceSource } from '../nonce/index.ts';
import type { NonceSource } from '../nonce/index.ts';
import type { Runtime } from '../runtime.ts';

/** What {@link createLocalCoordinator} takes. */
export interface LocalCoordinatorOptions {
  readonly runtime: Runtime;
  /** Default `global`: one lane for all accounts. */
  readonly scope?: LaneScope | undefined;
  /** Default: a source of its own on the runtime's clock. */
  readonly nonces?: NonceSource | undefined;
}

/** The coordinator of one process: an {@link ApiLock} per lane and one nonce source for all of them. */
export class LocalCoordinator implements LaneCoordinator {
  readonly scope: LaneScope;
  readonly nonces: NonceSource;
  readonly #runtime: Runtime;
  readonly #locks = new Map<string, ApiLock>();
  readonly #handOut: Turn;

  constructor(options: LocalCoordinatorOptions) {
    this.scope = options.scope ?? 'global';
    this.nonces = options.nonces ?? createNonceSource(options.runtime.clock);
    this.#runtime = options.runtime;
    this.#handOut = handOutOf(this.nonces);
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

  takePlace(laneKey: string): number | undefined {
    return this.lock(laneKey).takePlace();
  }

  /** @throws {@link ApiLock.runExclusive}'s errors, when the wait was given up */
  turn<T>(laneKey: string, body: (turn: Turn) => Promise<T>, options?: TurnOptions): Promise<T> {
    return this.lock(laneKey).runExclusive((held) => body(new ScopedTurn(this.#handOut, held)), options);
  }
}

/** What every turn hands out while it lasts. */
function handOutOf(nonces: NonceSource): Turn {
  return {
    drawNonce() {
      return nonces.next();
    },
    raiseFloor(nonce) {
      nonces.raiseFloor(nonce);
    },
  };
}

/** Makes a {@link LocalCoordinator}. */
export function createLocalCoordinator(options: LocalCoordinatorOptions): LocalCoordinator {
  return new LocalCoordinator(options);
}
