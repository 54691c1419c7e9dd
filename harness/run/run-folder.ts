import { appendFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endGroup, endProcessesNaming, isSameProcess, processOf } from './processes.ts';
import type { ProcessIdentity } from './processes.ts';

/** What one run keeps on disk: a folder that only this user can read. */
export interface RunFolder {
  readonly path: string;
  file(name: string): string;
  /** Remembers a process group of this run, so that it can be ended even if this process is killed. */
  noteGroup(leaderPid: number): void;
  /**
   * Ends whatever of the run is still there, if it can be told, and removes the folder.
   * @returns how many processes had to be ended
   */
  remove(): Promise<number>;
}

const PREFIX = 'nonceproof-';
const OWNER_FILE = 'owner.json';
const GROUPS_FILE = 'groups.ndjson';

/** Makes a folder for one run, and cleans up after runs of this user that were killed. */
export async function createRunFolder(parent: string = tmpdir()): Promise<RunFolder> {
  await removeAbandonedRuns(parent);
  const path = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
  const file = (name: string): string => join(path, name);
  await writeFile(file(OWNER_FILE), JSON.stringify(processOf(process.pid)));
  return {
    path,
    file,
    noteGroup(leaderPid) {
      appendFileSync(file(GROUPS_FILE), `${JSON.stringify(processOf(leaderPid))}\n`);
    },
    remove: () => removeRun(path),
  };
}

/** Folders whose owner is gone: nonceproof was killed before it could clean up, and its target may still run. */
async function removeAbandonedRuns(parent: string): Promise<void> {
  const folders = (await readdir(parent)).filter((name) => name.startsWith(PREFIX));
  for (const folder of folders) {
    const path = join(parent, folder);
    const owner = await readJson<ProcessIdentity>(join(path, OWNER_FILE));
    // Without an owner it is not ours, or it is being made right now.
    if (owner === undefined || isSameProcess(owner)) continue;
    for (const leader of await readGroups(path)) endGroup(leader);
    await removeRun(path);
  }
}

async function removeRun(path: string): Promise<number> {
  const ended = await endProcessesNaming(path);
  await rm(path, { recursive: true, force: true });
  return ended;
}

async function readGroups(path: string): Promise<readonly ProcessIdentity[]> {
  const text = await readFile(join(path, GROUPS_FILE), 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ProcessIdentity);
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
