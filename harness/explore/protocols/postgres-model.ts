import { laneProtocol } from '../../../src/lane/postgres/index.ts';
import type { LaneStatement } from '../../../src/lane/postgres/index.ts';
import type { Move, StepModel } from './step-model.ts';

/** What can happen to the processes and to the server. */
export type Disturbance =
  /** A process is killed. */
  | 'kill'
  /** A connection breaks; each side notices when it notices. */
  | 'cut'
  /** The server is started again, and every connection is gone. */
  | 'restart'
  /** The same after a crash: the queue, which is not logged, is gone as well. */
  | 'crash'
  /** The same, and the lane's row is that of an older backup. */
  | 'restore';

/** What is explored. */
export interface PostgresModelOptions {
  /** Default 3. */
  readonly processes?: number;
  /** Turns that each of them takes. Default 1. */
  readonly turns?: number;
  /** What may go wrong. Default: nothing. */
  readonly disturbances?: readonly Disturbance[];
  /** How many of them, each at any moment. Default 1. */
  readonly disturbancesMax?: number;
  /** How many processes, from the first, may give up waiting. Default 0. */
  readonly impatient?: number;
  /** Whether who waits may let others pass whose turn it is and who do not come. Default `false`. */
  readonly mayPassOver?: boolean;
  /** The order in which a turn is left, to see that it matters. */
  readonly leaving?: readonly LaneStatement[];
  /** The order in which a place in the queue is given up. */
  readonly givingUp?: readonly LaneStatement[];
  /** A guard that is left out, to see that it matters. */
  readonly without?: 'lock' | 'settling' | 'server-check' | 'freshness' | 'removing-dead' | 'retaking';
}

type Statement = LaneStatement | (typeof laneProtocol.LOOKING)[number] | 'takeTickets';

/** Something that a process has said, and the server has not heard yet. */
interface Said {
  readonly statement: Statement;
  readonly ticket: number;
}

/** A session of the server. */
interface Session {
  readonly process: number;
  /** What was said in it, in order. */
  readonly said: readonly Said[];
  /** Its connection is gone, and the server does not know yet. */
  readonly isCut: boolean;
}

interface Process {
  readonly at: 'begins' | 'placing' | 'waits' | 'entering' | 'settles' | 'granted' | 'calling' | 'home';
  /** -1: none. */
  readonly ticket: number;
  readonly turnsLeft: number;
  /** `null`: it is not connected, as far as it knows. */
  readonly session: number | null;
  /** It was told that its turn may have come, and has not looked yet. */
  readonly isTold: boolean;
  /** Its caller has given up, while the attempt for him goes on. */
  readonly hasGivenUp: boolean;
  /** Drawn for the turn; too old when the settling time of somebody else has passed since. */
  readonly nonce: number;
  readonly isTooOld: boolean;
  /** Its call is in service at the exchange, whether or not the process lives. */
  readonly isInService: boolean;
  readonly isDead: boolean;
}

interface Place {
  readonly ticket: number;
  readonly session: number;
  /** Passed over until it comes back. */
  readonly isAsleep: boolean;
}

/** What a process may do next, and what then is. */
type Choice = readonly [label: string, to: PostgresState];

/** All that there is. */
export interface PostgresState {
  readonly queue: readonly Place[];
  /** The advisory lock, and the setting that says for which ticket it is held. */
  readonly lock: { readonly session: number; readonly ticket: number } | null;
  readonly row: { readonly mark: number; readonly holder: number | null; readonly isOfOtherServer: boolean };
  /** By number; `null`: the server has ended it. */
  readonly sessions: readonly (Session | null)[];
  readonly processes: readonly Process[];
  readonly ticketsTaken: number;
  readonly disturbed: number;
  /** The nonce that arrived last; those after it are higher. */
  readonly lastNonce: number;
  readonly lastGranted: number;
  readonly fault: string | null;
}

/**
 * Processes that share a lane in PostgreSQL. What is said in which order, and whether a new holder settles, is what
 * the coordinator goes by; what a statement does is written down here once more. Every statement runs at the server
 * at some moment after it was said, one after the other within a session; between any two of them any other may
 * run, a process may die, or a connection break. Time is only this: when somebody has waited for the settling time,
 * no call of a turn before his is in service any more, and no nonce from before is young enough to be sent.
 */
export function postgresModel(options: PostgresModelOptions = {}): StepModel<PostgresState> {
  return new PostgresModel(options);
}

class PostgresModel implements StepModel<PostgresState> {
  readonly #options: PostgresModelOptions;
  readonly #disturbances: readonly Disturbance[];
  readonly #disturbancesMax: number;
  readonly #mayLook: boolean;
  readonly #indices: readonly number[];
  readonly initial: PostgresState;

  constructor(options: PostgresModelOptions) {
    const { disturbances = [], disturbancesMax = 1, processes = 3, turns = 1 } = options;
    this.#options = options;
    this.#disturbances = disturbances;
    this.#disturbancesMax = disturbances.length === 0 ? 0 : disturbancesMax;
    this.#mayLook = this.#disturbancesMax > 0 || options.mayPassOver === true;
    this.#indices = Array.from({ length: processes }, (_, index) => index);
    this.initial = {
      queue: [],
      lock: null,
      row: { mark: 0, holder: null, isOfOtherServer: false },
      sessions: this.#indices.map((process) => ({ process, said: [], isCut: false })),
      processes: this.#indices.map((session) => ({ ...NOBODY, session, turnsLeft: turns })),
      ticketsTaken: 0,
      disturbed: 0,
      lastNonce: 0,
      lastGranted: -1,
      fault: null,
    };
  }

  fault({ processes, fault }: PostgresState): string | null {
    return processes.filter(({ isInService }) => isInService).length > 1
      ? 'Two calls are in service.'
      : fault;
  }

  isDone({ processes }: PostgresState): boolean {
    return processes.every(({ at }) => at === 'home');
  }

  moves(state: PostgresState): readonly Move<PostgresState>[] {
    return [
      ...this.#indices.flatMap((index) => this.#movesOf(state, index)),
      ...state.sessions.flatMap((_, number) => this.#movesOfSession(state, number)),
      ...this.#disturbing(state),
    ];
  }

  #movesOf(state: PostgresState, index: number): readonly Move<PostgresState>[] {
    const process = state.processes[index];
    if (process === undefined) return [];
    const move = (label: string, to: PostgresState): Move<PostgresState> => ({
      label: `${index} ${label}`,
      to,
    });
    if (process.isDead) {
      const over = change(state, index, { isInService: false });
      return process.isInService ? [move('(dead): its call is over', over)] : [];
    }
    if (process.at === 'home') return [];
    return [
      ...(isGone(state, process.session)
        ? [move('notices that its connection is gone', this.#lose(state, index))]
        : []),
      ...this.#steps(state, index, process).map(([label, to]) => move(label, to)),
      ...this.#impatience(state, index, process).map(([label, to]) => move(label, to)),
    ];
  }

  /** What a process does next, where it is up to the process. */
  #steps(state: PostgresState, index: number, process: Process): readonly Choice[] {
    const { isTold, session, ticket } = process;
    switch (process.at) {
      case 'begins':
        if (session === null) return [['connects', connect(state, index)]];
        return [['asks for a turn', say(change(state, index, { at: 'placing' }), index, ['takeTickets'])]];
      case 'waits':
        if (session === null) return [['connects again', this.#takePlaceAgain(connect(state, index), index)]];
        return [
          ...(isTold ? [['was told', this.#enter(state, index)] as const] : []),
          // Where nothing goes wrong, being told must suffice.
          ...(this.#mayLook ? [['looks by itself', this.#look(state, index)] as const] : []),
          ...this.#passingOver(state, index),
        ];
      case 'settles':
        return state.processes.some(({ isInService }) => isInService)
          ? []
          : [['has waited for the settling time', this.#grant(this.#age(state, index), index)]];
      case 'granted':
        if (process.isTooOld) return [['finds its nonce too old', this.#lose(state, index)]];
        return [
          ['sends its call', arrive(change(state, index, { at: 'calling', isInService: true }), process)],
        ];
      case 'calling': {
        const over = change(state, index, { isInService: false });
        return [
          ['has its reply', session === null ? this.#end(over, index) : this.#leave(over, index, ticket)],
        ];
      }
      default:
        return [];
    }
  }

  #impatience(
    state: PostgresState,
    index: number,
    { at, hasGivenUp, session, ticket }: Process,
  ): readonly Choice[] {
    if (index >= (this.#options.impatient ?? 0) || hasGivenUp) return [];
    // An attempt that is under way is led to its end.
    if (at === 'entering' || at === 'settles')
      return [['gives up', change(state, index, { hasGivenUp: true })]];
    if (at !== 'waits') return [];
    const said = session === null ? state : say(state, index, this.#givingUp(), ticket);
    return [['gives up', this.#end(said, index)]];
  }

  #givingUp(): readonly LaneStatement[] {
    return this.#options.givingUp ?? laneProtocol.GIVING_UP;
  }

  #enter(state: PostgresState, index: number): PostgresState {
    return say(change(state, index, { at: 'entering', isTold: false }), index, laneProtocol.ENTERING);
  }

  #look(state: PostgresState, index: number): PostgresState {
    return this.#enter(
      say(
        state,
        index,
        laneProtocol.LOOKING.filter((name) => !this.#isLeftOut(name)),
      ),
      index,
    );
  }

  /** Over a new connection: the ticket is still its own. */
  #takePlaceAgain(state: PostgresState, index: number): PostgresState {
    return this.#enter(
      this.#isLeftOut('retakeTickets') ? state : say(state, index, ['retakeTickets']),
      index,
    );
  }

  #isLeftOut(name: (typeof laneProtocol.LOOKING)[number]): boolean {
    const { without } = this.#options;
    return without === (name === 'removeDead' ? 'removing-dead' : 'retaking');
  }

  /** Who is first does not come, though the lane is free. */
  #passingOver(state: PostgresState, index: number): readonly Choice[] {
    const head = state.queue.find(({ isAsleep }) => !isAsleep);
    const isStuck = head !== undefined && head.ticket !== state.processes[index]?.ticket;
    if (this.#options.mayPassOver !== true || !isStuck || state.row.holder !== null) return [];
    const queue = state.queue.map((place) => (place === head ? { ...place, isAsleep: true } : place));
    return [['lets the first one pass', this.#enter({ ...state, queue }, index)]];
  }

  /** What the others have drawn is too old to be sent. */
  #age(state: PostgresState, index: number): PostgresState {
    if (this.#options.without === 'freshness') return state;
    const processes = state.processes.map((process, other) =>
      other !== index && process.at === 'granted' ? { ...process, isTooOld: true } : process,
    );
    return { ...state, processes };
  }

  #grant(state: PostgresState, index: number): PostgresState {
    const process = state.processes[index] ?? NOBODY;
    if (process.hasGivenUp) return this.#leave(state, index, process.ticket);
    const isInOrder =
      process.ticket > state.lastGranted || state.disturbed > 0 || this.#options.mayPassOver === true;
    return {
      ...change(state, index, { at: 'granted' }),
      lastGranted: process.ticket,
      fault: isInOrder ? state.fault : `${index} came before an earlier ticket.`,
    };
  }

  #leave(state: PostgresState, index: number, ticket: number): PostgresState {
    return this.#end(say(state, index, this.#options.leaving ?? laneProtocol.LEAVING, ticket), index);
  }

  /** The turn is over for the process; its connection goes on. */
  #end(state: PostgresState, index: number): PostgresState {
    const { session = null, turnsLeft = 0 } = state.processes[index] ?? {};
    const left = turnsLeft - 1;
    return change(state, index, { ...NOBODY, at: left > 0 ? 'begins' : 'home', session, turnsLeft: left });
  }

  /** The connection is gone, and the process knows. It keeps its place; a turn is lost, and a call goes on without it. */
  #lose(state: PostgresState, index: number): PostgresState {
    const { at = 'home', hasGivenUp = false, session = null } = state.processes[index] ?? {};
    const lost = change(cut(state, session), index, { session: null, isTold: false });
    if (at === 'granted' || hasGivenUp) return this.#end(lost, index);
    if (at === 'placing') return change(lost, index, { at: 'begins' });
    return at === 'entering' || at === 'settles' ? change(lost, index, { at: 'waits' }) : lost;
  }

  /** What the server does with a session: the next statement; or it notices that nobody is there any more. */
  #movesOfSession(state: PostgresState, number: number): readonly Move<PostgresState>[] {
    const session = state.sessions[number];
    if (session === undefined || session === null) return [];
    const [said, ...rest] = session.said;
    const isOver = session.isCut || state.processes[session.process]?.isDead === true;
    const name = `session ${number} of ${session.process}`;
    return [
      ...(said === undefined
        ? []
        : [
            {
              label: `${name}: ${said.statement}`,
              to: this.#run(withSession(state, number, { ...session, said: rest }), number, said),
            },
          ]),
      ...(isOver ? [{ label: `the server ends ${name}`, to: endSession(state, number) }] : []),
    ];
  }

  #run(state: PostgresState, number: number, { statement, ticket }: Said): PostgresState {
    const index = state.sessions[number]?.process ?? -1;
    switch (statement) {
      case 'takeTickets':
        return this.#place(state, number, index);
      case 'retakeTickets':
        return ticket < 0 ? state : takePlace(state, { ticket, session: number, isAsleep: false });
      case 'enter':
        return this.#tryLock(state, number, ticket);
      case 'begin':
        return this.#begin(state, { number, index, ticket });
      case 'clear': {
        const { holder } = state.row;
        const row = { ...state.row, holder: holder === number ? null : holder };
        return { ...withdraw(state, ticket), row };
      }
      case 'unlock':
        return isInTurn(state, number, ticket) ? { ...state, lock: null } : state;
      case 'wake':
        return wakeFirst(state);
      case 'withdraw':
        return withdraw(state, ticket);
      case 'removeDead':
        return { ...state, queue: state.queue.filter(({ session }) => state.sessions[session] !== null) };
    }
  }

  #place(state: PostgresState, number: number, index: number): PostgresState {
    const ticket = state.ticketsTaken;
    const placed = takePlace(state, { ticket, session: number, isAsleep: false });
    const taken = { ...placed, ticketsTaken: ticket + 1 };
    return isListening(state, number, index) ? this.#enter(change(taken, index, { ticket }), index) : taken;
  }

  #tryLock(state: PostgresState, number: number, ticket: number): PostgresState {
    const head = state.queue.find(({ isAsleep, session }) => !isAsleep || session === number);
    const isFree = state.lock === null || this.#options.without === 'lock';
    return head?.ticket === ticket && isFree ? { ...state, lock: { session: number, ticket } } : state;
  }

  /** The turn begins with its first nonce; or the lock was not to be had. */
  #begin(
    state: PostgresState,
    { index, number, ticket }: { readonly number: number; readonly index: number; readonly ticket: number },
  ): PostgresState {
    const isHeard = isListening(state, number, index) && state.processes[index]?.at === 'entering';
    if (!isInTurn(state, number, ticket)) return isHeard ? this.#comeBackLater(state, index) : state;
    const { holder, isOfOtherServer, mark } = state.row;
    const begun = { ...state, row: { mark: mark + 1, holder: number, isOfOtherServer: false } };
    if (!isHeard) return begun;
    const drawn = change(begun, index, { nonce: mark + 1, isTooOld: false });
    if (!this.#mustSettle({ wasHeld: holder !== null, isOfOtherServer })) return this.#grant(drawn, index);
    const fault = state.disturbed > 0 ? drawn.fault : `${index} settles a turn that was left.`;
    return { ...change(drawn, index, { at: 'settles' }), fault };
  }

  #mustSettle({ isOfOtherServer, wasHeld }: Parameters<typeof laneProtocol.mustSettle>[0]): boolean {
    const { without } = this.#options;
    if (without === 'settling') return false;
    return laneProtocol.mustSettle({
      wasHeld,
      isOfOtherServer: isOfOtherServer && without !== 'server-check',
    });
  }

  #comeBackLater(state: PostgresState, index: number): PostgresState {
    const process = state.processes[index] ?? NOBODY;
    if (!process.hasGivenUp) return change(state, index, { at: 'waits' });
    return this.#end(say(state, index, this.#givingUp(), process.ticket), index);
  }

  #disturbing(state: PostgresState): readonly Move<PostgresState>[] {
    if (state.disturbed >= this.#disturbancesMax || this.isDone(state)) return [];
    const disturbed = { ...state, disturbed: state.disturbed + 1 };
    return this.#disturbances.flatMap((kind) => disturbances(disturbed, kind));
  }
}

const NOBODY: Process = {
  at: 'begins',
  ticket: -1,
  turnsLeft: 0,
  session: null,
  isTold: false,
  hasGivenUp: false,
  nonce: 0,
  isTooOld: false,
  isInService: false,
  isDead: false,
};

function change(state: PostgresState, index: number, changes: Partial<Process>): PostgresState {
  const process = state.processes[index];
  return process === undefined
    ? state
    : { ...state, processes: state.processes.with(index, { ...process, ...changes }) };
}

function withSession(state: PostgresState, number: number, session: Session | null): PostgresState {
  return { ...state, sessions: state.sessions.with(number, session) };
}

/** Whether nothing comes back any more over a connection that a process takes for open. */
function isGone({ sessions }: PostgresState, number: number | null): boolean {
  return number !== null && (sessions[number] === null || sessions[number]?.isCut === true);
}

/** Whether a process still waits for what comes back in a session. */
function isListening(state: PostgresState, number: number, index: number): boolean {
  const { isDead = true, session = null } = state.processes[index] ?? {};
  return session === number && !isDead && !isGone(state, number);
}

function connect(state: PostgresState, index: number): PostgresState {
  const session = { process: index, said: [], isCut: false };
  const connected = { ...state, sessions: [...state.sessions, session] };
  return change(connected, index, { session: state.sessions.length });
}

function say(
  state: PostgresState,
  index: number,
  statements: readonly Statement[],
  ticket: number = state.processes[index]?.ticket ?? -1,
): PostgresState {
  const number = state.processes[index]?.session ?? -1;
  const session = state.sessions[number];
  if (session === undefined || session === null || session.isCut) return state;
  const said = [...session.said, ...statements.map((statement) => ({ statement, ticket }))];
  return withSession(state, number, { ...session, said });
}

function isInTurn({ lock }: PostgresState, number: number, ticket: number): boolean {
  return lock?.session === number && lock.ticket === ticket;
}

function takePlace(state: PostgresState, place: Place): PostgresState {
  const others = state.queue.filter(({ ticket }) => ticket !== place.ticket);
  return { ...state, queue: [...others, place].sort((a, b) => a.ticket - b.ticket) };
}

function withdraw(state: PostgresState, gone: number): PostgresState {
  return { ...state, queue: state.queue.filter(({ ticket }) => ticket !== gone) };
}

function wakeFirst(state: PostgresState): PostgresState {
  const number = state.queue.find(({ isAsleep }) => !isAsleep)?.session ?? -1;
  const index = state.sessions[number]?.process ?? -1;
  return isListening(state, number, index) ? change(state, index, { isTold: true }) : state;
}

/** The exchange takes nonces that rise. */
function arrive(state: PostgresState, { nonce }: Process): PostgresState {
  if (nonce > state.lastNonce) return { ...state, lastNonce: nonce };
  return { ...state, fault: `Nonce ${nonce} arrives after nonce ${state.lastNonce}.` };
}

function endSession(state: PostgresState, number: number): PostgresState {
  const lock = state.lock?.session === number ? null : state.lock;
  return { ...withSession(state, number, null), lock };
}

function cut(state: PostgresState, number: number | null): PostgresState {
  const session = state.sessions[number ?? -1];
  return number === null || session === undefined || session === null
    ? state
    : withSession(state, number, { ...session, isCut: true });
}

/** Every way in which it can happen. */
function disturbances(state: PostgresState, kind: Disturbance): readonly Move<PostgresState>[] {
  switch (kind) {
    case 'kill':
      return state.processes.flatMap(({ at, isInService, session }, index) => {
        const killed = change(cut(state, session), index, {
          ...NOBODY,
          isDead: true,
          at: 'home',
          isInService,
        });
        return at === 'home' ? [] : [{ label: `${index} is killed`, to: killed }];
      });
    case 'cut':
      return state.processes.flatMap(({ session }, index) =>
        isGone(state, session) || session === null
          ? []
          : [{ label: `the connection of ${index} breaks`, to: cut(state, session) }],
      );
    case 'restart':
      return [{ label: 'the server is started again', to: restart(state) }];
    case 'crash':
      return [{ label: 'the server crashes', to: { ...restart(state), queue: [] } }];
    case 'restore':
      return [{ label: 'the server is put back to an older backup', to: restore(state) }];
  }
}

function restart(state: PostgresState): PostgresState {
  const sessions = state.sessions.map(() => null);
  return { ...state, sessions, lock: null, row: { ...state.row, isOfOtherServer: true } };
}

/** The backup was made when nobody was in a turn. What nonces it forgets, the clocks have to know. */
function restore(state: PostgresState): PostgresState {
  const restarted = restart(state);
  return { ...restarted, queue: [], row: { ...restarted.row, holder: null } };
}
