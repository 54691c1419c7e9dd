/// <reference lib="es2024.sharedmemory" />
import type { LaneScope } from '../coordinator.ts';
import { NonceproofError } from '../../errors.ts';
import { NONCE_MIN } from '../../nonce/index.ts';
import { THREADS_MAX, transition, wordOf } from './lane-steps.ts';
import type { LanePlace, Result, Stage, Step } from './lane-steps.ts';

/** What the threads of a group agree on. */
export interface LaneMemoryFacts {
  readonly scope: LaneScope;
  /** How long a call may be in service after the thread that made it has died, in milliseconds. */
  readonly settlingMs: number;
  /** Most lanes; API keys, when the scope is `key`. */
  readonly lanesMax: number;
  /** Most turns that are asked for in one lane, over all threads. A power of two. */
  readonly waitersMax: number;
}

/** What a thread is handed: the memory and what is written nowhere in it. Structured clone shares the buffer. */
export interface LaneMemoryHandle extends LaneMemoryFacts {
  readonly buffer: SharedArrayBuffer;
}

/** A lane was asked for, and as many API keys as the memory has room for have one already. */
export class LanesFullError extends NonceproofError {
  readonly lanesMax: number;

  constructor(lanesMax: number) {
    super(
      'lanes_full',
      `Failed to open a lane: ${lanesMax} API keys have one already. Raise lanesMax where the coordinator is made.`,
    );
    this.lanesMax = lanesMax;
  }
}

/** 64-bit words: the highest nonce, then the name of each lane. 0: no lane. */
const NONCE_AT = 0;
const NAMES_AT = 1;
/** 32-bit words before a lane's ring: head, tail. */
const LANE_HEADER_WORDS = 2;

/**
 * The memory that a group of threads shares, and the one file that touches it.
 *
 *     64-bit  highest nonce | names of the lanes
 *     32-bit  state of each thread | lane 0: head, tail, ring | lane 1: …
 */
export class LaneMemory {
  readonly facts: LaneMemoryFacts;
  readonly #buffer: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #longs: BigInt64Array<SharedArrayBuffer>;

  private constructor(buffer: SharedArrayBuffer, facts: LaneMemoryFacts) {
    this.#buffer = buffer;
    this.facts = facts;
    const longs = NAMES_AT + facts.lanesMax;
    this.#longs = new BigInt64Array(buffer, 0, longs);
    this.#words = new Int32Array(buffer, longs * BigInt64Array.BYTES_PER_ELEMENT);
  }

  static create(facts: LaneMemoryFacts): LaneMemory {
    const longs = NAMES_AT + facts.lanesMax;
    const words = THREADS_MAX + facts.lanesMax * (LANE_HEADER_WORDS + facts.waitersMax);
    const bytes = longs * BigInt64Array.BYTES_PER_ELEMENT + words * Int32Array.BYTES_PER_ELEMENT;
    const memory = new LaneMemory(new SharedArrayBuffer(bytes), facts);
    memory.#longs[NONCE_AT] = NONCE_MIN - 1n;
    return memory;
  }

  static open({ buffer, ...facts }: LaneMemoryHandle): LaneMemory {
    return new LaneMemory(buffer, facts);
  }

  handle(): LaneMemoryHandle {
    const { scope, settlingMs, lanesMax, waitersMax } = this.facts;
    return { buffer: this.#buffer, scope, settlingMs, lanesMax, waitersMax };
  }

  /**
   * The lane of this name, the same in every thread.
   * @param name - a number that stands for it, not 0
   * @param thread - whose place in it is asked for
   * @throws {LanesFullError}
   */
  lane(name: bigint, thread: number): LanePlace {
    for (let index = 0; index < this.facts.lanesMax; index += 1) {
      const taken = Atomics.compareExchange(this.#longs, NAMES_AT + index, 0n, name);
      if (taken === 0n || taken === name) return this.#place(index, thread);
    }
    throw new LanesFullError(this.facts.lanesMax);
  }

  /** Lanes that have been opened by any thread so far. */
  lanes(thread: number): readonly LanePlace[] {
    const places: LanePlace[] = [];
    while (
      places.length < this.facts.lanesMax &&
      Atomics.load(this.#longs, NAMES_AT + places.length) !== 0n
    ) {
      places.push(this.#place(places.length, thread));
    }
    return places;
  }

  #place(index: number, thread: number): LanePlace {
    const { waitersMax } = this.facts;
    const head = THREADS_MAX + index * (LANE_HEADER_WORDS + waitersMax);
    const ring = head + LANE_HEADER_WORDS;
    return { head, tail: head + 1, ring, capacity: waitersMax, threads: 0, thread };
  }

  /** A thread's state is at its own number. */
  setThreadState(thread: number, state: number): void {
    Atomics.store(this.#words, thread, state);
  }

  /** Goes through the steps, one after the other, without a pause of its own; other threads go on beside. */
  run(place: LanePlace, from: Stage): Result {
    let stage = from;
    while (stage.at !== 'done') {
      const { next, step } = transition(place, stage);
      stage = next(this.#take(step));
    }
    return stage.result;
  }

  load(word: number): number {
    return Atomics.load(this.#words, word);
  }

  /** The words that stand in the queue of a lane, the first one first, as far as they can be read at one moment. */
  *queue(place: LanePlace): Generator<{ readonly at: number; readonly word: number }> {
    const head = this.load(place.head);
    const tickets = (this.load(place.tail) - head) | 0;
    for (let n = 0; n < tickets; n += 1) {
      const at = wordOf(place, (head + n) | 0);
      yield { at, word: this.load(at) };
    }
  }

  #take(step: Step): number {
    switch (step.kind) {
      case 'load':
        return this.load(step.word);
      case 'swap':
        return Atomics.compareExchange(this.#words, step.word, step.from, step.to);
      case 'wake':
        return this.wake(step.word);
    }
  }

  /** Wakes everybody who waits for the word; returns how many. */
  wake(word: number): number {
    return Atomics.notify(this.#words, word);
  }

  /** Calls `onChange` once after the word has stopped being `word`, or somebody has woken who waits for it. */
  whenChanged(at: number, word: number, onChange: () => void): void {
    const wait = Atomics.waitAsync(this.#words, at, word);
    if (wait.async) void wait.value.then(onChange);
    else queueMicrotask(onChange);
  }

  /** A nonce above all others of the group. `propose` is asked again whenever another thread was quicker. */
  raiseNonce(propose: (highest: bigint) => bigint): bigint {
    for (;;) {
      const highest = Atomics.load(this.#longs, NONCE_AT);
      const proposed = propose(highest);
      if (proposed <= highest) return highest;
      if (Atomics.compareExchange(this.#longs, NONCE_AT, highest, proposed) === highest) return proposed;
    }
  }
}
