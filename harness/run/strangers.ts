import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { linkTo, openLinksOf, readSocketTables, readSocketTablesSync } from '../kernel-sockets.ts';
import type { FindOtherEnd, KernelSocket } from '../kernel-sockets.ts';
import { readProcessTable } from '../process-table.ts';
import type { ProcessFacts, ProcessTable } from '../process-table.ts';
import { processOf } from '../processes.ts';
import { count } from '../format.ts';

/** What a connection waits for: all that wait at the same time are answered by one look at the machine. */
interface Question {
  readonly socket: Socket;
  /** The other end as it was when the call arrived: its program may have closed it since. */
  readonly seen: KernelSocket | undefined;
  readonly answer: (isLeftOut: boolean) => void;
}

/** Questions that wait at the same time and have their sockets looked up at once: each lookup blocks the judge. */
const LOOKED_UP_AT_ONCE_MAX = 100;

type Sender = 'stranger' | 'target' | 'vanished';

/** Between two looks, so that a flood of connections cannot make the judge do nothing else. */
const PAUSE_MS = 50;

/**
 * Tells the connections of other programs on this machine from the target's. On Linux only: elsewhere a connection
 * does not lead to its process, and none is a stranger's.
 *
 * A stranger is one only when that is proved: by a process that was there before the target, or by a session that
 * was. What a target starts is younger, and the target is started in a new session, into which no process of an older
 * one can have come and out of which leads only a newer one; so it is with its daemons, whoever their parent is now.
 * What cannot be proved is the target's: a stranger that began a session after the target was started and lost its
 * parent. A connection that was closed before its program could be found proves nothing either way: its call is left
 * out, too, and {@link vanished} counts it, so that nothing is concluded from such a run.
 */
export class Strangers {
  readonly #answers = new WeakMap<Socket, Promise<boolean>>();
  #waiting: Question[] = [];
  #isLooking = false;
  #vanished = 0;
  /** When the first process of the target was started. Before that there is nothing but strangers. */
  #targetTicks = Infinity;

  /** Notes a process of the target, right after it was started. */
  noteTarget(pid: number): void {
    if (this.#targetTicks !== Infinity) return;
    const { started } = processOf(pid);
    // One that has ended already leaves no time behind: then no time proves anything.
    this.#targetTicks = started === null ? -Infinity : Number(started);
  }

  /** Connections that were left out although no program could be found at their other end. */
  get vanished(): number {
    return this.#vanished;
  }

  /**
   * Tells whether the call that arrived over a connection is left out: a stranger provably made it, or its program
   * cannot be found any more. Found out once for each connection.
   */
  isStranger(socket: Socket): Promise<boolean> {
    const known = this.#answers.get(socket);
    if (known !== undefined) return known;
    const isFlood = this.#waiting.length >= LOOKED_UP_AT_ONCE_MAX;
    const seen = isFlood ? undefined : readSocketTablesSync()(socket);
    const answer = new Promise<boolean>((resolve) => this.#waiting.push({ socket, seen, answer: resolve }));
    this.#answers.set(socket, answer);
    void this.#look();
    return answer;
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (this.#waiting.length > 0) {
      await this.#answerAll(this.#waiting.splice(0));
      if (this.#waiting.length > 0) await sleep(PAUSE_MS);
    }
    this.#isLooking = false;
  }

  /** What cannot be read proves nothing. */
  async #answerAll(questions: readonly Question[]): Promise<void> {
    const view = await lookAround(this.#targetTicks).catch(() => null);
    for (const { socket, seen, answer } of questions) {
      const sender = view === null ? 'target' : senderOf(found(seen) ?? found(view.find(socket)), view);
      if (sender === 'vanished') this.#vanished += 1;
      answer(sender !== 'target');
    }
  }
}

/** What a reader should know of the calls that were left out. */
export function strangersNote(calls: number): readonly string[] {
  if (calls === 0) return [];
  return [
    `${count(calls, 'call')} of other programs on this machine ${calls === 1 ? 'was' : 'were'} left out: their API keys are not of this run, and the processes that sent them ` +
      'are older than the target or belong to sessions that are.',
  ];
}

/** Reasons why nothing can be concluded from a run in which connections vanished. */
export function vanishedDefects(calls: number): readonly string[] {
  if (calls === 0) return [];
  return [
    `${count(calls, 'call')} with an API key that this run did not issue came over connections that were closed before the program at the other end could be found: the target's, or another program's. They were left out`,
  ];
}

/** One look at the machine. */
interface View {
  readonly find: FindOtherEnd;
  readonly processes: ProcessTable;
  /** What each process of this user has open. */
  readonly links: ReadonlyMap<number, ReadonlySet<string>>;
  readonly uid: number;
  /** This process and those that it descends from. A daemon's parent is one of the latter. */
  readonly line: ReadonlySet<number>;
  readonly targetTicks: number;
}

async function lookAround(targetTicks: number): Promise<View | null> {
  const uid = process.geteuid?.();
  if (uid === undefined) return null;
  // In this order: a process that is gone by the time of the last step proves nothing.
  const find = await readSocketTables();
  const processes = await readProcessTable();
  const ours = [...processes.values()].filter(({ uids }) => uids.includes(uid));
  const links = await Promise.all(
    ours.map(async ({ pid }) => [pid, new Set(await openLinksOf(pid))] as const),
  );
  return { find, processes, links: new Map(links), uid, line: lineOf(processes), targetTicks };
}

function lineOf(processes: ProcessTable): ReadonlySet<number> {
  const line = new Set<number>();
  let at: number | undefined = process.pid;
  while (at !== undefined && !line.has(at)) {
    line.add(at);
    at = processes.get(at)?.parent;
  }
  return line;
}

/** A socket that its program has closed has no number, and perhaps no user any more. */
function found(socket: KernelSocket | undefined): KernelSocket | undefined {
  return socket === undefined || socket.inode === 0 ? undefined : socket;
}

function senderOf(socket: KernelSocket | undefined, view: View): Sender {
  if (socket === undefined) return 'vanished';
  const owners = ownersOf(socket, view);
  if (owners.length === 0) return 'vanished';
  return owners.every((owner) => isStranger(owner, view)) ? 'stranger' : 'target';
}

/**
 * Of this user's sockets, the processes that have them open. Of another user's, all processes of that user: which of
 * them it is cannot always be read, and what they have open decides how long that takes.
 */
function ownersOf(socket: KernelSocket, { processes, links, uid }: View): readonly ProcessFacts[] {
  const all = [...processes.values()];
  if (socket.uid !== uid) return all.filter(({ uids }) => uids.includes(socket.uid));
  return all.filter(({ pid }) => links.get(pid)?.has(linkTo(socket)) === true);
}

function isStranger(owner: ProcessFacts, view: View): boolean {
  let at: ProcessFacts | undefined = owner;
  while (at !== undefined && !view.line.has(at.pid)) {
    if (isOlderThanTarget(at, view)) return true;
    at = view.processes.get(at.parent);
  }
  return false;
}

function isOlderThanTarget({ session, startedTicks }: ProcessFacts, view: View): boolean {
  const { processes, targetTicks } = view;
  const leader = processes.get(session);
  const isOldSession = leader !== undefined && leader.startedTicks < targetTicks;
  return startedTicks < targetTicks || isOldSession || session === processes.get(process.pid)?.session;
}
