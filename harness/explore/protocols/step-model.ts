/** One thing that may happen next. */
export interface Move<State> {
  /** Who does what, for people. */
  readonly label: string;
  readonly to: State;
}

/** A protocol as a set of states, each plain data, and of the moves between them. */
export interface StepModel<State> {
  readonly initial: State;
  /** Everything that may happen next. None: it is over. */
  moves(state: State): readonly Move<State>[];
  /** What is wrong with the state, in a sentence; `null` when nothing is. */
  fault(state: State): string | null;
  /** Whether everybody who lives has done what he came for. */
  isDone(state: State): boolean;
}

/** What came of exploring a model. */
export interface ModelReport {
  /** Every state that can be reached was visited: what is said here holds for every interleaving. */
  readonly isExhaustive: boolean;
  readonly states: number;
  readonly moves: number;
  /** States in which nothing more can happen. */
  readonly ends: number;
  /** Different ways from the start to an end; `null` where the moves can go round in a circle. */
  readonly interleavings: bigint | null;
  readonly violation: ModelViolation | null;
}

/** What is wrong, and how it comes about by as few moves as possible. */
export interface ModelViolation {
  readonly reason: string;
  readonly path: readonly string[];
}
