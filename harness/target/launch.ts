import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { TargetExit } from '../rules/rule.ts';
import { UsageError } from '../usage-error.ts';

/** A program to run under verification. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Complete; nothing is inherited beside it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Its standard output and standard error are kept in these files. */
  readonly stdoutFile: string;
  readonly stderrFile: string;
  /** Ends the program early. */
  readonly signal?: AbortSignal | undefined;
  /** Told the number of the program's process, which is that of its group too, as soon as there is one. */
  readonly onStart?: ((pid: number) => void) | undefined;
}

/** How long a program may take to end by itself after SIGTERM before it is killed. */
const TERM_GRACE_MS = 2_000;
/** How long its pipes are read on after its end. */
const PIPE_GRACE_MS = 500;

/**
 * Runs a program in a process group of its own until it ends, or its time limit ends it: first SIGTERM, then
 * SIGKILL, both to the whole group, so that nothing the program started outlives it.
 * @throws {UsageError} when it cannot be started
 */
export async function launch(options: Launch): Promise<TargetExit> {
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { ...options.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) options.onStart?.(child.pid);
  await started(child, options.command);
  const kept = [keep(child.stdout, options.stdoutFile), keep(child.stderr, options.stderrFile)];
  const ended = new Promise<{ status: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (status, signal) => resolve({ status, signal }));
  });
  const { timedOut, stopWatching } = watchLimit(child, options);
  const { status, signal } = await ended;
  stopWatching();
  killGroup(child, 'SIGKILL');
  await outputRead(child, kept);
  return { status, signal, timedOut: timedOut(), timeoutMs: options.timeoutMs };
}

function started(child: ChildProcess, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const observed = cause.code === 'ENOENT' ? 'there is no such program' : cause.message;
      reject(
        new UsageError(
          `Failed to start ${command}: ${observed}. Name a program that can be run from here.`,
          cause,
        ),
      );
    });
  });
}

async function keep(stream: NodeJS.ReadableStream | null, file: string): Promise<void> {
  if (stream === null) return;
  await finished(stream.pipe(createWriteStream(file))).catch(() => undefined);
}

/** What left the process group may hold the pipes open for ever: they are read for a moment more, then closed. */
async function outputRead(child: ChildProcess, kept: readonly Promise<void>[]): Promise<void> {
  const close = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, PIPE_GRACE_MS);
  await Promise.all(kept);
  clearTimeout(close);
}

/** Sends SIGTERM at the time limit or on abort, SIGKILL a little later. */
function watchLimit(child: ChildProcess, options: Launch): { timedOut(): boolean; stopWatching(): void } {
  let reached = false;
  let killTimer: NodeJS.Timeout | undefined;
  const end = (): void => {
    killGroup(child, 'SIGTERM');
    killTimer = setTimeout(() => killGroup(child, 'SIGKILL'), TERM_GRACE_MS);
  };
  const limit = setTimeout(() => {
    reached = true;
    end();
  }, options.timeoutMs);
  options.signal?.addEventListener('abort', end, { once: true });
  return {
    timedOut: () => reached,
    stopWatching() {
      clearTimeout(limit);
      clearTimeout(killTimer);
      options.signal?.removeEventListener('abort', end);
    },
  };
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}
