import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';

/** A process, told apart from a later one with the same number by when it started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In the words of the system; `null` when it does not say, or when there is no such process. */
  readonly started: string | null;
}

const HAS_PROC = existsSync('/proc/self/stat');

/** Who has this number now. */
export function processOf(pid: number): ProcessIdentity {
  return { pid, started: HAS_PROC ? startedByProc(pid) : startedByPs(pid) };
}

/** Whether that very process still runs. */
export function isSameProcess({ pid, started }: ProcessIdentity): boolean {
  return started !== null && processOf(pid).started === started;
}

/**
 * Names what process numbers refer to: this boot of this machine, and the container on it. Two processes that see
 * the same name see the same processes under the same numbers.
 */
export function processSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/**
 * Kills a process group if its leader is still that very process. Of a group whose leader has ended nothing can be
 * proved: its number may have been another group's since. What is left of it is found by the run's secret.
 */
export function endGroup(leader: ProcessIdentity): void {
  if (!isSameProcess(leader)) return;
  try {
    process.kill(-leader.pid, 'SIGKILL');
  } catch {
    // No process of the group is left.
  }
}

/**
 * Kills every process in whose environment the variable `name` has this value, whatever group it has gone to: a
 * program that made itself a daemon, say. On Linux only; elsewhere an environment cannot be read, and 0 is returned.
 * @returns how many there were
 */
export async function endProcessesWith(name: string, value: string): Promise<number> {
  const ended = new Set<number>();
  if (!HAS_PROC) return 0;
  for (let pass = 0; pass < PASSES_MAX; pass += 1) {
    const found = await endOnce(`${name}=${value}`);
    if (found.length === 0) break;
    for (const pid of found) ended.add(pid);
  }
  return ended.size;
}

/** A process may start another one while it is looked for, and takes a moment to go. */
const PASSES_MAX = 50;

async function endOnce(variable: string): Promise<readonly number[]> {
  const pids = (await processesWith(variable)).filter((pid) => pid !== process.pid);
  return pids.filter(end);
}

/**
 * Finds the processes that have a variable in their environment.
 * @param variable - `NAME=value`
 * @param options - `uid`: among the processes of this user; default: among all whose environment can be read
 */
export async function processesWith(
  variable: string,
  { uid }: { readonly uid?: number } = {},
): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const has = await Promise.all(
    pids.map(
      async (pid) =>
        (uid === undefined || (await userOf(pid)) === uid) &&
        (await environmentOf(pid)).split('\0').includes(variable),
    ),
  );
  return pids.filter((_, i) => has[i]);
}

/** `undefined` when the process has ended. */
async function userOf(pid: number): Promise<number | undefined> {
  return (await stat(`/proc/${pid}`).catch(() => undefined))?.uid;
}

function end(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
    return false;
  }
}

/** Empty when it cannot be read: it belongs to somebody else, or has ended. */
async function environmentOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
}

/** Field 22 of `/proc/PID/stat`: ticks after boot (Linux manual, proc(5)). The name before it may hold anything. */
function startedByProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? null : (rest[18] ?? null);
  } catch {
    return null;
  }
}

function startedByPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}
