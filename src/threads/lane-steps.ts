/**
 * How threads share a lane: the steps, each of which touches the shared memory once. Written as generators, so
 * that the coordinator runs them straight through, and the explorer stops between any two of them, in every
 * order, and lets a thread die there.
 *
 *     head                      tail
 *      │                         │
 *     [held by 2] [waits: 0] [waits: 3] [over, of the lap before] …      a ring of words, one for each ticket
 *
 * A ticket is taken by writing the word at the tail, so a place in the queue and its owner come into being in
 * one step. The lane belongs to the ticket at the head; the head moves on when that ticket is over. Whoever
 * finds the head or the tail behind moves it on: no step is left for a thread that may have died. Nothing
 * waits in a loop, and nothing is woken but the one whose turn has come.
 */

/** One access to the shared memory. */
export type Step =
  | { readonly kind: 'load'; readonly word: number }
  /** Writes `to` if the word is `from`. The answer is what the word was. */
  | { readonly kind: 'swap'; readonly word: number; readonly from: number; readonly to: number }
  /** Wakes who waits for a change of the word. */
  | { readonly kind: 'wake'; readonly word: number };

/** Steps that end in an `R`; each is answered with what the word was. */
export type Steps<R> = Generator<Step, R, number>;

/** Where a lane's words are. */
export interface LanePlace {
  readonly head: number;
  readonly tail: number;
  /** First word of the ring. */
  readonly ring: number;
  /** Words of the ring: a power of two. */
  readonly capacity: number;
  /** First word of the table of threads. */
  readonly threads: number;
}

/** A thread's word in the table. */
export const THREAD_STATE = { free: 0, alive: 1, dead: 2 } as const;

/** Number of bits that a word of the ring keeps for its owner. */
const OWNER_BITS = 10;
/** Most threads, dead ones that still stand in a queue included. */
export const THREADS_MAX: number = 2 ** OWNER_BITS;
/** Ring words start as 0, which is no state of a ticket. */
const STATE = { waiting: 1, held: 2, over: 3 } as const;
const STATE_BITS = 2;
const LAP_SHIFT = STATE_BITS + OWNER_BITS;
const LAP_MASK = 2 ** (32 - LAP_SHIFT) - 1;

/** A ticket counts up and wraps at 2^32; only differences mean something. */
export type Ticket = number;

/** What a waiting thread sees of its ticket. */
export type Sight =
  | { readonly kind: 'held' }
  | { readonly kind: 'waiting' }
  /** It was taken from its thread, which others took for dead. */
  | { readonly kind: 'over' }
  /** A dead thread holds the lane: its call may be in service until the settling time has passed. */
  | { readonly kind: 'orphaned'; readonly orphan: Orphan };

/** A ticket whose thread died in its turn. */
export interface Orphan {
  readonly ticket: Ticket;
  /** The ring word as it was seen; it changes when anybody has buried the ticket. */
  readonly word: number;
}

function load(word: number): Step {
  return { kind: 'load', word };
}

function swap(word: number, from: number, to: number): Step {
  return { kind: 'swap', word, from, to };
}

/** Where the word of a ticket is. */
export function wordOf(place: LanePlace, ticket: Ticket): number {
  return place.ring + ((ticket >>> 0) & (place.capacity - 1));
}

function lapOf(place: LanePlace, ticket: Ticket): number {
  return ((ticket >>> 0) / place.capacity) & LAP_MASK;
}

/** What stands in the ring for a ticket that waits. */
export function waitingWord(place: LanePlace, ticket: Ticket, owner: number): number {
  return (lapOf(place, ticket) << LAP_SHIFT) | (owner << STATE_BITS) | STATE.waiting;
}

function inState(word: number, state: number): number {
  return (word & ~(2 ** STATE_BITS - 1)) | state;
}

function stateOf(word: number): number {
  return word & (2 ** STATE_BITS - 1);
}

/** The thread to which a word of the ring belongs. */
function ownerOf(word: number): number {
  return (word >>> STATE_BITS) & (THREADS_MAX - 1);
}

/** Whether the word stands for this ticket, and not for the one a lap before or after. */
function isOf(place: LanePlace, word: number, ticket: Ticket): boolean {
  return stateOf(word) !== 0 && word >>> LAP_SHIFT === lapOf(place, ticket);
}

/** Whether the word is what the lap before left behind, so that the ticket may take it. */
function isFreeFor(place: LanePlace, word: number, ticket: Ticket): boolean {
  if (word === 0) return ticket >>> 0 < place.capacity;
  return isOf(place, word, (ticket - place.capacity) | 0);
}

/** Whether a ticket is over: withdrawn, left or buried. */
function isOver(word: number): boolean {
  return stateOf(word) === STATE.over;
}

/** Takes the next ticket. `null`: the ring is full. */
export function* takeTicket(place: LanePlace, owner: number): Steps<Ticket | null> {
  for (;;) {
    const ticket = yield load(place.tail);
    const head = yield load(place.head);
    const ahead = (ticket - head) | 0;
    // The tail was read before the head: when the head is beyond it, the tail is out of date.
    if (ahead < 0) continue;
    if (ahead >= place.capacity) return null;
    const at = wordOf(place, ticket);
    const word = yield load(at);
    const isMine =
      isFreeFor(place, word, ticket) && (yield swap(at, word, waitingWord(place, ticket, owner))) === word;
    yield swap(place.tail, ticket, (ticket + 1) | 0);
    if (isMine) return ticket;
  }
}

/**
 * Moves the head past what is over, and gives the lane to the ticket that comes next.
 * @returns the ticket at the head when a dead thread holds the lane
 */
export function* moveOn(place: LanePlace): Steps<Orphan | null> {
  for (;;) {
    const ticket = yield load(place.head);
    const at = wordOf(place, ticket);
    const word = yield load(at);
    // Nobody stands here; or somebody else has moved the head on meanwhile, and goes on from there.
    if (!isOf(place, word, ticket)) return null;
    if (isOver(word)) {
      yield swap(place.head, ticket, (ticket + 1) | 0);
      continue;
    }
    const isDead = (yield load(place.threads + ownerOf(word))) === THREAD_STATE.dead;
    if (stateOf(word) === STATE.held) return isDead ? { ticket, word } : null;
    const next = inState(word, isDead ? STATE.over : STATE.held);
    if ((yield swap(at, word, next)) !== word || isDead) continue;
    yield { kind: 'wake', word: at };
    return null;
  }
}

/** What has become of a ticket that waited. Helps the lane on where somebody died in the middle of a step. */
export function* look(place: LanePlace, ticket: Ticket): Steps<Sight> {
  const orphan = yield* moveOn(place);
  const word = yield load(wordOf(place, ticket));
  if (!isOf(place, word, ticket) || isOver(word)) return { kind: 'over' };
  if (stateOf(word) === STATE.held) return { kind: 'held' };
  return orphan === null ? { kind: 'waiting' } : { kind: 'orphaned', orphan };
}

/** Whether a thread still stands in the queue of the lane, alive or dead. */
export function* standsInQueue(place: LanePlace, owner: number): Steps<boolean> {
  const head = yield load(place.head);
  const tail = yield load(place.tail);
  for (let ticket = head; ((tail - ticket) | 0) > 0; ticket = (ticket + 1) | 0) {
    if (ownerOf(yield load(wordOf(place, ticket))) === owner) return true;
  }
  return false;
}

/** Whether the lane is this ticket's. */
export function* holds(place: LanePlace, ticket: Ticket, owner: number): Steps<boolean> {
  const held = inState(waitingWord(place, ticket, owner), STATE.held);
  return (yield load(wordOf(place, ticket))) === held;
}

/** Ends a ticket, whether it holds the lane or waits for it, and lets the next one in. Again, it does nothing. */
export function* endTicket(place: LanePlace, ticket: Ticket, owner: number): Steps<void> {
  const at = wordOf(place, ticket);
  const waiting = waitingWord(place, ticket, owner);
  const over = inState(waiting, STATE.over);
  const was = yield swap(at, waiting, over);
  if (was !== waiting) yield swap(at, inState(waiting, STATE.held), over);
  yield* moveOn(place);
}

/** Ends the ticket of a thread that died in its turn. To be called once its settling time has passed. */
export function* buryTicket(place: LanePlace, orphan: Orphan): Steps<void> {
  yield swap(wordOf(place, orphan.ticket), orphan.word, inState(orphan.word, STATE.over));
  yield* moveOn(place);
}

/** The word of the first ticket behind the head whose thread is alive; `null` when nobody waits. */
export function* firstLiveWaiter(place: LanePlace): Steps<number | null> {
  const head = yield load(place.head);
  const tail = yield load(place.tail);
  for (let ticket = head; ((tail - ticket) | 0) > 0; ticket = (ticket + 1) | 0) {
    const at = wordOf(place, ticket);
    const word = yield load(at);
    if (!isOf(place, word, ticket) || stateOf(word) !== STATE.waiting) continue;
    if ((yield load(place.threads + ownerOf(word))) === THREAD_STATE.alive) return at;
  }
  return null;
}
