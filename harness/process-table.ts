import { readdir, readFile } from 'node:fs/promises';

/** A process among others. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** Its session, named by the process that began it. A process can begin one, and cannot go into another's. */
  readonly session: number;
  /** Clock ticks after boot. */
  readonly startedTicks: number;
  /** Real, effective, saved, and for files. */
  readonly uids: readonly number[];
}

/** Every process that can be seen, by its number. */
export type ProcessTable = ReadonlyMap<number, ProcessFacts>;

/** Reads the table of processes (Linux manual, proc(5)); empty on other systems. */
export async function readProcessTable(): Promise<ProcessTable> {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 0);
  const all = await Promise.all(pids.map(readProcess));
  return new Map(all.filter((facts) => facts !== null).map((facts) => [facts.pid, facts]));
}

/** `null` when the process has ended meanwhile. */
async function readProcess(pid: number): Promise<ProcessFacts | null> {
  try {
    const [stat, status] = await Promise.all(
      ['stat', 'status'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
    );
    return parseProcess(pid, stat ?? '', status ?? '');
  } catch {
    return null;
  }
}

/** The name of a program may hold anything, spaces and parentheses included: what follows is read from its end. */
function parseProcess(pid: number, stat: string, status: string): ProcessFacts {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, uids = ''] = /^Uid:\s*(.*)$/m.exec(status) ?? [];
  return {
    pid,
    parent: fields[1] ?? NaN,
    session: fields[3] ?? NaN,
    startedTicks: fields[19] ?? NaN,
    uids: uids.split('\t').map(Number),
  };
}
