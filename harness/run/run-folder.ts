import { randomBytes } from 'node:crypto';
import { appendFileSync, lstatSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../usage-error.ts';
import { endGroup, endProcessesWith, isSameProcess, processOf, processSpace } from '../processes.ts';
import type { ProcessIdentity } from '../processes.ts';
import { readOwnFile } from '../own-file.ts';

/** What one run keeps on disk: a folder that only this user can read. */
export interface RunFolder {
  readonly path: string;
  file(name: string): string;
  /** Known to this run and its target alone: a process that has it in its environment is one of this run. */
  readonly secret: string;
  /** Remembers a process group of this run, so that it can be ended even if this process is killed. */
  noteGroup(leaderPid: number): void;
  /** Ends what can be found of the run's processes, and removes the folder. */
  remove(): Promise<Removal>;
}

/** How the end of a run went. */
export interface Removal {
  /** Processes that had to be ended. */
  readonly processes: number;
  /** The folder is gone. A target can make that impossible: with a folder in it that it took its own rights from. */
  readonly isGone: boolean;
}

const PREFIX = 'nonceproof-';
const OWNER_FILE = 'owner.json';
const GROUPS_FILE = 'groups.ndjson';
/** An owner is some hundred bytes, and a run has at most some thousand groups. */
const NOTES_BYTES_MAX = 1024 * 1024;

/** The environment variable by which the processes of a run are found, whatever group they have gone to. */
export const RUN_SECRET = 'NONCEPROOF_RUN_SECRET';

/** The process that made a folder, and the secret of its run. */
interface Owner extends ProcessIdentity {
  readonly secret: string;
  /** Where `pid` means that process: process numbers of another container, or before a reboot, are others. */
  readonly space: string;
}

/**
 * Makes a folder for one run, and cleans up after runs of this user that were killed.
 * @throws {UsageError} when there is no folder for temporary files, or nothing can be made in it
 */
export async function createRunFolder(parent: string = tmpdir()): Promise<RunFolder> {
  await removeAbandonedRuns(parent);
  const path = await makeFolder(parent);
  const file = (name: string): string => join(path, name);
  const secret = randomBytes(16).toString('hex');
  const owner: Owner = { ...processOf(process.pid), secret, space: processSpace() };
  await writeFile(file(OWNER_FILE), JSON.stringify(owner), { mode: 0o600, flag: 'wx' });
  return {
    path,
    file,
    secret,
    noteGroup(leaderPid) {
      appendFileSync(file(GROUPS_FILE), `${JSON.stringify(processOf(leaderPid))}\n`, { mode: 0o600 });
    },
    remove: () => removeRun(path, secret),
  };
}

/** Makes a folder whose name cannot be foretold, and that is this user's alone (mode 0700, which `mkdtemp` gives it). */
async function makeFolder(parent: string): Promise<string> {
  try {
    return await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
  } catch (cause) {
    const observed = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `Failed to make a folder for the run: ${observed}. Set TMPDIR to a folder that you may write to.`,
      cause,
    );
  }
}

/**
 * Removes folders whose owner is gone: nonceproof was killed before it could clean up, and its target may still run.
 * What cannot be read or removed is left alone; it is no reason why this run should not begin.
 */
async function removeAbandonedRuns(parent: string): Promise<void> {
  if (!isKept(parent)) return;
  const folders = (await readdir(parent).catch(() => [])).filter((name) => name.startsWith(PREFIX));
  for (const folder of folders) await removeIfAbandoned(join(parent, folder));
}

async function removeIfAbandoned(path: string): Promise<void> {
  if (!isOurs(path)) return;
  const owner = parsed(OWNER, await readOwnFile(join(path, OWNER_FILE), NOTES_BYTES_MAX));
  // Without an owner it is being made right now, or was never a run's.
  if (owner === undefined || owner.space !== processSpace() || isSameProcess(owner)) return;
  for (const leader of await readGroups(path)) endGroup(leader);
  await removeRun(path, owner.secret);
}

/**
 * Whether names in a folder keep leading to what they led to: other users cannot write to it, or cannot rename what
 * is not theirs (the sticky bit). Where they can, a folder may be another one by the time that it is read.
 */
function isKept(parent: string): boolean {
  // The folder for temporary files may itself be a link (on macOS): not so what is in it.
  const found = lstatSync(`${parent}/.`, { throwIfNoEntry: false });
  if (found === undefined || process.getuid === undefined) return false;
  const isOwnersTrusted = found.uid === process.getuid() || found.uid === 0;
  return isOwnersTrusted && ((found.mode & 0o022) === 0 || (found.mode & 0o1000) !== 0);
}

/**
 * Whether a folder is one that this user alone can have written. What stands in it is believed, down to
 * which processes are killed; in a temporary folder that others write to as well, a name proves nothing.
 */
function isOurs(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
}

async function removeRun(path: string, secret: string): Promise<Removal> {
  const processes = await endProcessesWith(RUN_SECRET, secret);
  const isGone = await rm(path, { recursive: true, force: true, maxRetries: 3 }).then(
    () => true,
    () => false,
  );
  return { processes, isGone };
}

async function readGroups(path: string): Promise<readonly ProcessIdentity[]> {
  const text = await readOwnFile(join(path, GROUPS_FILE), NOTES_BYTES_MAX);
  return (text ?? '').split('\n').flatMap((line) => parsed(IDENTITY, line) ?? []);
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
  space: z.string(),
});

/** `undefined` for what cannot be read: half a line, or something else altogether. */
function parsed<T>(shape: z.ZodType<T>, text: string | undefined): T | undefined {
  try {
    return shape.parse(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}
