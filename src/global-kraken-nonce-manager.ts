import type { ApiLock } from './lane/index.ts';
import type { LaneScope } from './lane/index.ts';
import { NonceproofError } from './errors.ts';
import type { LaneCoordinator } from './lane/index.ts';
import { createLocalCoordinator } from './lane/index.ts';
import type { Runtime } from './runtime.ts';
import { systemRuntime } from './system.ts';
import { laneOfThisThread } from './lane/threads/index.ts';

/**
 * Where the one manager of the process lives. A registered symbol is the same in every copy of this package
 * (nested `node_modules`, ESM beside CommonJS), a module variable is not. The number is the version of the
 * manager's interface: copies that differ in it must not share.
 */
const PROCESS_WIDE = Symbol.for('nonceproof.GlobalKrakenNonceManager/1');

/** What may be chosen once per process, before the manager is first used. */
export interface ManagerOptions {
  /** Default: the real clock and timers. */
  readonly runtime?: Runtime | undefined;
  /** Default `global`, one lane for all accounts. `key`: one lane per API key, which is what Kraken asks for. */
  readonly scope?: LaneScope | undefined;
  /**
   * Who hands out turns. Default: in a worker thread the one that it was handed at its start; else one for this
   * process alone. The two options above mean nothing to a coordinator that exists already.
   */
  readonly coordinator?: LaneCoordinator | undefined;
}

/** {@link GlobalKrakenNonceManager.configure} came too late: somebody may hold a lock or a nonce already. */
export class ManagerInUseError extends NonceproofError {
  constructor() {
    super(
      'manager_in_use',
      'Failed to configure the nonce manager: it exists already. Call configure() once, before the first client is made.',
    );
  }
}

/** The one global lock was asked for although every API key has its own. */
export class NoGlobalLockError extends NonceproofError {
  constructor() {
    super(
      'no_global_lock',
      'Failed to hand out the API lock: the scope is key, so each API key has a lock of its own. Name one by its fingerprint, or configure the scope global.',
    );
  }
}

/** A nonce was asked for without a turn, of a coordinator that must ask others for it. */
export class NoGlobalNonceError extends NonceproofError {
  constructor() {
    super(
      'no_global_nonce',
      'Failed to draw a nonce: this coordinator draws nonces inside a turn only, because it shares them with other processes. Use coordinator.turn(laneKey, (turn) => …) and draw it there.',
    );
  }
}

type ProcessWide = { [PROCESS_WIDE]?: GlobalKrakenNonceManager };

/**
 * The two global things: one source of nonces and one API lock, for MASTER and every USER account in this
 * process. One instance, even when two copies of this package are loaded. A class with a private constructor
 * rather than a function, because the seed design's users look for this name.
 */
export class GlobalKrakenNonceManager {
  /** Hands out turns: the lane, and nonces inside it. What every client uses unless told otherwise. */
  readonly coordinator: LaneCoordinator;

  private constructor({ coordinator, runtime = systemRuntime, scope }: ManagerOptions) {
    this.coordinator = coordinator ?? laneOfThisThread(runtime) ?? createLocalCoordinator({ runtime, scope });
  }

  /**
   * The one manager of this process, or of this worker thread.
   * @throws {ThreadWithoutLaneError} in a worker thread that was handed no lane: one of its own would let its
   *   calls overlap those of other threads
   */
  static instance(): GlobalKrakenNonceManager {
    const processWide = globalThis as ProcessWide;
    return (processWide[PROCESS_WIDE] ??= new GlobalKrakenNonceManager({}));
  }

  /**
   * Chooses clock, timers and scope, or the coordinator.
   * @throws {ManagerInUseError} when the manager exists already
   */
  static configure(options: ManagerOptions): GlobalKrakenNonceManager {
    const processWide = globalThis as ProcessWide;
    if (processWide[PROCESS_WIDE] !== undefined) throw new ManagerInUseError();
    return (processWide[PROCESS_WIDE] = new GlobalKrakenNonceManager(options));
  }

  /**
   * A nonce greater than every one drawn before in this process; 19 digits, nanoseconds.
   * @throws {NoGlobalNonceError} when the coordinator hands out nonces inside a turn only
   */
  getNonce(): bigint {
    const { nonces } = this.coordinator;
    if (nonces === undefined) throw new NoGlobalNonceError();
    return nonces.next();
  }

  /**
   * @param apiKeyFingerprint - names the lane when the scope is `key`; ignored when it is `global`
   * @throws {NoGlobalLockError} without a fingerprint when the scope is `key`: a lock that nobody else takes
   *   would protect nothing
   */
  getApiLock(apiKeyFingerprint?: string): ApiLock {
    const { coordinator } = this;
    if (coordinator.scope === 'key' && apiKeyFingerprint === undefined) throw new NoGlobalLockError();
    return coordinator.lock(apiKeyFingerprint ?? '');
  }
}

/**
 * A nonce from the process-wide source: 19 digits, nanoseconds, strictly increasing.
 * Draw it while holding {@link getKrakenApiLock} and send it before leaving: order of drawing is not order of
 * arrival. `KrakenClient` does this by itself.
 */
export function getGlobalKrakenNonce(): bigint {
  return GlobalKrakenNonceManager.instance().getNonce();
}

/** The process-wide lock, reentrant: private calls made inside it take part in its turn. */
export function getKrakenApiLock(): ApiLock {
  return GlobalKrakenNonceManager.instance().getApiLock();
}
