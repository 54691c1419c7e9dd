import { randomBytes } from 'node:crypto';
import { appendFileSync, lstatSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { endGroup, endProcessesNaming, isSameProcess, processOf } from './processes.ts';
import type { ProcessIdentity } from './processes.ts';

/** What one run keeps on disk: a folder that only this user can read. */
export interface RunFolder {
  readonly path: string;
  file(name: string): string;
  /** Known to this run and its target alone: a process that has it in its environment is one of this run. */
  readonly secret: string;
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

/** The environment variable by which the processes of a run are found, whatever group they have gone to. */
export const RUN_SECRET = 'NONCEPROOF_RUN_SECRET';

/** The process that made a folder, and the secret of its run. */
interface Owner extends ProcessIdentity {
  readonly secret: string;
}

/** Makes a folder for one run, and cleans up after runs of this user that were killed. */
export async function createRunFolder(parent: string = tmpdir()): Promise<RunFolder> {
  await removeAbandonedRuns(parent);
  const path = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
  const file = (name: string): string => join(path, name);
  const secret = randomBytes(16).toString('hex');
  const owner: Owner = { ...processOf(process.pid), secret };
  await writeFile(file(OWNER_FILE), JSON.stringify(owner), { mode: 0o600 });
  return {
    path,
    file,
    secret,
    noteGroup(leaderPid) {
      appendFileSync(file(GROUPS_FILE), `${JSON.stringify(processOf(leaderPid))}\n`);
    },
    remove: () => removeRun(path, secret),
  };
}

/** Folders whose owner is gone: nonceproof was killed before it could clean up, and its target may still run. */
async function removeAbandonedRuns(parent: string): Promise<void> {
  const folders = (await readdir(parent)).filter((name) => name.startsWith(PREFIX));
  for (const folder of folders) {
    const path = join(parent, folder);
    if (!isOurs(path)) continue;
    const owner = await readOwner(join(path, OWNER_FILE));
    // Without an owner it is being made right now, or was never a run's.
    if (owner === undefined || isSameProcess(owner)) continue;
    for (const leader of await readGroups(path)) endGroup(leader);
    await removeRun(path, owner.secret);
  }
}

/**
 * Whether a folder is one that this user alone can have written. What stands in it is taken at its word, down to
 * which processes are killed; in a temporary folder that others write to as well, a name proves nothing.
 */
function isOurs(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
}

async function removeRun(path: string, secret: string): Promise<number> {
  const ended = await endProcessesNaming(secret);
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
  return ended;
}

async function readGroups(path: string): Promise<readonly ProcessIdentity[]> {
  const text = await readFile(join(path, GROUPS_FILE), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => parsed(IDENTITY, line) ?? []);
}

async function readOwner(file: string): Promise<Owner | undefined> {
  return parsed(OWNER, await readFile(file, 'utf8').catch(() => ''));
}

const IDENTITY: z.ZodType<ProcessIdentity> = z.object({
  // Group 0 would be our own, and 1 is everything there is.
  pid: z.int().min(2),
  started: z.string().nullable(),
});
const OWNER: z.ZodType<Owner> = z.object({
  pid: z.int().min(1),
  started: z.string().nullable(),
  secret: z.string().regex(/^[0-9a-f]{32}$/),
});

/** `undefined` for what cannot be read: half a line, or something else altogether. */
function parsed<T>(shape: z.ZodType<T>, text: string): T | undefined {
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
