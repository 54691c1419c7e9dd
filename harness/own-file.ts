import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** Longer files are not read: nothing that a run keeps for itself comes near. */
const BYTES_MAX = 64 * 1024 * 1024;

/**
 * No link is followed, and the opening of a named pipe does not wait for a writer. Windows has neither flag.
 */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file of this user's for reading. Anything else is not there: a file of another user, a link (also a hard
 * one, which may be to a file of this user), a named pipe, a device, a folder.
 * @returns `undefined` when there is no such file, or it is not to be read
 */
export async function openOwnFile(path: string): Promise<FileHandle | undefined> {
  const file = await open(path, FLAGS).catch(() => undefined);
  if (file === undefined || isOwnFile(await file.stat())) return file;
  await file.close();
  return undefined;
}

/**
 * Reads a text file of this user's, as {@link openOwnFile} opens it.
 * @returns `undefined` when there is none, or it is longer than `bytesMax`
 */
export async function readOwnFile(path: string, bytesMax: number = BYTES_MAX): Promise<string | undefined> {
  const file = await openOwnFile(path);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    return size > bytesMax ? undefined : await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function isOwnFile(found: Stats): boolean {
  return found.isFile() && found.nlink === 1 && isOwnUid(found.uid);
}

/** Whether something belongs to the user that runs this process; Windows does not say. */
export function isOwnUid(uid: number): boolean {
  return process.getuid === undefined || uid === process.getuid();
}
