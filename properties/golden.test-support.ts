/**
 * What the golden tests share. They freeze everything that a user of the program or the package sees, so that moving
 * and renaming files is known to change none of it. The stored files are in `golden/`; after a change that is meant,
 * `npx vitest run properties/golden -u` writes them again, and the difference is for review.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { main } from '../harness/index.ts';
import { normalise } from './normalise.test-support.ts';
import type { NormaliseOptions } from './normalise.test-support.ts';

/** Where recorded files lie that golden tests read. They are never written again: old files must stay readable. */
export const INPUTS: string = resolve('properties/golden/inputs');

/** What one command line wrote, and how it ended. */
export interface Transcript {
  readonly args: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** How {@link nonceproof} is run. */
export interface RunOptions {
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard output is a terminal that shows colours. Default `false`. */
  readonly isTerminal?: boolean;
  /** Interrupts the command once standard output contains this text. */
  readonly interruptAfter?: string;
}

/** Runs one command line in this process, with nothing of this process's environment but its `PATH`. */
export async function nonceproof(args: readonly string[], options: RunOptions): Promise<Transcript> {
  const { folder, env = {}, isTerminal = false, interruptAfter } = options;
  const written = { stdout: '', stderr: '', status: 0 };
  const interrupt = new AbortController();
  await main(args, {
    stdout: {
      isTTY: isTerminal,
      write(text) {
        written.stdout += text;
        if (interruptAfter !== undefined && written.stdout.includes(interruptAfter)) interrupt.abort();
      },
    },
    stderr: { write: (text) => (written.stderr += text) },
    env: { PATH: process.env['PATH'], ...env },
    cwd: folder,
    signal: interrupt.signal,
    setExitStatus: (status) => {
      written.status = status;
    },
  });
  return { args, ...written };
}

/** A transcript as it is stored: the command line, both outputs, the exit status. */
export function inWords({ args, stdout, stderr, status }: Transcript, options: NormaliseOptions): string {
  const errors = stderr === '' ? '' : `--- stderr\n${stderr}`;
  const text = `$ nonceproof ${args.join(' ')}\n${stdout}${errors}--- exit status ${status}\n`;
  return normalise(text, options);
}

/** Calls `body` with an empty folder that is removed afterwards. */
export async function inFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'golden-'));
  try {
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The stored form of a command line that runs in an empty folder and whose output is the same every time. */
export function exactly(args: readonly string[], options: Omit<RunOptions, 'folder'> = {}): Promise<string> {
  return inFolder(async (folder) =>
    inWords(await nonceproof(args, { ...options, folder }), { folder, isExact: true }),
  );
}
