/**
 * How threads share a lane, as a table of transitions: each touches the shared memory once, and what a thread
 * remembers between two of them is plain data. The coordinator goes through them without a pause; the explorer
 * stops at each, in every order, and lets a thread die there.
 *
 *     head                      tail
 *      │                         │
 *     [held by 2] [waits: 0] [waits: 3] [over, of the lap before] …      a ring of words, one for each ticket
 *
 * A ticket is taken by writing the word at the tail, so that a place in the queue and its owner come into being
 * in one step. The lane belongs to the ticket at the head; the head moves on when that ticket is over. Whoever
 * finds the head or the tail behind moves it on: no step is left for a thread that may have died. Nothing waits
 * in a loop, and nothing is woken but the one whose turn has come.
 */

/** One access to the shared memory. */
export type Step =
  | { readonly kind: 'load'; readonly word: number }
  /** Writes `to` if the word is `from`. The answer is what the word was. */
  | { readonly kind: 'swap'; readonly word: number; readonly from: number; readonly to: number }
  /** Wakes who waits for a change of the word. */
  | { readonly kind: 'wake'; readonly word: number };

/** Where a lane's words are, and who goes through the steps. */
export interface LanePlace {
  readonly head: number;
  readonly tail: number;
  /** First word of the ring. */
  readonly ring: number;
  /** Words of the ring: a power of two. */
  readonly capacity: number;
  /** First word of the table of threads. */
  readonly threads: number;
  /** The number of this thread. */
  readonly thread: number;
}

/** A ticket counts up and wraps at 2^32; only differences mean something. */
export type Ticket = number;

/** A ticket whose thread died in its turn. */
export interface Orphan {
  readonly ticket: Ticket;
  /** Its word; it changes when anybody has buried the ticket. */
  readonly word: number;
}

/** What came of the steps. */
export type Result =
  | { readonly kind: 'taken'; readonly ticket: Ticket }
  /** The ring has no word left. */
  | { readonly kind: 'full' }
  /** The ticket that was looked at holds the lane. */
  | { readonly kind: 'held' }
  | { readonly kind: 'waiting' }
  /** It waits, and a dead thread holds the lane, whose call may be in service until the settling time has passed. */
  | { readonly kind: 'orphaned'; readonly orphan: Orphan }
  /** It was taken from its thread, which others took for dead. */
  | { readonly kind: 'over' }
  | { readonly kind: 'moved-on' };

/** Where a thread is in the middle of its steps, with all that it remembers. */
export type Stage =
  | { readonly at: 'take: read tail' }
  | { readonly at: 'take: read head'; readonly ticket: Ticket }
  | { readonly at: 'take: read word'; readonly ticket: Ticket }
  | { readonly at: 'take: write word'; readonly ticket: Ticket; readonly word: number }
  | { readonly at: 'take: move tail'; readonly ticket: Ticket; readonly isMine: boolean }
  | { readonly at: 'end: waiting'; readonly ticket: Ticket }
  | { readonly at: 'end: held'; readonly ticket: Ticket }
  | { readonly at: 'bury'; readonly orphan: Orphan }
  /** `looking`: the ticket to be looked at afterwards; null: none. */
  | { readonly at: 'move: read head'; readonly looking: Ticket | null }
  | { readonly at: 'move: read word'; readonly looking: Ticket | null; readonly ticket: Ticket }
  | { readonly at: 'move: move head'; readonly looking: Ticket | null; readonly ticket: Ticket }
  | ({ readonly at: 'move: read thread'; readonly looking: Ticket | null } & Orphan)
  | ({ readonly at: 'move: grant' | 'move: pass over'; readonly looking: Ticket | null } & Orphan)
  | { readonly at: 'move: wake'; readonly looking: Ticket | null; readonly ticket: Ticket }
  | { readonly at: 'look'; readonly ticket: Ticket; readonly orphan: Orphan | null }
  | { readonly at: 'done'; readonly result: Result };

/** The next access to the memory, and where its answer leads. */
export interface Transition {
  readonly step: Step;
  next(answer: number): Stage;
}

/** A thread's word in the table. */
export const THREAD_STATE = { free: 0, alive: 1, dead: 2 } as const;

/** Bits of a ring word: state, owner, and the lap of the ring, which tells a ticket from those before and after. */
const STATE_BITS = 2;
const OWNER_BITS = 10;
const LAP_SHIFT = STATE_BITS + OWNER_BITS;
const LAP_MASK = 2 ** (32 - LAP_SHIFT) - 1;
const STATE_MASK = 2 ** STATE_BITS - 1;
const OWNER_MASK = (2 ** OWNER_BITS - 1) << STATE_BITS;
/** A ring word starts as 0, which is no state of a ticket. */
const STATE = { waiting: 1, held: 2, over: 3 } as const;
/** Most threads, dead ones that still stand in a queue included. */
export const THREADS_MAX: number = 2 ** OWNER_BITS;

/** Takes the next ticket. Ends with `taken` or `full`. */
export function taking(): Stage {
  return { at: 'take: read tail' };
}

/**
 * Looks what has become of a ticket, and helps the lane on where somebody died in the middle of a step. Ends
 * with `held`, `waiting`, `orphaned` or `over`.
 */
export function lookingAt(ticket: Ticket): Stage {
  return { at: 'move: read head', looking: ticket };
}

/** Ends a ticket, whether it holds the lane or waits for it, and lets the next one in. Again, it does nothing. */
export function ending(ticket: Ticket): Stage {
  return { at: 'end: waiting', ticket };
}

/** Ends the ticket of a thread that died in its turn. To be done once its settling time has passed. */
export function burying(orphan: Orphan): Stage {
  return { at: 'bury', orphan };
}

/** What a thread does next where it is. */
export function transition(place: LanePlace, stage: Exclude<Stage, { at: 'done' }>): Transition {
  switch (stage.at) {
    case 'take: read tail':
      return { step: load(place.tail), next: (ticket) => ({ at: 'take: read head', ticket }) };
    case 'take: read head':
      return { step: load(place.head), next: (head) => checkRoom(place, stage.ticket, head) };
    case 'take: read word':
      return {
        step: load(wordOf(place, stage.ticket)),
        next: (word) =>
          isFreeFor(place, word, stage.ticket)
            ? { at: 'take: write word', ticket: stage.ticket, word }
            : { at: 'take: move tail', ticket: stage.ticket, isMine: false },
      };
    case 'take: write word':
      return {
        step: swap(wordOf(place, stage.ticket), stage.word, waitingWord(place, stage.ticket)),
        next: (was) => ({ at: 'take: move tail', ticket: stage.ticket, isMine: was === stage.word }),
      };
    case 'take: move tail':
      return {
        step: swap(place.tail, stage.ticket, following(stage.ticket)),
        next: () => (stage.isMine ? done({ kind: 'taken', ticket: stage.ticket }) : taking()),
      };
    case 'end: waiting': {
      const waiting = waitingWord(place, stage.ticket);
      return {
        step: swap(wordOf(place, stage.ticket), waiting, inState(waiting, STATE.over)),
        next: (was) => (was === waiting ? movingOn(null) : { at: 'end: held', ticket: stage.ticket }),
      };
    }
    case 'end: held': {
      const held = heldWord(place, stage.ticket);
      return {
        step: swap(wordOf(place, stage.ticket), held, inState(held, STATE.over)),
        next: () => movingOn(null),
      };
    }
    case 'bury': {
      const { ticket, word } = stage.orphan;
      return {
        step: swap(wordOf(place, ticket), word, inState(word, STATE.over)),
        next: () => movingOn(null),
      };
    }
    case 'look':
      return {
        step: load(wordOf(place, stage.ticket)),
        next: (word) => done(seen(place, word, stage)),
      };
    default:
      return moveOn(place, stage);
  }
}

/** Moves the head past what is over, and gives the lane to the ticket that comes next. */
function moveOn(place: LanePlace, stage: Extract<Stage, { looking: Ticket | null }>): Transition {
  const { looking } = stage;
  const again = movingOn(looking);
  switch (stage.at) {
    case 'move: read head':
      return { step: load(place.head), next: (ticket) => ({ at: 'move: read word', looking, ticket }) };
    case 'move: read word':
      return {
        step: load(wordOf(place, stage.ticket)),
        next: (word) => {
          // Nobody stands here; or somebody else has moved the head on meanwhile, and goes on from there.
          if (!isOf(place, word, stage.ticket)) return moved(looking, null);
          const at = stateOf(word) === STATE.over ? 'move: move head' : 'move: read thread';
          return { at, looking, ticket: stage.ticket, word };
        },
      };
    case 'move: move head':
      return { step: swap(place.head, stage.ticket, following(stage.ticket)), next: () => again };
    case 'move: read thread':
      return {
        step: load(place.threads + ownerOf(stage.word)),
        next: (state) => {
          const isDead = state === THREAD_STATE.dead;
          const { ticket, word } = stage;
          if (stateOf(word) === STATE.held) return moved(looking, isDead ? { ticket, word } : null);
          return { at: isDead ? 'move: pass over' : 'move: grant', looking, ticket, word };
        },
      };
    case 'move: grant':
      return {
        step: swap(wordOf(place, stage.ticket), stage.word, inState(stage.word, STATE.held)),
        next: (was) => (was === stage.word ? { at: 'move: wake', looking, ticket: stage.ticket } : again),
      };
    case 'move: pass over':
      return {
        step: swap(wordOf(place, stage.ticket), stage.word, inState(stage.word, STATE.over)),
        next: () => again,
      };
    case 'move: wake':
      return {
        step: { kind: 'wake', word: wordOf(place, stage.ticket) },
        next: () => moved(looking, null),
      };
  }
}

function movingOn(looking: Ticket | null): Stage {
  return { at: 'move: read head', looking };
}

function moved(looking: Ticket | null, orphan: Orphan | null): Stage {
  return looking === null ? done({ kind: 'moved-on' }) : { at: 'look', ticket: looking, orphan };
}

function done(result: Result): Stage {
  return { at: 'done', result };
}

function checkRoom(place: LanePlace, ticket: Ticket, head: Ticket): Stage {
  const ahead = (ticket - head) | 0;
  // The tail was read before the head and is out of date; or whoever took this ticket died before he moved the
  // tail, and the head has passed him over: without help the tail would stay behind for ever.
  if (ahead < 0) return { at: 'take: move tail', ticket, isMine: false };
  return ahead >= place.capacity ? done({ kind: 'full' }) : { at: 'take: read word', ticket };
}

function seen(
  place: LanePlace,
  word: number,
  { ticket, orphan }: { readonly ticket: Ticket; readonly orphan: Orphan | null },
): Result {
  if (!isOf(place, word, ticket) || stateOf(word) === STATE.over) return { kind: 'over' };
  if (stateOf(word) === STATE.held) return { kind: 'held' };
  return orphan === null ? { kind: 'waiting' } : { kind: 'orphaned', orphan };
}

function load(word: number): Step {
  return { kind: 'load', word };
}

function swap(word: number, from: number, to: number): Step {
  return { kind: 'swap', word, from, to };
}

function following(ticket: Ticket): Ticket {
  return (ticket + 1) | 0;
}

/** Where the word of a ticket is. */
export function wordOf(place: LanePlace, ticket: Ticket): number {
  return place.ring + ((ticket >>> 0) & (place.capacity - 1));
}

/** What stands in the ring for a ticket of this thread that waits. */
export function waitingWord(place: LanePlace, ticket: Ticket): number {
  return (lapOf(place, ticket) << LAP_SHIFT) | (place.thread << STATE_BITS) | STATE.waiting;
}

/** What stands in the ring for a ticket of this thread that holds the lane. */
export function heldWord(place: LanePlace, ticket: Ticket): number {
  return inState(waitingWord(place, ticket), STATE.held);
}

/** Whether the word is that of a ticket that waits. */
export function isWaiting(word: number): boolean {
  return stateOf(word) === STATE.waiting;
}

/** The thread to which a word of the ring belongs. */
export function ownerOf(word: number): number {
  return (word >>> STATE_BITS) & (THREADS_MAX - 1);
}

/** The same word, of another thread. */
export function ownedBy(word: number, thread: number): number {
  return stateOf(word) === 0 ? word : (word & ~OWNER_MASK) | (thread << STATE_BITS);
}

function lapOf(place: LanePlace, ticket: Ticket): number {
  return ((ticket >>> 0) / place.capacity) & LAP_MASK;
}

function inState(word: number, state: number): number {
  return (word & ~STATE_MASK) | state;
}

function stateOf(word: number): number {
  return word & STATE_MASK;
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
