import { dirname } from 'node:path';
import type { DurableFiles } from '../durable-files.ts';
import { NonceproofError } from '../errors.ts';
import type { MarkStore } from './mark-store.ts';
import { systemFiles } from '../system.ts';

/** The file of marks cannot be used. No nonce is drawn then: one at or below an earlier one could be. */
export class MarkFileError extends NonceproofError {
  readonly path: string;

  constructor(path: string, observed: string, cause?: unknown) {
    const whatToDo = 'Make it readable and writable; delete it only when the clock was never set back.';
    super('mark_file_unusable', `Failed to use the mark file ${path}: ${observed}. ${whatToDo}`, cause);
    this.path = path;
  }
}

/**
 * Keeps the mark in a file: digits and a line break. A save writes a file beside it, waits for the disk, and
 * renames it over the old one, so that a crash leaves the old mark or the new one and never half of either.
 * For one process at a time.
 */
export function createFileMarkStore(path: string, files: DurableFiles = systemFiles): MarkStore {
  return {
    async load() {
      const text = await attempt(path, 'it cannot be read', () => files.read(path));
      if (text === undefined) return undefined;
      if (/^\d{1,20}\n$/.test(text)) return BigInt(text.trim());
      throw new MarkFileError(path, 'it holds no mark');
    },
    save: (mark) =>
      attempt(path, 'it cannot be written', async () => {
        const beside = `${path}.new`;
        await files.writeThrough(beside, `${mark}\n`);
        await files.rename(beside, path);
        await files.syncFolder(dirname(path));
      }),
  };
}

async function attempt<T>(path: string, observed: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    throw new MarkFileError(path, observed, cause);
  }
}
