import type { ModelReport, ModelViolation, StepModel } from './step-model.ts';

/** More, and the model is too large for what it is to show. */
const STATES_MAX = 5_000_000;

interface Visited {
  /** The state from which it was first reached, and by what; -1 for the initial one. */
  readonly from: number;
  readonly label: string;
}

/**
 * Visits every state of a model that can be reached, nearest first, and every move between them. Besides what the
 * model itself finds wrong, it is wrong when things end before everybody is done, and when a state is reached
 * from which nobody could ever be done.
 */
export function exploreStates<State>(
  model: StepModel<State>,
  options: { readonly statesMax?: number } = {},
): ModelReport {
  return new StateSpace(model, options.statesMax ?? STATES_MAX).explore();
}

class StateSpace<State> {
  readonly #model: StepModel<State>;
  readonly #statesMax: number;
  readonly #visited: Visited[] = [];
  /** Those that were reached and not left yet. */
  readonly #open = new Map<number, State>();
  readonly #indexOf = new Map<string, number>();
  /** To where the moves of each state lead. */
  readonly #successors: number[][] = [];
  #moves = 0;

  constructor(model: StepModel<State>, statesMax: number) {
    this.#model = model;
    this.#statesMax = statesMax;
  }

  explore(): ModelReport {
    this.#visit(this.#model.initial, -1, '');
    for (let index = 0; index < this.#visited.length; index += 1) {
      if (index >= this.#statesMax) return this.#report(false, null);
      const violation = this.#expand(index);
      if (violation !== null) return this.#report(false, violation);
    }
    return this.#report(true, this.#endless());
  }

  #expand(index: number): ModelViolation | null {
    const state = this.#open.get(index);
    if (state === undefined) return null;
    this.#open.delete(index);
    const fault = this.#model.fault(state);
    if (fault !== null) return this.#violation(fault, index);
    const moves = this.#model.moves(state);
    if (moves.length === 0 && !this.#model.isDone(state)) {
      return this.#violation('Nothing can happen any more, and somebody still waits.', index);
    }
    this.#moves += moves.length;
    this.#successors[index] = moves.map(({ to, label }) => this.#visit(to, index, label));
    return null;
  }

  #visit(state: State, from: number, label: string): number {
    const key = JSON.stringify(state);
    const known = this.#indexOf.get(key);
    if (known !== undefined) return known;
    const index = this.#visited.push({ from, label }) - 1;
    this.#open.set(index, state);
    this.#indexOf.set(key, index);
    return index;
  }

  /** A state from which no end can be reached: things go round in a circle for ever. */
  #endless(): ModelViolation | null {
    const predecessors: number[][] = this.#visited.map(() => []);
    this.#successors.forEach((successors, index) => {
      for (const successor of successors) predecessors[successor]?.push(index);
    });
    const canEnd = new Uint8Array(this.#visited.length);
    const open = this.#ends();
    for (const end of open) canEnd[end] = 1;
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      for (const predecessor of predecessors[index] ?? []) {
        if (canEnd[predecessor] === 1) continue;
        canEnd[predecessor] = 1;
        open.push(predecessor);
      }
    }
    const stuck = canEnd.indexOf(0);
    return stuck < 0 ? null : this.#violation('From here on nobody can ever be done.', stuck);
  }

  #ends(): number[] {
    return this.#successors.flatMap((successors, index) => (successors.length === 0 ? [index] : []));
  }

  #violation(reason: string, index: number): ModelViolation {
    const path: string[] = [];
    for (let at = this.#visited[index]; at !== undefined && at.from >= 0; at = this.#visited[at.from]) {
      path.unshift(at.label);
    }
    return { reason, path };
  }

  #report(isExhaustive: boolean, violation: ModelViolation | null): ModelReport {
    return {
      isExhaustive,
      states: this.#visited.length,
      moves: this.#moves,
      ends: this.#ends().length,
      interleavings: isExhaustive ? this.#interleavings() : null,
      violation,
    };
  }

  /** Ways from each state to an end, added up from the ends; states in a circle have no such number. */
  #interleavings(): bigint | null {
    const ways: (bigint | undefined)[] = [];
    const waitingFor = this.#successors.map((successors) => successors.length);
    const predecessors: number[][] = this.#visited.map(() => []);
    this.#successors.forEach((successors, index) => {
      for (const successor of successors) predecessors[successor]?.push(index);
    });
    const ready = this.#ends();
    for (const end of ready) ways[end] = 1n;
    for (let index = ready.pop(); index !== undefined; index = ready.pop()) {
      for (const predecessor of predecessors[index] ?? []) {
        ways[predecessor] = (ways[predecessor] ?? 0n) + (ways[index] ?? 0n);
        waitingFor[predecessor] = (waitingFor[predecessor] ?? 0) - 1;
        if (waitingFor[predecessor] === 0) ready.push(predecessor);
      }
    }
    return waitingFor[0] === 0 ? (ways[0] ?? null) : null;
  }
}
