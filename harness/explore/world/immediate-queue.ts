import { AsyncResource } from 'node:async_hooks';
import { EVENT_TOUCHES, operationId, TIMERS_ACTOR } from './world-operation.ts';
import type { WorldOperation } from './world-operation.ts';

/** A callback that `setImmediate` was given, and the event of its being called. */
export class VirtualImmediate implements WorldOperation {
  readonly kind = 'immediate';
  readonly touches: number = EVENT_TOUCHES.immediate;
  readonly id: number;
  readonly subject = -1;
  readonly actor: number = TIMERS_ACTOR;
  readonly isFault = false;
  readonly #queue: ImmediateQueue;
  readonly #callback: () => void;
  readonly #context = new AsyncResource('VirtualImmediate', { requireManualDestroy: true });

  constructor(queue: ImmediateQueue, facts: { readonly number: number; readonly callback: () => void }) {
    this.id = operationId('immediate', facts.number);
    this.#queue = queue;
    this.#callback = facts.callback;
  }

  happen(): void {
    this.#queue.clear(this);
    this.#context.runInAsyncScope(this.#callback);
  }
}

/** What a client handed to `setImmediate`: called in that order, at any moment relative to everything else. */
export class ImmediateQueue {
  readonly #waiting: VirtualImmediate[] = [];
  #made = 0;

  set(callback: () => void): VirtualImmediate {
    this.#made += 1;
    const immediate = new VirtualImmediate(this, { number: this.#made, callback });
    this.#waiting.push(immediate);
    return immediate;
  }

  clear(handle: unknown): void {
    const place = this.#waiting.indexOf(handle as VirtualImmediate);
    if (place >= 0) this.#waiting.splice(place, 1);
  }

  collect(options: WorldOperation[]): void {
    const [first] = this.#waiting;
    if (first !== undefined) options.push(first);
  }
}
