import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { linkTo, openLinksOf, readSocketTables } from '../kernel-sockets.ts';
import type { FindOtherEnd, KernelSocket } from '../kernel-sockets.ts';
import { readProcessTable } from '../process-table.ts';
import type { ProcessFacts, ProcessTable } from '../process-table.ts';
import { processOf } from '../processes.ts';
import { count } from '../format.ts';

/** What a connection waits for: all that wait at the same time are answered by one look at the machine. */
interface Question {
  readonly socket: Socket;
  readonly answer: (isStranger: boolean) => void;
}

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
 * parent, or that closed its connection at once.
 */
export class Strangers {
  readonly #answers = new WeakMap<Socket, Promise<boolean>>();
  #waiting: Question[] = [];
  #isLooking = false;
  /** When the first process of the target was started. Before that there is nothing but strangers. */
  #targetTicks = Infinity;

  /** Notes a process of the target, right after it was started. */
  noteTarget(pid: number): void {
    if (this.#targetTicks !== Infinity) return;
    const { started } = processOf(pid);
    // One that has ended already leaves no time behind: then no time proves anything.
    this.#targetTicks = started === null ? -Infinity : Number(started);
  }

  /** Tells whether a connection was provably made by a stranger. Found out once for each. */
  isStranger(socket: Socket): Promise<boolean> {
    const known = this.#answers.get(socket);
    if (known !== undefined) return known;
    const answer = new Promise<boolean>((resolve) => this.#waiting.push({ socket, answer: resolve }));
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
    for (const { socket, answer } of questions) answer(view !== null && isByStranger(socket, view));
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

function isByStranger(socket: Socket, view: View): boolean {
  const found = view.find(socket);
  // A socket that its program has closed has no number, and perhaps no user any more.
  if (found === undefined || found.inode === 0) return false;
  const owners = ownersOf(found, view);
  return owners.length > 0 && owners.every((owner) => isStranger(owner, view));
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
