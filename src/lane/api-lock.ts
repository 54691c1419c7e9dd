import { AsyncLocalStorage } from 'node:async_hooks';
import {
  ApiLockQueueFullError,
  ApiLockWaitCancelledError,
  ApiLockWaitTimeoutError,
  NoPassError,
} from './api-lock-errors.ts';
import type { TurnOptions } from './coordinator.ts';
import type { LaneGate, LaneGrant } from './lane-gate.ts';
import type { Runtime, TimerHandle } from '../runtime.ts';
import type { TurnInfo } from './turn-info.ts';
import { WaitQueue } from './wait-queue.ts';

/** What a lock needs. */
export interface ApiLockOptions {
  readonly runtime: Runtime;
  /** Most waiters at one time, over all depths. Default 1,000,000. */
  readonly waitersMax?: number | undefined;
  /**
   * The lane that this one is a part of, when others share it: every outermost turn passes through it, and
   * holds it until everything inside has ended; nested turns do not. Default: the lane is this lock's alone.
   */
  readonly gate?: LaneGate | undefined;
}

/** What the function of a turn may ask about it. */
export interface HeldTurn {
  /** Until the function has ended. */
  readonly isOpen: boolean;
}

/**
 * - `waiting`: in its parent's queue, its function has not been called.
 * - `open`: its function runs; acquisitions from its context become its children.
 * - `draining`: its function has ended, a child has not; nothing new comes in.
 * - `ended`: the parent goes on to its next child.
 */
type TurnState = 'waiting' | 'open' | 'draining' | 'ended';

/**
 * The innermost turn of the running code, of whichever lock. One storage for all locks: Node 20 copies every
 * storage ever used into every new promise, so that one of each lock's own would slow the whole process down.
 */
const CONTEXT = new AsyncLocalStorage<TurnNode>();

/**
 * A turn, or the lane itself at the root.
 *
 *     lane ─ active ─> turn ─ active ─> turn        the innermost active turn is the one that may call
 *      └ queue: B, C     └ queue: A2, A3            siblings wait here, first in, first out
 */
class TurnNode implements HeldTurn {
  state: TurnState;
  readonly lock: ApiLock;
  /** The turn that this one is part of; null for the lane itself. */
  readonly parent: TurnNode | null;
  /** The turn, of any lock, that the code around was running in when this one was asked for. */
  readonly enclosing: TurnNode | null;
  readonly label: string;
  /** Siblings wait in the order of their places. */
  readonly place: number;
  sinceMs: number;
  /** The one child that runs now. Set whenever `queue` is not empty. */
  active: TurnNode | null = null;
  /** Created when the first child has to wait: most turns are leaves. */
  queue: WaitQueue<TurnNode> | null = null;
  /** Links of the parent's queue. */
  previous: TurnNode | null = null;
  next: TurnNode | null = null;
  /** Set while it waits. */
  wait: Wait | null = null;
  /** Of an outermost turn in a shared lane, from its asking on. */
  pass: LaneGrant | null = null;

  constructor(
    lock: ApiLock,
    parent: TurnNode | null,
    facts: { label: string; place: number; sinceMs: number },
  ) {
    this.lock = lock;
    this.parent = parent;
    this.enclosing = parent === null ? null : innermostTurn();
    this.label = facts.label;
    this.place = facts.place;
    this.sinceMs = facts.sinceMs;
    this.state = parent === null ? 'open' : 'waiting';
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }
}

/** A turn's waiting, and what ends it. */
interface Wait {
  queue: WaitQueue<TurnNode>;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
  stopListening: (() => void) | undefined;
}

const NO_OPTIONS: TurnOptions = {};

/** @throws {ApiLockWaitCancelledError} */
function refuseCancelled(label: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ApiLockWaitCancelledError(label, signal.reason);
}

function queueOf(parent: TurnNode): WaitQueue<TurnNode> {
  return (parent.queue ??= new WaitQueue());
}

function enqueue(turn: TurnNode, queue: WaitQueue<TurnNode>): void {
  queue.insert(turn, (other) => other.place > turn.place);
}

/** The innermost turn of the running code that has not ended: ended ones never open again and are let go. */
function innermostTurn(): TurnNode | null {
  let turn = CONTEXT.getStore() ?? null;
  while (turn?.state === 'ended') turn = turn.enclosing;
  return turn;
}

/**
 * The lock around a lane: one turn at a time, first come, first served, reentrant by async context, and
 * structured. A turn that comes back with the place of an earlier one goes before those asked for after it.
 *
 * - **Nested**: an acquisition inside a turn's function is part of that turn and waits only for its siblings.
 * - **Siblings** started side by side in one turn (`Promise.all` of two calls) run one after the other.
 * - **Un-awaited**: a turn ends when its function *and everything acquired or queued inside it* has ended. The
 *   caller gets the function's result at once; the lane stays taken.
 * - **Detached**: who acquires from the context of a turn whose function has ended joins the nearest turn
 *   around it that is still open, or the lane's own queue. It never enters for free, and never joins the
 *   draining turn: else two detached loops could keep the lane for ever.
 * - **No hold limit.** Nothing frees the lane while its holder runs; a limit that does is how popular queue
 *   and lock libraries come to have two calls in flight.
 *
 * What is exclusive is each *innermost* turn, and every private call is one. A function that talks to the
 * network by itself, not through a call, while a child of its turn runs, is beyond any lock's power. So is a
 * turn that waits for a sibling queued behind it: that deadlock is in the program, and `holder()` shows it.
 */
export class ApiLock {
  readonly #runtime: Runtime;
  readonly #waitersMax: number;
  readonly #gate: LaneGate | undefined;
  /** Outermost turns that wait for the shared lane. Empty without a gate. */
  readonly #atGate = new WaitQueue<TurnNode>();
  readonly #lane = new TurnNode(this, null, { label: 'lane', place: 0, sinceMs: 0 });
  /** Whose turn a pass is for, until it is granted or refused. */
  readonly #holders = new Map<LaneGrant, TurnNode>();
  #waiters = 0;
  #lastPlace = 0;

  constructor(options: ApiLockOptions) {
    this.#runtime = options.runtime;
    this.#waitersMax = options.waitersMax ?? 1_000_000;
    this.#gate = options.gate;
  }

  /**
   * Waits for a turn, calls `body` in it, and settles as `body` does. `body` is never called when the wait was
   * given up.
   * @throws {ApiLockWaitCancelledError} when `signal` aborts before the turn began
   * @throws {ApiLockWaitTimeoutError} when the turn did not begin within `waitTimeoutMs`
   * @throws {ApiLockQueueFullError} when `waitersMax` are waiting already
   * @throws what the gate's pass is rejected with, when the shared lane is out of reach
   */
  async runExclusive<T>(
    body: (turn: HeldTurn) => T | Promise<T>,
    options: TurnOptions = NO_OPTIONS,
  ): Promise<T> {
    const label = options.label ?? 'anonymous';
    refuseCancelled(label, options.signal);
    const parent = this.#nearestOpenTurn();
    const place = options.place ?? this.#nextPlace();
    const turn = new TurnNode(this, parent, { label, place, sinceMs: this.#nowMs() });
    if (parent === this.#lane && this.#gate !== undefined) await this.#waitAtGate(turn, this.#gate, options);
    else if (parent.active === null) this.#begin(turn, parent);
    else await this.#wait(turn, queueOf(parent), options);
    try {
      // The grant and this line are some microtasks apart; whoever changed his mind in between is not called.
      refuseCancelled(label, options.signal);
      return await CONTEXT.run(turn, body, turn);
    } finally {
      turn.state = 'draining';
      this.#endIfDrained(turn);
    }
  }

  /** See `Coordinator.takePlace`. */
  takePlace(): number | undefined {
    return this.#nearestOpenTurn() === this.#lane ? this.#nextPlace() : undefined;
  }

  /** Whether a turn has begun and not ended. */
  get isHeld(): boolean {
    return this.#lane.active !== null;
  }

  /** The innermost turn that holds the lane now; `undefined` when it is free. */
  holder(): TurnInfo | undefined {
    let innermost = this.#lane.active;
    while (innermost?.active) innermost = innermost.active;
    return innermost === null ? undefined : this.#describe(innermost);
  }

  /** Everybody here who waits, in the order in which they would enter if nobody else came. */
  waiting(): readonly TurnInfo[] {
    const path: TurnNode[] = [];
    for (let turn: TurnNode | null = this.#lane; turn !== null; turn = turn.active) path.unshift(turn);
    const queues = [...path.map((turn) => turn.queue ?? []), this.#atGate];
    return queues.flatMap((queue) => [...queue].map((waiter) => this.#describe(waiter)));
  }

  /**
   * The pass by which the running code is in the shared lane.
   * @throws {NoPassError} outside a turn, and without a gate
   */
  pass(): LaneGrant {
    let turn = this.#nearestOpenTurn();
    while (turn.parent !== null && turn.parent !== this.#lane) turn = turn.parent;
    if (turn.pass === null) throw new NoPassError();
    return turn.pass;
  }

  #nextPlace(): number {
    this.#lastPlace += 1;
    return this.#lastPlace;
  }

  #nowMs(): number {
    return this.#runtime.clock.monotonicMs();
  }

  #nearestOpenTurn(): TurnNode {
    let turn = innermostTurn();
    while (turn !== null && (turn.lock !== this || turn.state !== 'open')) turn = turn.enclosing;
    return turn ?? this.#lane;
  }

  #begin(turn: TurnNode, parent: TurnNode): void {
    parent.active = turn;
    turn.state = 'open';
    turn.sinceMs = this.#nowMs();
  }

  async #waitAtGate(turn: TurnNode, gate: LaneGate, options: TurnOptions): Promise<void> {
    try {
      await this.#wait(turn, this.#atGate, options, () => gate.enqueue(turn.label));
    } catch (error) {
      if (turn.pass !== null) this.#holders.delete(turn.pass);
      turn.pass?.leave();
      throw error;
    }
  }

  #wait(
    turn: TurnNode,
    queue: WaitQueue<TurnNode>,
    options: TurnOptions,
    ask?: () => LaneGrant,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiters >= this.#waitersMax) throw new ApiLockQueueFullError(turn.label, this.#waitersMax);
      turn.wait = { queue, resolve, reject, stopListening: undefined };
      enqueue(turn, queue);
      this.#waiters += 1;
      turn.wait.stopListening = this.#listen(turn, options);
      if (ask !== undefined) this.#follow(turn, ask());
    });
  }

  /**
   * Waits for the grant. Passes of one lock are as good as each other: whichever is granted first, the earliest
   * place enters with it.
   */
  #follow(turn: TurnNode, pass: LaneGrant): void {
    this.#hold(turn, pass);
    pass.granted.then(
      () => {
        const first = this.#atGate.first;
        if (first !== null) this.#exchange(first, this.#holders.get(pass));
        this.#withHolder(pass, (holder) => this.#passed(holder));
      },
      (reason: unknown) => this.#withHolder(pass, (holder) => this.#giveUp(holder, reason)),
    );
  }

  #hold(turn: TurnNode, pass: LaneGrant): void {
    turn.pass = pass;
    this.#holders.set(pass, turn);
  }

  #exchange(first: TurnNode, granted: TurnNode | undefined): void {
    if (granted?.state !== 'waiting' || first.pass === null || granted.pass === null) return;
    const { pass } = first;
    this.#hold(first, granted.pass);
    this.#hold(granted, pass);
  }

  #withHolder(pass: LaneGrant, then: (holder: TurnNode) => void): void {
    const holder = this.#holders.get(pass);
    this.#holders.delete(pass);
    if (holder !== undefined) then(holder);
  }

  /** Ends the wait of a turn that has begun. */
  #grant(turn: TurnNode): void {
    this.#stopWaiting(turn)?.resolve();
  }

  /** Several reasons can come, and after the grant: only a waiter leaves. */
  #giveUp(turn: TurnNode, reason: unknown): void {
    if (turn.state !== 'waiting') return;
    turn.state = 'ended';
    turn.wait?.queue.remove(turn);
    this.#stopWaiting(turn)?.reject(reason);
  }

  #stopWaiting(turn: TurnNode): Wait | null {
    const { wait } = turn;
    turn.wait = null;
    this.#waiters -= 1;
    wait?.stopListening?.();
    return wait;
  }

  /**
   * The shared lane is this turn's. It still waits where a turn of this lock goes on that has lost the shared
   * lane without knowing when.
   */
  #passed(turn: TurnNode): void {
    if (turn.state !== 'waiting') return;
    const { wait } = turn;
    wait?.queue.remove(turn);
    if (this.#lane.active === null) {
      this.#begin(turn, this.#lane);
      this.#grant(turn);
    } else if (wait !== null) {
      wait.queue = queueOf(this.#lane);
      enqueue(turn, wait.queue);
    }
  }

  /** Lets a turn give up on abort and on timeout; returns what undoes both, if anything was asked for. */
  #listen(turn: TurnNode, options: TurnOptions): (() => void) | undefined {
    const { signal, waitTimeoutMs } = options;
    if (signal === undefined && waitTimeoutMs === undefined) return undefined;
    const { timers } = this.#runtime;
    const onAbort = (): void => this.#giveUp(turn, new ApiLockWaitCancelledError(turn.label, signal?.reason));
    signal?.addEventListener('abort', onAbort, { once: true });
    let timer: TimerHandle;
    if (waitTimeoutMs !== undefined) {
      timer = timers.setTimeout(() => {
        const facts = { waitTimeoutMs, holder: this.holder() };
        this.#giveUp(turn, new ApiLockWaitTimeoutError(turn.label, facts));
      }, waitTimeoutMs);
    }
    return () => {
      signal?.removeEventListener('abort', onAbort);
      if (timer !== undefined) timers.clearTimeout(timer);
    };
  }

  /** Ends `turn` once its function and all its children have ended, and lets the next one in. */
  #endIfDrained(turn: TurnNode): void {
    const { parent } = turn;
    if (turn.state !== 'draining' || turn.active !== null || parent === null) return;
    turn.state = 'ended';
    parent.active = null;
    turn.pass?.leave();
    const next = parent.queue?.shift() ?? null;
    if (next === null) return this.#endIfDrained(parent);
    this.#begin(next, parent);
    this.#grant(next);
  }

  #describe(turn: TurnNode): TurnInfo {
    const within: string[] = [];
    for (let outer = turn.parent; outer !== null && outer !== this.#lane; outer = outer.parent) {
      within.unshift(outer.label);
    }
    return { label: turn.label, within, forMs: this.#nowMs() - turn.sinceMs };
  }
}
