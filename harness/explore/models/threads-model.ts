import { laneSteps } from '../../../src/threads/index.ts';
import type { LanePlace, Orphan, Sight, Step, Steps } from '../../../src/threads/index.ts';
import type { Move, StepModel } from './step-model.ts';

/** What is explored. */
export interface ThreadsModelOptions {
  /** Default 3. */
  readonly threads?: number;
  /** Turns that each of them takes. Default 1. */
  readonly turns?: number;
  /** Most threads that die, each at any moment. Default 0. */
  readonly deathsMax?: number;
  /** Whether a thread that waits may give up. Default `false`. */
  readonly mayGiveUp?: boolean;
  /** A guard that is left out, to see that it matters. */
  readonly without?: 'settling' | 'wake';
}

/**
 * - `take`, `look`, `end`, `bury`: in the middle of the lane's steps
 * - `asleep`: waits to be woken; `settling` as well, for a dead thread's call to be over
 * - `granted`, `calling`: in its turn, before and after the call went out
 */
type Phase = 'take' | 'look' | 'asleep' | 'settling' | 'bury' | 'granted' | 'calling' | 'end' | 'done';

interface ThreadState {
  readonly phase: Phase;
  /** What the steps of this phase have been answered so far; fixes where in them the thread is. */
  readonly answers: readonly number[];
  readonly ticket: number;
  readonly orphan: Orphan | null;
  readonly turnsLeft: number;
  readonly isDead: boolean;
  /** Its call is in service at the exchange, whether or not it lives. */
  readonly isInService: boolean;
}

/** All that there is. */
export interface ThreadsState {
  readonly words: readonly number[];
  readonly threads: readonly ThreadState[];
  readonly deaths: number;
  /** The ticket that was granted last: later ones are greater. */
  readonly lastGranted: number;
  readonly fault: string | null;
}

/** The smallest ring that laps within a few turns. */
const CAPACITY = 4;

/**
 * Threads that share a lane. The steps are those that the coordinator runs, one access to the shared memory
 * each; between any two of them any other thread may go on, or die. When a dead thread's call is over, and when
 * its death is noticed, is any moment too.
 */
export function threadsModel(options: ThreadsModelOptions = {}): StepModel<ThreadsState> {
  return new ThreadsModel(options);
}

class ThreadsModel implements StepModel<ThreadsState> {
  readonly #options: Required<Omit<ThreadsModelOptions, 'without'>> & Pick<ThreadsModelOptions, 'without'>;
  readonly #place: LanePlace;
  readonly initial: ThreadsState;

  constructor({ threads = 3, turns = 1, deathsMax = 0, mayGiveUp = false, without }: ThreadsModelOptions) {
    this.#options = { threads, turns, deathsMax, mayGiveUp, ...(without === undefined ? {} : { without }) };
    this.#place = { threads: 0, head: threads, tail: threads + 1, ring: threads + 2, capacity: CAPACITY };
    const { alive } = laneSteps.THREAD_STATE;
    const thread: ThreadState = {
      phase: 'take',
      answers: [],
      ticket: -1,
      orphan: null,
      turnsLeft: turns,
      isDead: false,
      isInService: false,
    };
    this.initial = {
      words: [
        ...Array.from({ length: threads }, () => alive),
        0,
        0,
        ...Array.from({ length: CAPACITY }, () => 0),
      ],
      threads: Array.from({ length: threads }, () => thread),
      deaths: 0,
      lastGranted: -1,
      fault: null,
    };
  }

  fault(state: ThreadsState): string | null {
    const inService = state.threads.filter(({ isInService }) => isInService).length;
    return inService > 1 ? 'Two calls are in service.' : state.fault;
  }

  isDone({ threads }: ThreadsState): boolean {
    return threads.every(({ phase, isDead }) => isDead || phase === 'done');
  }

  moves(state: ThreadsState): readonly Move<ThreadsState>[] {
    return state.threads.flatMap((thread, index) =>
      thread.isDead ? this.#movesOfDead(state, index) : this.#movesOfLiving(state, index),
    );
  }

  #movesOfDead(state: ThreadsState, index: number): readonly Move<ThreadsState>[] {
    const moves: Move<ThreadsState>[] = [];
    const isNoticed = state.words[this.#place.threads + index] === laneSteps.THREAD_STATE.dead;
    if (!isNoticed) {
      const words = state.words.with(this.#place.threads + index, laneSteps.THREAD_STATE.dead);
      moves.push({ label: `the death of ${index} is noticed`, to: { ...state, words } });
    }
    if (state.threads[index]?.isInService === true) {
      moves.push({ label: `the call of ${index} is over`, to: change(state, index, { isInService: false }) });
    }
    return moves;
  }

  #movesOfLiving(state: ThreadsState, index: number): readonly Move<ThreadsState>[] {
    const thread = state.threads[index];
    if (thread === undefined || thread.phase === 'done') return [];
    const moves = [...this.#ownMoves(state, index, thread)];
    if (state.deaths < this.#options.deathsMax) {
      const to = { ...change(state, index, { isDead: true, answers: [] }), deaths: state.deaths + 1 };
      moves.push({ label: `${index} dies`, to });
    }
    return moves;
  }

  #ownMoves(state: ThreadsState, index: number, thread: ThreadState): readonly Move<ThreadsState>[] {
    const move = (label: string, changes: Partial<ThreadState>): Move<ThreadsState> => ({
      label: `${index} ${label}`,
      to: change(state, index, { answers: [], ...changes }),
    });
    switch (thread.phase) {
      case 'granted':
        return [move('sends its call', { phase: 'calling', isInService: true })];
      case 'calling':
        return [move('has its reply', { phase: 'end', isInService: false })];
      case 'asleep':
      case 'settling':
        return this.#movesOfWaiting(state, thread, move);
      default:
        return [this.#step(state, index, thread)];
    }
  }

  #movesOfWaiting(
    state: ThreadsState,
    thread: ThreadState,
    move: (label: string, changes: Partial<ThreadState>) => Move<ThreadsState>,
  ): readonly Move<ThreadsState>[] {
    const moves: Move<ThreadsState>[] = [];
    const { capacity } = this.#place;
    // Where nobody dies, being woken must suffice.
    if (this.#options.deathsMax > 0) moves.push(move('looks by itself', { phase: 'look' }));
    if (this.#options.mayGiveUp) moves.push(move('gives up', { phase: 'end', turnsLeft: 1 }));
    if (thread.phase !== 'settling' || thread.orphan === null) return moves;
    const { orphan } = thread;
    const mayBeInService = state.threads.some(
      ({ ticket, isDead, isInService }) => isDead && isInService && (ticket - orphan.ticket) % capacity === 0,
    );
    if (!mayBeInService || this.#options.without === 'settling') {
      moves.push(move('has waited for the settling time', { phase: 'bury' }));
    }
    return moves;
  }

  /** One access to the shared memory, and what follows from its answer. */
  #step(state: ThreadsState, index: number, thread: ThreadState): Move<ThreadsState> {
    const running = this.#resume(index, thread);
    if (running.done === true) throw new Error('A phase without a step left.');
    const step = running.value;
    const { words, answer } = apply(state.words, step);
    const woken = step.kind === 'wake' ? this.#wake(state, step.word) : state;
    const answers = [...thread.answers, answer];
    const after = { ...change(woken, index, { answers }), words };
    const label = `${index} in ${thread.phase}: ${describe(step)}`;
    const result = this.#resume(index, { ...thread, answers });
    return { label, to: result.done === true ? this.#finish(after, index, result.value) : after };
  }

  /** Runs the steps of a phase again up to where the thread is. */
  #resume(index: number, thread: ThreadState): IteratorResult<Step, unknown> {
    const steps = this.#stepsOf(index, thread);
    let result = steps.next(0);
    for (const answer of thread.answers) {
      if (result.done !== true) result = steps.next(answer);
    }
    return result;
  }

  #stepsOf(index: number, { phase, ticket, orphan }: ThreadState): Steps<unknown> {
    if (phase === 'take') return laneSteps.takeTicket(this.#place, index);
    if (phase === 'look') return this.#lookAndListen(index, ticket);
    if (phase === 'bury' && orphan !== null) return laneSteps.buryTicket(this.#place, orphan);
    return laneSteps.endTicket(this.#place, ticket, index);
  }

  /** Going to sleep compares the word once more, in one step with falling asleep. */
  *#lookAndListen(index: number, ticket: number): Steps<Sight | 'changed'> {
    const sight = yield* laneSteps.look(this.#place, ticket);
    if (sight.kind === 'held' || sight.kind === 'over') return sight;
    const word = yield { kind: 'load', word: laneSteps.wordOf(this.#place, ticket) };
    return word === laneSteps.waitingWord(this.#place, ticket, index) ? sight : 'changed';
  }

  #finish(state: ThreadsState, index: number, value: unknown): ThreadsState {
    const thread = state.threads[index];
    const next = (changes: Partial<ThreadState>): ThreadsState =>
      change(state, index, { answers: [], ...changes });
    switch (thread?.phase) {
      case 'take':
        return value === null
          ? { ...state, fault: `The ring was full for ${index}.` }
          : next({ phase: 'look', ticket: value as number });
      case 'look':
        return value === 'changed' ? next({ phase: 'look' }) : this.#seen(state, index, value as Sight);
      case 'bury':
        return next({ phase: 'look', orphan: null });
      default:
        return (thread?.turnsLeft ?? 1) > 1
          ? next({ phase: 'take', ticket: -1, turnsLeft: (thread?.turnsLeft ?? 1) - 1 })
          : next({ phase: 'done', ticket: -1, turnsLeft: 0 });
    }
  }

  #seen(state: ThreadsState, index: number, sight: Sight): ThreadsState {
    const next = (changes: Partial<ThreadState>): ThreadsState =>
      change(state, index, { answers: [], ...changes });
    const ticket = state.threads[index]?.ticket ?? -1;
    switch (sight.kind) {
      case 'waiting':
        return next({ phase: 'asleep', orphan: null });
      case 'orphaned':
        return next({ phase: 'settling', orphan: sight.orphan });
      case 'over':
        return { ...state, fault: `${index} lost its ticket, and lives.` };
      case 'held': {
        const isInOrder = ticket > state.lastGranted;
        const granted = { ...next({ phase: 'granted', orphan: null }), lastGranted: ticket };
        return isInOrder ? granted : { ...granted, fault: `${index} was granted before an earlier ticket.` };
      }
    }
  }

  #wake(state: ThreadsState, word: number): ThreadsState {
    if (this.#options.without === 'wake') return state;
    const threads = state.threads.map((thread) => {
      const isListening = thread.phase === 'asleep' || thread.phase === 'settling';
      const isMeant = isListening && laneSteps.wordOf(this.#place, thread.ticket) === word;
      return isMeant && !thread.isDead
        ? { ...thread, phase: 'look' as const, answers: [], orphan: null }
        : thread;
    });
    return { ...state, threads };
  }
}

function change(state: ThreadsState, index: number, changes: Partial<ThreadState>): ThreadsState {
  const threads = state.threads.map((thread, at) => (at === index ? { ...thread, ...changes } : thread));
  return { ...state, threads };
}

function apply(
  words: readonly number[],
  step: Step,
): { readonly words: readonly number[]; readonly answer: number } {
  const was = words[step.word] ?? 0;
  if (step.kind === 'load') return { words, answer: was };
  if (step.kind === 'wake') return { words, answer: 0 };
  return { words: was === step.from ? words.with(step.word, step.to) : words, answer: was };
}

function describe(step: Step): string {
  return step.kind === 'swap' ? `swap word ${step.word}` : `${step.kind} word ${step.word}`;
}
