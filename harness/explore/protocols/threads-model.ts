import { laneSteps } from '../../../src/lane/threads/index.ts';
import type { LanePlace, Orphan, Result, Stage, Step } from '../../../src/lane/threads/index.ts';
import type { Move, StepModel } from './step-model.ts';

/** What the threads' lane stands on, a guard each. */
export type ThreadsGuard =
  /** A dead thread's turn is ended only when its call is over. */
  | 'settling'
  /** Whoever gives the lane to a ticket wakes its thread. */
  | 'wake'
  /** The word is compared once more on falling asleep. */
  | 'comparing'
  /** Whoever ends a ticket lets the next one in. */
  | 'moving-on'
  /** Tickets of dead threads that wait are passed over. */
  | 'pass-over'
  /** Whoever finds the tail behind moves it on for a thread that may have died. */
  | 'helping';

/** What is explored. */
export interface ThreadsModelOptions {
  /** Default 3. */
  readonly threads?: number;
  /** Turns that each of them takes. Default 1. */
  readonly turns?: number;
  /** Most threads that die, each at any moment. Default 0. */
  readonly deathsMax?: number;
  /** How many threads, from the first, may give up waiting. Default 0. */
  readonly impatient?: number;
  /**
   * Whether states that differ only in who is who are taken for one: a sixth of them for three threads. What is told
   * of the way to a fault then changes the threads' numbers on the way. Not where some are impatient. Default `false`.
   */
  readonly isSymmetric?: boolean;
  /** A guard that is left out, to see that it matters. */
  readonly without?: ThreadsGuard;
}

/** What a thread is at: in the middle of the lane's steps, or between two of them. */
type Activity =
  | Stage
  /** Waits for its word to change; with an orphan also for the settling time of a dead thread's call. */
  | { readonly at: 'falls asleep' | 'asleep'; readonly orphan: Orphan | null }
  | { readonly at: 'granted' | 'calling' }
  | { readonly at: 'home' };

interface ThreadState {
  readonly activity: Activity;
  /** Its place in the queue; -1: none. */
  readonly ticket: number;
  readonly turnsLeft: number;
  readonly isDead: boolean;
  /** The ticket of its call that is in service at the exchange, whether or not it lives; null: none. */
  readonly inService: number | null;
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
 * Threads that share a lane. The transitions are those that the coordinator goes through, one access to the
 * shared memory each; between any two of them any other thread may go on, or die. When a dead thread's call is
 * over, and when its death is noticed, is any moment too.
 */
export function threadsModel(options: ThreadsModelOptions = {}): StepModel<ThreadsState> {
  return new ThreadsModel(options);
}

class ThreadsModel implements StepModel<ThreadsState> {
  readonly #options: ThreadsModelOptions;
  readonly #places: readonly LanePlace[];
  readonly initial: ThreadsState;

  constructor(options: ThreadsModelOptions) {
    this.#options = options;
    const { threads = 3, turns = 1 } = options;
    const indices = Array.from({ length: threads }, (_, thread) => thread);
    const table = { threads: 0, head: threads, tail: threads + 1, ring: threads + 2, capacity: CAPACITY };
    this.#places = indices.map((thread) => ({ ...table, thread }));
    const { alive } = laneSteps.THREAD_STATE;
    const ring = Array.from({ length: CAPACITY }, () => 0);
    const activity = laneSteps.taking();
    this.initial = {
      words: [...indices.map(() => alive), 0, 0, ...ring],
      threads: indices.map(() => ({
        activity,
        ticket: -1,
        turnsLeft: turns,
        isDead: false,
        inService: null,
      })),
      deaths: 0,
      lastGranted: -1,
      fault: null,
    };
  }

  fault({ threads, fault }: ThreadsState): string | null {
    const inService = threads.filter((thread) => thread.inService !== null).length;
    return inService > 1 ? 'Two calls are in service.' : fault;
  }

  isDone({ threads }: ThreadsState): boolean {
    return threads.every(({ activity, isDead }) => isDead || activity.at === 'home');
  }

  moves(state: ThreadsState): readonly Move<ThreadsState>[] {
    const moves = this.#places.flatMap((place) => {
      const thread = state.threads[place.thread];
      if (thread === undefined) return [];
      return thread.isDead ? movesOfDead(state, place, thread) : this.#movesOfLiving(state, place, thread);
    });
    const { impatient = 0, isSymmetric = false } = this.#options;
    if (!isSymmetric || impatient > 0) return moves;
    return moves.map(({ label, to }) => ({ label, to: this.#renumbered(to) }));
  }

  /** The same state, with the threads numbered in the order of what they are at. */
  #renumbered(state: ThreadsState): ThreadsState {
    const order = state.threads
      .map((thread, number) => ({ number, text: `${state.words[number]} ${JSON.stringify(thread)}` }))
      .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
      .map(({ number }) => number);
    if (order.every((number, index) => number === index)) return state;
    const rename = (word: number): number => laneSteps.ownedBy(word, order.indexOf(laneSteps.ownerOf(word)));
    const count = order.length;
    return {
      ...state,
      words: state.words.map((word, at) => {
        if (at < count) return state.words[order[at] ?? at] ?? word;
        return at < count + 2 ? word : rename(word);
      }),
      threads: order
        .flatMap((number) => state.threads[number] ?? [])
        .map((thread) => renamed(thread, rename)),
    };
  }

  #movesOfLiving(state: ThreadsState, place: LanePlace, thread: ThreadState): readonly Move<ThreadsState>[] {
    if (thread.activity.at === 'home') return [];
    const own = this.#ownMoves(state, place, thread);
    if (state.deaths >= (this.#options.deathsMax ?? 0)) return own;
    const dead = change(state, place, { isDead: true, activity: { at: 'home' }, ticket: -1, turnsLeft: 0 });
    return [...own, { label: `${place.thread} dies`, to: { ...dead, deaths: state.deaths + 1 } }];
  }

  #ownMoves(state: ThreadsState, place: LanePlace, thread: ThreadState): readonly Move<ThreadsState>[] {
    const { activity, ticket } = thread;
    const goOn = (label: string, changes: Partial<ThreadState>): Move<ThreadsState>[] => [
      { label: `${place.thread} ${label}`, to: change(state, place, changes) },
    ];
    const leave = { activity: laneSteps.ending(ticket), ticket: -1, inService: null };
    switch (activity.at) {
      case 'granted':
        return goOn('sends its call', { activity: { at: 'calling' }, inService: ticket });
      case 'calling':
        return goOn('has its reply', leave);
      case 'falls asleep': {
        // Comparing the word and falling asleep are one step.
        const word = state.words[laneSteps.wordOf(place, ticket)];
        const isUnchanged =
          word === laneSteps.waitingWord(place, ticket) || this.#options.without === 'comparing';
        const next: Activity = isUnchanged ? { ...activity, at: 'asleep' } : laneSteps.lookingAt(ticket);
        return goOn('falls asleep, or not', { activity: next });
      }
      case 'asleep': {
        const { deathsMax = 0, impatient = 0 } = this.#options;
        const { orphan } = activity;
        const maySettle = orphan !== null && this.#isSettled(state, orphan);
        return [
          // Where nobody dies, being woken must suffice.
          ...(deathsMax > 0 ? goOn('looks by itself', { activity: laneSteps.lookingAt(ticket) }) : []),
          ...(place.thread < impatient ? goOn('gives up', leave) : []),
          ...(maySettle
            ? goOn('has waited for the settling time', { activity: laneSteps.burying(orphan) })
            : []),
        ];
      }
      case 'home':
      case 'done':
        return [];
      default:
        return [this.#step(state, place, { ...thread, activity })];
    }
  }

  /** The settling time is long enough: when it is over, the call is. */
  #isSettled({ threads }: ThreadsState, orphan: Orphan): boolean {
    return (
      this.#options.without === 'settling' || !threads.some(({ inService }) => inService === orphan.ticket)
    );
  }

  /** One access to the shared memory, and what follows from its answer. */
  #step(
    state: ThreadsState,
    place: LanePlace,
    thread: ThreadState & { readonly activity: Exclude<Stage, { at: 'done' }> },
  ): Move<ThreadsState> {
    const { next, step } = laneSteps.transition(place, thread.activity);
    const was = state.words[step.word] ?? 0;
    const isWritten = step.kind === 'swap' && was === step.from && !this.#isLeftOut(thread.activity);
    const words = isWritten ? state.words.with(step.word, step.to) : state.words;
    const stage = this.#isOver(next(was)) ? END : next(was);
    const after = change({ ...this.#wake(state, step), words }, place, { activity: stage });
    const label = `${place.thread} ${thread.activity.at}`;
    return {
      label,
      to: stage.at === 'done' ? this.#finish(after, place, { ...thread, result: stage.result }) : after,
    };
  }

  /** Where the ticket is ended, and what should follow is left out. */
  #isOver(stage: Stage): boolean {
    return this.#options.without === 'moving-on' && stage.at === 'move: read head' && stage.looking === null;
  }

  #isLeftOut(stage: Stage): boolean {
    const { without } = this.#options;
    if (stage.at === 'take: move tail') return without === 'helping' && !stage.isMine;
    return without === 'pass-over' && stage.at === 'move: pass over';
  }

  #finish(
    state: ThreadsState,
    place: LanePlace,
    thread: ThreadState & { readonly result: Result },
  ): ThreadsState {
    const { result, ticket, turnsLeft } = thread;
    const be = (activity: Activity): ThreadsState => change(state, place, { activity });
    switch (result.kind) {
      case 'taken':
        return change(be(laneSteps.lookingAt(result.ticket)), place, { ticket: result.ticket });
      case 'waiting':
        return be({ at: 'falls asleep', orphan: null });
      case 'orphaned':
        return be({ at: 'falls asleep', orphan: result.orphan });
      case 'held':
        return {
          ...be({ at: 'granted' }),
          lastGranted: ticket,
          fault: ticket > state.lastGranted ? state.fault : `${place.thread} came before an earlier ticket.`,
        };
      case 'moved-on': {
        // It has buried another's ticket, or ended its own.
        if (ticket >= 0) return be(laneSteps.lookingAt(ticket));
        const next: Activity = turnsLeft > 1 ? laneSteps.taking() : { at: 'home' };
        return change(be(next), place, { turnsLeft: turnsLeft - 1 });
      }
      default:
        return { ...state, fault: `${place.thread} found its ticket ${result.kind}, and lives.` };
    }
  }

  #wake(state: ThreadsState, step: Step): ThreadsState {
    if (step.kind !== 'wake' || this.#options.without === 'wake') return state;
    const threads = state.threads.map((thread, index) => {
      const place = this.#places[index];
      const isAsleep = thread.activity.at === 'asleep' && !thread.isDead && place !== undefined;
      const isMeant = isAsleep && laneSteps.wordOf(place, thread.ticket) === step.word;
      return isMeant ? { ...thread, activity: laneSteps.lookingAt(thread.ticket) } : thread;
    });
    return { ...state, threads };
  }
}

/** What a thread remembers of other threads, or of itself, when their numbers change. */
function renamed(thread: ThreadState, rename: (word: number) => number): ThreadState {
  const { activity } = thread;
  const text = JSON.stringify(activity, (name, value: unknown) =>
    name === 'word' && typeof value === 'number' ? rename(value) : value,
  );
  return { ...thread, activity: JSON.parse(text) as Activity };
}

const END: Stage = { at: 'done', result: { kind: 'moved-on' } };

function movesOfDead(
  state: ThreadsState,
  place: LanePlace,
  thread: ThreadState,
): readonly Move<ThreadsState>[] {
  const moves: Move<ThreadsState>[] = [];
  const { dead } = laneSteps.THREAD_STATE;
  if (state.words[place.threads + place.thread] !== dead) {
    const words = state.words.with(place.threads + place.thread, dead);
    moves.push({ label: `the death of ${place.thread} is noticed`, to: { ...state, words } });
  }
  if (thread.inService !== null) {
    moves.push({
      label: `the call of ${place.thread} is over`,
      to: change(state, place, { inService: null }),
    });
  }
  return moves;
}

function change(state: ThreadsState, { thread }: LanePlace, changes: Partial<ThreadState>): ThreadsState {
  const threads = state.threads.map((other, index) => (index === thread ? { ...other, ...changes } : other));
  return { ...state, threads };
}
