import { ApiLockQueueFullError } from '../api-lock-errors.ts';
import type { LaneGate, LaneGrant } from '../lane-gate.ts';
import { LaneLostError } from '../lane-errors.ts';
import type { NonceSource } from '../../nonce/index.ts';
import type { Runtime, TimerHandle } from '../../runtime.ts';
import { WaitQueue } from '../wait-queue.ts';
import type { LaneMemory } from './lane-memory.ts';
import { burying, ending, heldWord, lookingAt, taking, waitingWord, wordOf } from './lane-steps.ts';
import type { LanePlace, Orphan, Ticket } from './lane-steps.ts';

/** What a thread's view of a lane needs. */
export interface ThreadLaneOptions {
  readonly memory: LaneMemory;
  readonly place: LanePlace;
  readonly nonces: NonceSource;
  readonly runtime: Runtime;
}

/**
 * How often a thread that waits looks by itself, in milliseconds. Only for what nobody tells it: that a thread
 * died between giving the lane away and waking the next one. Every regular turn is woken at once.
 */
const LOOK_MS = 200;

/** A lane of several threads, seen from one of them. */
export class ThreadLane implements LaneGate {
  readonly #options: ThreadLaneOptions;
  /** Passes of this thread that wait, in the order of their tickets: only the first can be next. */
  readonly #waiting = new WaitQueue<ThreadPass>();
  /** Keeps the process alive while somebody waits, which waiting for the shared memory does not. */
  #lookTimer: TimerHandle;
  /** The dead thread's turn whose settling time this thread is waiting for. */
  #settling: Orphan | undefined;

  #closed: Error | undefined;

  constructor(options: ThreadLaneOptions) {
    this.#options = options;
  }

  enqueue(label: string): LaneGrant {
    if (this.#closed !== undefined) return refusedPass(this.#closed);
    const { memory, place } = this.#options;
    const taken = memory.run(place, taking());
    if (taken.kind !== 'taken') return refusedPass(new ApiLockQueueFullError(label, place.capacity));
    const pass = new ThreadPass(this, taken.ticket);
    this.#waiting.push(pass);
    this.#look();
    return pass;
  }

  /** Refuses everybody who waits, and who asks from now on. */
  close(reason: Error): void {
    this.#closed = reason;
    for (let pass = this.#waiting.first; pass !== null; pass = this.#waiting.first) {
      this.leave(pass);
      pass.refuse(reason);
    }
  }

  draw(pass: ThreadPass): bigint {
    const { memory, place, nonces } = this.#options;
    if (memory.load(wordOf(place, pass.ticket)) === heldWord(place, pass.ticket)) return nonces.next();
    throw new LaneLostError('this thread was taken for dead');
  }

  raiseFloor(nonce: bigint): void {
    this.#options.nonces.raiseFloor(nonce);
  }

  leave(pass: ThreadPass): void {
    const { memory, place } = this.#options;
    if (pass.isWaiting) this.#take(pass);
    memory.run(place, ending(pass.ticket));
    // Ends the wait for the word of a ticket that is no more.
    if (pass.isListening) memory.wake(wordOf(place, pass.ticket));
    this.#look();
  }

  #take(pass: ThreadPass): void {
    pass.isWaiting = false;
    this.#waiting.remove(pass);
  }

  /** Looks what has become of the first pass that waits, and grants all that may be granted. */
  #look(): void {
    const { memory, place } = this.#options;
    for (let first = this.#waiting.first; first !== null; first = this.#waiting.first) {
      const sight = memory.run(place, lookingAt(first.ticket));
      if (sight.kind === 'waiting') this.#listen(first);
      if (sight.kind === 'orphaned') this.#settle(sight.orphan, first);
      if (sight.kind === 'waiting' || sight.kind === 'orphaned') break;
      this.#take(first);
      if (sight.kind === 'held') first.grant();
      else first.refuse(new LaneLostError('this thread was taken for dead'));
    }
    this.#setLookTimer();
  }

  #listen(pass: ThreadPass): void {
    if (pass.isListening) return;
    const { memory, place } = this.#options;
    const word = waitingWord(place, pass.ticket);
    pass.isListening = true;
    memory.whenChanged(wordOf(place, pass.ticket), word, () => {
      pass.isListening = false;
      this.#look();
    });
  }

  #setLookTimer(): void {
    const { timers } = this.#options.runtime;
    if (this.#waiting.size > 0) {
      this.#lookTimer ??= timers.setTimeout(() => {
        this.#lookTimer = undefined;
        this.#look();
      }, LOOK_MS);
      return;
    }
    timers.clearTimeout(this.#lookTimer);
    this.#lookTimer = undefined;
  }

  /**
   * Waits until the call of a thread that died in its turn cannot be in service any more, and ends its turn.
   * Every thread that waits does so; the one that noticed first is the first to be done. It goes on when nobody
   * waits any more: else those who come and go would never see its end.
   */
  #settle(orphan: Orphan, first: ThreadPass): void {
    this.#listen(first);
    if (this.#settling?.word === orphan.word) return;
    const { memory, place, runtime } = this.#options;
    this.#settling = orphan;
    runtime.timers.setTimeout(() => {
      memory.run(place, burying(orphan));
      this.#look();
    }, memory.facts.settlingMs);
  }
}

/** One turn's way through a {@link ThreadLane}. */
class ThreadPass implements LaneGrant {
  readonly ticket: Ticket;
  readonly granted: Promise<void>;
  readonly #lane: ThreadLane;
  isWaiting = true;
  isListening = false;
  previous: ThreadPass | null = null;
  next: ThreadPass | null = null;
  grant: () => void = () => undefined;
  refuse: (reason: Error) => void = () => undefined;

  constructor(lane: ThreadLane, ticket: Ticket) {
    this.#lane = lane;
    this.ticket = ticket;
    this.granted = new Promise((resolve, reject) => {
      this.grant = resolve;
      this.refuse = reject;
    });
    // Whoever left the queue does not listen any more.
    this.granted.catch(() => undefined);
  }

  drawNonce(): bigint {
    return this.#lane.draw(this);
  }

  raiseFloor(nonce: bigint): void {
    this.#lane.raiseFloor(nonce);
  }

  leave(): void {
    this.#lane.leave(this);
  }
}

/** A place in a queue that has none left. */
function refusedPass(reason: Error): LaneGrant {
  const granted = Promise.reject(reason);
  granted.catch(() => undefined);
  const refuse = (): never => {
    throw reason;
  };
  return { granted, leave: () => undefined, drawNonce: refuse, raiseFloor: refuse };
}
