import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../usage-error.ts';

/** Where the user stands. */
export interface Whereabouts {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Makes sure that a program can be started, before anything else runs.
 * @throws {UsageError} when it cannot
 */
export function findProgram(program: string, { cwd, env }: Whereabouts): void {
  const isPath = program.includes('/');
  const folders = isPath ? [cwd] : (env['PATH'] ?? '').split(delimiter);
  if (folders.some((folder) => isExecutable(resolve(cwd, folder, program)))) return;
  throw new UsageError(
    `Failed to start ${program}: there is no such program ${isPath ? 'there' : 'on PATH'}. Name one that can be run from here.`,
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * The file URL of a client module.
 * @throws {UsageError} when there is no such file
 */
export function findModule(path: string, cwd: string): string {
  const file = resolve(cwd, path);
  if (existsSync(file)) return pathToFileURL(file).href;
  throw new UsageError(`Failed to load ${path}: there is no such file. Name a client module.`);
}
