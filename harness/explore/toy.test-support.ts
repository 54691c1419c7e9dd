import { TOUCHES } from './engine/index.ts';
import type { Operation } from './engine/index.ts';
import type { Program, Run } from './engine/index.ts';

/** One step of a toy's thread. */
export interface ToyStep<State> {
  /** Default `client`: commutes with nothing. */
  readonly touches?: number;
  /** Whether it can happen now; default always. */
  readonly isPossible?: (state: State) => boolean;
  readonly run: (state: State) => void;
}

/** A program of straight-line threads over shared state, to try strategies on. */
export interface Toy<State> {
  readonly initial: () => State;
  readonly threads: readonly (readonly ToyStep<State>[])[];
  /** By thread, what its events are about; default the thread itself. Events of one subject never commute. */
  readonly subjects?: readonly number[];
}

/** Makes a toy explorable; a run's result is its final state. */
export function toyProgram<State>(toy: Toy<State>): Program<State> {
  return { start: () => new ToyRun(toy) };
}

class ToyRun<State> implements Run<State> {
  readonly #toy: Toy<State>;
  readonly #state: State;
  readonly #positions: number[];

  constructor(toy: Toy<State>) {
    this.#toy = toy;
    this.#state = toy.initial();
    this.#positions = toy.threads.map(() => 0);
  }

  options(): readonly Operation[] {
    return this.#toy.threads.flatMap((_, thread) => this.#next(thread) ?? []);
  }

  #next(thread: number): Operation | null {
    const position = this.#positions[thread] ?? 0;
    const step = this.#toy.threads[thread]?.[position];
    if (step === undefined || step.isPossible?.(this.#state) === false) return null;
    const touches = step.touches ?? TOUCHES.client;
    const subject = this.#toy.subjects?.[thread] ?? thread;
    return { id: thread * 1_000 + position, subject, touches, actor: thread, isFault: false };
  }

  take({ actor }: Operation): void {
    const position = this.#positions[actor] ?? 0;
    this.#positions[actor] = position + 1;
    this.#toy.threads[actor]?.[position]?.run(this.#state);
  }

  end(): State {
    return this.#state;
  }
}

/** Two threads that each read a counter and write back one more. */
export const lostUpdate: Toy<{ counter: number; reads: number[] }> = {
  initial: () => ({ counter: 0, reads: [] }),
  threads: [0, 1].map((thread) => [
    { run: (state) => void (state.reads[thread] = state.counter) },
    { run: (state) => void (state.counter = (state.reads[thread] ?? 0) + 1) },
  ]),
};
