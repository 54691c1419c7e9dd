import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

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
 * Kills a process group, unless its number has gone to somebody else. A number stays taken as long as anybody is
 * left in its group, so a group without its leader is still the old one.
 */
export function endGroup(leader: ProcessIdentity): void {
  const now = processOf(leader.pid);
  if (now.started !== null && now.started !== leader.started) return;
  try {
    process.kill(-leader.pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
}

/**
 * Kills every process whose environment names `marker`, whatever group it has gone to: a program that made itself
 * a daemon, say. On Linux only; elsewhere nobody can be asked, and 0 is returned.
 * @returns how many there were
 */
export async function endProcessesNaming(marker: string): Promise<number> {
  const ended = new Set<number>();
  if (!HAS_PROC) return 0;
  for (let pass = 0; pass < PASSES_MAX; pass += 1) {
    const found = await endOnce(marker);
    if (found.length === 0) break;
    for (const pid of found) ended.add(pid);
  }
  return ended.size;
}

/** A process may start another one while it is looked for, and takes a moment to go. */
const PASSES_MAX = 50;

async function endOnce(marker: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const named = await Promise.all(pids.map(async (pid) => (await environmentOf(pid)).includes(marker)));
  return pids.filter((pid, i) => named[i] === true && end(pid));
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
