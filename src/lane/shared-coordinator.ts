import { ApiLock } from './api-lock.ts';
import type { LaneScope, Turn, TurnOptions } from './coordinator.ts';
import { ScopedTurn } from './scoped-turn.ts';
import type { LaneCoordinator } from './lane-coordinator.ts';
import type { LaneGate } from './lane-gate.ts';
import type { Runtime } from '../runtime.ts';

/** What a {@link SharedCoordinator} stands on. */
export interface SharedCoordinatorOptions {
  readonly runtime: Runtime;
  readonly scope: LaneScope;
  /** Most callers of this process or thread that wait in one lane. Default: the lock's own. */
  readonly waitersMax?: number | undefined;
  /** The shared lane of a name. Called once for each. */
  readonly gateOf: (laneName: string) => LaneGate;
}

/** The name of the one lane when the scope is `global`. */
const GLOBAL_LANE = 'global';

/**
 * A coordinator of lanes that others share: each has a lock of this process, which makes turns reentrant and
 * structured, and a gate, through which the outermost ones enter.
 */
export abstract class SharedCoordinator implements LaneCoordinator {
  readonly scope: LaneScope;
  readonly #options: SharedCoordinatorOptions;
  readonly #locks = new Map<string, ApiLock>();

  constructor(options: SharedCoordinatorOptions) {
    this.scope = options.scope;
    this.#options = options;
  }

  lock(laneKey: string): ApiLock {
    const name = this.scope === 'global' ? GLOBAL_LANE : laneKey;
    let lock = this.#locks.get(name);
    if (lock === undefined) {
      const { runtime, gateOf, waitersMax } = this.#options;
      lock = new ApiLock({ runtime, gate: gateOf(name), waitersMax });
      this.#locks.set(name, lock);
    }
    return lock;
  }

  takePlace(laneKey: string): number | undefined {
    return this.lock(laneKey).takePlace();
  }

  /** @throws {@link ApiLock.runExclusive}'s errors, when the turn did not begin */
  async turn<T>(laneKey: string, body: (turn: Turn) => Promise<T>, options?: TurnOptions): Promise<T> {
    const lock = this.lock(laneKey);
    return lock.runExclusive((held) => body(new ScopedTurn(lock.pass(), held)), options);
  }
}
