import { createHash } from 'node:crypto';
import type { MessagePort, WorkerOptions } from 'node:worker_threads';
import { MessageChannel } from 'node:worker_threads';
import type { LaneScope } from '../coordinator.ts';
import { NonceproofError } from '../../errors.ts';
import type { LaneGate } from '../lane-gate.ts';
import type { NonceSource } from '../../nonce/index.ts';
import type { Runtime } from '../../runtime.ts';
import { SharedCoordinator } from '../shared-coordinator.ts';
import { systemRuntime } from '../../system.ts';
import { isWaiting, ownerOf, THREAD_STATE, THREADS_MAX } from './lane-steps.ts';
import type { LanePlace } from './lane-steps.ts';
import { LaneMemory } from './lane-memory.ts';
import type { LaneMemoryHandle } from './lane-memory.ts';
import { createSharedNonces } from './shared-nonces.ts';
import { ThreadLane } from './thread-lane.ts';

/** What {@link createThreadsCoordinator} takes. */
export interface ThreadsCoordinatorOptions {
  /** Default: the real clock and timers. */
  readonly runtime?: Runtime | undefined;
  /** Default `global`: one lane for all accounts. */
  readonly scope?: LaneScope | undefined;
  /**
   * How long the exchange may still be at work on a call after the thread that made it died, in milliseconds.
   * Default 10,000, as `settlingMs` of the client; must not be shorter than that.
   */
  readonly settlingMs?: number | undefined;
  /** Most lanes: API keys, when the scope is `key`. Default 256. */
  readonly lanesMax?: number | undefined;
  /**
   * Most turns that are asked for in one lane at one time, over all threads; made a power of two. Default 65,536
   * with scope `global`, 4,096 with scope `key`. Four bytes each.
   */
  readonly waitersMax?: number | undefined;
}

/** What a worker is handed. Transfer `port` along with it. */
export interface ThreadsHandle {
  readonly memory: LaneMemoryHandle;
  /** The number of the thread that takes it. */
  readonly thread: number;
  /** Closes when the thread ends, however it ends. */
  readonly port: MessagePort;
}

/** The name in `workerData` under which a worker finds its handle. */
export const THREADS_HANDLE = 'nonceproofLane';

/** The number of the thread that made the lane. */
const HOST = 0;

/** More threads than the lane has numbers for stand in its queues. */
export class ThreadsFullError extends NonceproofError {
  constructor() {
    super(
      'threads_full',
      `Failed to share the lane: ${THREADS_MAX - 1} threads share it already. End some of them.`,
    );
  }
}

/** The thread that made the coordinator has ended; nobody would notice any more that a holder of the lane died. */
export class LaneHostGoneError extends NonceproofError {
  constructor() {
    super(
      'lane_host_gone',
      'Failed to enter the lane: the thread that made it has ended. Make the coordinator in a thread that outlives the others.',
    );
  }
}

/** The lane of a group of threads, seen from one of them. */
export class ThreadsCoordinator extends SharedCoordinator {
  readonly nonces: NonceSource;
  readonly #lanes: ThreadLane[];
  #isHostGone = false;

  protected constructor(memory: LaneMemory, thread: number, runtime: Runtime) {
    const nonces = createSharedNonces(memory, runtime.clock);
    const lanes: ThreadLane[] = [];
    const gateOf = (name: string): LaneGate => {
      const place = memory.lane(laneNumber(name), thread);
      const lane = new ThreadLane({ memory, place, nonces, runtime });
      lanes.push(lane);
      if (this.#isHostGone) lane.close(new LaneHostGoneError());
      return lane;
    };
    super({ runtime, scope: memory.facts.scope, gateOf });
    this.nonces = nonces;
    this.#lanes = lanes;
  }

  /** For {@link joinThreads}. */
  static join({ memory, thread, port }: ThreadsHandle, runtime: Runtime): ThreadsCoordinator {
    const coordinator = new ThreadsCoordinator(LaneMemory.open(memory), thread, runtime);
    port.once('close', () => coordinator.#hostGone());
    port.unref();
    return coordinator;
  }

  #hostGone(): void {
    this.#isHostGone = true;
    for (const lane of this.#lanes) lane.close(new LaneHostGoneError());
  }
}

/** The same, in the thread that made it: it hands the lane to others, and notices when they end. */
export class ThreadsCoordinatorHost extends ThreadsCoordinator {
  readonly #memory: LaneMemory;

  constructor(options: ThreadsCoordinatorOptions) {
    const memory = LaneMemory.create(factsOf(options));
    memory.setThreadState(HOST, THREAD_STATE.alive);
    super(memory, HOST, options.runtime ?? systemRuntime);
    this.#memory = memory;
  }

  /**
   * What one worker needs to share the lane. One handle a worker; a `KrakenClient` made there takes it by itself.
   *
   *     new Worker(file, lane.share())
   *
   * @param options - the worker's own; `workerData` must be an object if given
   * @throws {ThreadsFullError}
   */
  share(options: WorkerOptions = {}): WorkerOptions {
    const handle = this.handle();
    return {
      ...options,
      workerData: { ...(options.workerData as object | undefined), [THREADS_HANDLE]: handle },
      transferList: [...(options.transferList ?? []), handle.port],
    };
  }

  /**
   * The bare handle, for `postMessage(handle, [handle.port])` and {@link joinThreads}.
   * @throws {ThreadsFullError}
   */
  handle(): ThreadsHandle {
    const thread = this.#freeThread();
    const { port1, port2 } = new MessageChannel();
    this.#memory.setThreadState(thread, THREAD_STATE.alive);
    port1.once('close', () => this.#bury(thread));
    port1.unref();
    return { memory: this.#memory.handle(), thread, port: port2 };
  }

  /** A number that nobody has, and under which nobody stands in a queue any more. */
  #freeThread(): number {
    for (let thread = 1; thread < THREADS_MAX; thread += 1) {
      const state = this.#memory.load(thread);
      if (state === THREAD_STATE.free) return thread;
      if (state === THREAD_STATE.dead && !this.#standsInQueue(thread)) return thread;
    }
    throw new ThreadsFullError();
  }

  #standsInQueue(thread: number): boolean {
    return this.#lanePlaces().some((place) =>
      [...this.#memory.queue(place)].some(({ word }) => ownerOf(word) === thread),
    );
  }

  /** The thread runs no code any more. What it left in the queues is passed over; a turn it held is settled first. */
  #bury(thread: number): void {
    this.#memory.setThreadState(thread, THREAD_STATE.dead);
    for (const place of this.#lanePlaces()) this.#wakeFirst(place);
  }

  /** Somebody has to see to it, and whoever waits longest is the first whom it concerns. */
  #wakeFirst(place: LanePlace): void {
    for (const { at, word } of this.#memory.queue(place)) {
      const isAlive = this.#memory.load(ownerOf(word)) === THREAD_STATE.alive;
      if (isWaiting(word) && isAlive) return void this.#memory.wake(at);
    }
  }

  #lanePlaces(): readonly LanePlace[] {
    return this.#memory.lanes(HOST);
  }
}

/** Makes a lane in this thread, for it and the workers that it is shared with. */
export function createThreadsCoordinator(options: ThreadsCoordinatorOptions = {}): ThreadsCoordinatorHost {
  return new ThreadsCoordinatorHost(options);
}

/**
 * Takes part in a lane that another thread made. Call it once a handle.
 * @param handle - from {@link ThreadsCoordinatorHost.handle}, or `workerData` under {@link THREADS_HANDLE}
 */
export function joinThreads(handle: ThreadsHandle, runtime: Runtime = systemRuntime): ThreadsCoordinator {
  return ThreadsCoordinator.join(handle, runtime);
}

function factsOf(options: ThreadsCoordinatorOptions): LaneMemory['facts'] {
  const scope = options.scope ?? 'global';
  const waitersMax = options.waitersMax ?? (scope === 'global' ? 65_536 : 4_096);
  return {
    scope,
    settlingMs: options.settlingMs ?? 10_000,
    lanesMax: scope === 'global' ? 1 : (options.lanesMax ?? 256),
    waitersMax: 2 ** Math.ceil(Math.log2(Math.max(2, waitersMax))),
  };
}

/** Stands for a lane's name in the memory: 63 bits of its SHA-256, never 0. */
function laneNumber(name: string): bigint {
  return (createHash('sha256').update(name).digest().readBigUInt64BE() >> 1n) | 1n;
}
