import { TOUCHES } from './operation.ts';
import type { Operation } from './operation.ts';
import type { Program, Run } from './program.ts';

/** What a moment that the schedule decides over is known by. */
export interface PointOptions {
  /** Whose moment it is, for strategies that give priorities. A small whole number; default 0. */
  readonly actor?: number;
  /** Bits of `TOUCHES`: what happens until the next point. Default `client`: it commutes with nothing. */
  readonly touches?: number;
}

/** Waits until the schedule says that it goes on. */
export type Point = (options?: PointOptions) => Promise<void>;

/** What became of the body of a {@link promiseProgram}. */
export type Outcome<T> =
  | { readonly state: 'resolved'; readonly value: T }
  | { readonly state: 'rejected'; readonly error: unknown }
  /** It waits for something that is no point, and nothing can happen any more. */
  | { readonly state: 'stuck' };

/**
 * Any asynchronous code as a program: `body` calls `point()` wherever something from outside would decide when it
 * goes on. What fast-check's scheduler is for, with every strategy of this folder.
 */
export function promiseProgram<T>(body: (point: Point) => Promise<T>): Program<Outcome<T>> {
  return { start: () => new PromiseRun(body) };
}

class PointOperation implements Operation {
  readonly id: number;
  readonly subject = -1;
  readonly touches: number;
  readonly actor: number;
  readonly isFault = false;
  readonly resolve: () => void;

  constructor(id: number, options: PointOptions | undefined, resolve: () => void) {
    this.id = id;
    this.touches = options?.touches ?? TOUCHES.client;
    this.actor = options?.actor ?? 0;
    this.resolve = resolve;
  }
}

class PromiseRun<T> implements Run<Outcome<T>> {
  readonly #waiting: PointOperation[] = [];
  #made = 0;
  #body: ((point: Point) => Promise<T>) | null;
  #outcome: Outcome<T> = { state: 'stuck' };

  constructor(body: (point: Point) => Promise<T>) {
    this.#body = body;
  }

  options(): readonly Operation[] {
    return this.#body === null ? this.#waiting : START;
  }

  take(operation: Operation): void {
    if (this.#body !== null) return this.#start(this.#body);
    remove(this.#waiting, operation as PointOperation);
    (operation as PointOperation).resolve();
  }

  end(): Outcome<T> {
    return this.#outcome;
  }

  #start(body: (point: Point) => Promise<T>): void {
    this.#body = null;
    body((options) => this.#wait(options)).then(
      (value) => (this.#outcome = { state: 'resolved', value }),
      (error: unknown) => (this.#outcome = { state: 'rejected', error }),
    );
  }

  #wait(options: PointOptions | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.#made += 1;
      this.#waiting.push(new PointOperation(this.#made, options, resolve));
    });
  }
}

/** Keeps the order of the others. */
function remove(waiting: PointOperation[], operation: PointOperation): void {
  const last = waiting.length - 1;
  for (let place = waiting.indexOf(operation); place < last; place += 1) {
    waiting[place] = waiting[place + 1] as PointOperation;
  }
  waiting.pop();
}

const START: readonly Operation[] = [
  { id: 0, subject: -1, touches: TOUCHES.client, actor: 0, isFault: false },
];
