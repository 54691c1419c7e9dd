import { randomBytes } from 'node:crypto';
import { constants, lstatSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { access, chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { isOwnUid } from '../own-file.ts';
import { UsageError } from '../usage-error.ts';

/** Of evidence that this user alone may read. */
export const DEFAULT_OUT_MODE = 0o600;

/** Says what `--out-mode` does, wherever it is an option. */
export const OUT_MODE_HELP =
  'who may read and write the files, in octal, such as 640 (default 600: this user alone; a folder that is made gets the same, and may be entered by who may read)';

/** A parser for commander that takes the mode of a file in octal. The user that writes it must be able to read it. */
export function fileMode(text: string): number {
  const mode = /^0?o?[0-7]{3}$/.test(text) ? Number.parseInt(text.slice(-3), 8) : 0;
  if ((mode & 0o700) === 0o600) return mode;
  throw new InvalidArgumentError(
    `Expected the mode of a file in octal, from 600 to 666, got ${JSON.stringify(text)}.`,
  );
}

/** The mode of a folder of such files: the users that may read them may enter it. */
function folderMode(mode: number): number {
  return mode | ((mode & 0o444) >> 2);
}

/** What evidence is written to. */
export interface EvidencePlace {
  readonly path: string;
  /** As the user named it. */
  readonly named: string;
  readonly mode: number;
}

/**
 * Makes a folder for evidence unless it is there, and makes sure that it is this user's: another user could change
 * what is written into theirs, or read it, and a link leads where they please.
 * @throws {UsageError} when it is not, or cannot be written to
 */
export async function openEvidenceFolder({ path, named, mode }: EvidencePlace): Promise<void> {
  refuseOthers(path, named);
  await usable(named, async () => {
    await makeFolder(path, folderMode(mode));
    await access(path, constants.W_OK);
  });
}

/**
 * Makes sure that a file for evidence can be written: there is none, or it is this user's own.
 * @throws {UsageError} when it cannot
 */
export async function openEvidenceFile({ path, named, mode }: EvidencePlace): Promise<void> {
  const found = refuseOthers(path, named);
  if (found?.isFile() === false) refuse(named, 'it is no file');
  await usable(named, async () => {
    await makeFolder(dirname(path), folderMode(mode));
    await access(dirname(path), constants.W_OK);
  });
}

/** @returns what is there now */
function refuseOthers(path: string, named: string): Stats | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() === true) refuse(named, 'it is a link');
  if (found !== undefined && !isOwnUid(found.uid)) refuse(named, `it belongs to another user (${found.uid})`);
  return found;
}

function refuse(named: string, observed: string): never {
  throw new UsageError(
    `Failed to write to ${named}: ${observed}, and evidence is written where this user alone decides. Remove it, or name another place.`,
  );
}

async function usable(named: string, make: () => Promise<void>): Promise<void> {
  try {
    await make();
  } catch (cause) {
    const observed = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `Failed to write to ${named}: ${observed}. Name a folder that you may write to.`,
      cause,
    );
  }
}

/** Folder by folder: where nothing can be made (in /proc), Node's own recursive mkdir never comes back. */
async function makeFolder(folder: string, mode: number): Promise<void> {
  if (lstatSync(`${folder}/.`, { throwIfNoEntry: false }) !== undefined) return;
  await makeFolder(dirname(folder), mode);
  await mkdir(folder, { mode });
  // What the user says goes before the process's umask.
  await chmod(folder, mode);
}

/**
 * Writes a file whole or not at all, under a name that nothing has yet, and puts it in the place of an older one:
 * no reader sees half of it, and what stands at its name, a link or a named pipe, is neither followed nor opened.
 */
export async function writeEvidence(
  path: string,
  text: string | Iterable<string>,
  mode: number,
): Promise<void> {
  const beside = `${path}.${randomBytes(8).toString('hex')}.part`;
  try {
    const file = await open(beside, 'wx', mode);
    try {
      await file.chmod(mode);
      for (const piece of typeof text === 'string' ? [text] : text) await file.appendFile(piece);
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
