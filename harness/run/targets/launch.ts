import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { TargetExit } from '../../judge/rules/index.ts';
import { hostMonotonicMs } from '../../system.ts';
import { UsageError } from '../../usage-error.ts';
import { BoundedOutput } from './bounded-output.ts';

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
  /** Of each of them: of more, the beginning and the end are kept. Default {@link OUTPUT_BYTES_MAX}. */
  readonly outputBytesMax?: number | undefined;
  /** Told how many bytes of its output were not kept, if any. */
  readonly onOutputLeftOut?: ((bytes: number) => void) | undefined;
  /** Ends the program early; aborted before, it is not started at all. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the program as the run was meant to: SIGTERM, {@link graceMs}, SIGKILL. */
  readonly stop?: AbortSignal | undefined;
  /** Time to end by itself after `stop`, in milliseconds. Default {@link TERM_GRACE_MS}. */
  readonly graceMs?: number | undefined;
  /** Kills the program at once, as the run was meant to: SIGKILL. */
  readonly kill?: AbortSignal | undefined;
  /** Told the number of the program's process, which is that of its group too, as soon as there is one. */
  readonly onStart?: ((pid: number) => void) | undefined;
  /** Called when the time limit or the signal begins to end the program. */
  readonly onStopping?: (() => void) | undefined;
}

/** How long a program may take to end by itself after SIGTERM before it is killed. */
const TERM_GRACE_MS = 2_000;
/** How long the system may take to end it after SIGKILL; a process that hangs in the kernel is not waited for. */
const KILL_GRACE_MS = 5_000;
/** How long its output is read after its end: a process that left its group may keep it open for ever. */
const OUTPUT_GRACE_MS = 2_000;

/** More than anyone reads, and little enough for memory. */
export const OUTPUT_BYTES_MAX: number = 16 * 1024 * 1024;

/**
 * Runs a program in a process group of its own until it ends, or its time limit ends it: first SIGTERM, then
 * SIGKILL, both to the whole group, so that nothing the program started outlives it.
 *
 * It returns at most {@link TERM_GRACE_MS}, {@link KILL_GRACE_MS} and {@link OUTPUT_GRACE_MS} after the limit or
 * the signal, whatever the program does.
 * @throws {UsageError} when it cannot be started
 */
export async function launch(options: Launch): Promise<TargetExit> {
  const { timeoutMs } = options;
  if (options.signal?.aborted === true)
    return { status: null, signal: null, endedBy: 'interrupt', timeoutMs };
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { ...options.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<Ending>((resolve) => {
    child.once('exit', (status, signal) => resolve({ status, signal }));
  });
  if (child.pid !== undefined) options.onStart?.(child.pid);
  await started(child, options.command);
  const kept = [
    keep(child.stdout, options.stdoutFile, options),
    keep(child.stderr, options.stderrFile, options),
  ];
  const startedAtMs = hostMonotonicMs();
  const watch = watchLimit(child, options);
  const { status, signal } = await Promise.race([exited, watch.givenUp]);
  watch.stop();
  killGroup(child, 'SIGKILL');
  await outputRead(child, kept);
  const endedBy = watch.endedBy();
  const stoppedAtMs = watch.stoppedAtMs();
  const ran = stoppedAtMs === null ? {} : { ranMs: stoppedAtMs - startedAtMs };
  return { status, signal, endedBy, timeoutMs, ...ran };
}

/** How a process ended; both `null` when it did not, although it was killed. */
interface Ending {
  readonly status: number | null;
  readonly signal: string | null;
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

/** Writes a stream to a file until either ends. A file that cannot be written must not make the program wait. */
async function keep(
  stream: Readable | null,
  path: string,
  { outputBytesMax = OUTPUT_BYTES_MAX, onOutputLeftOut }: Launch,
): Promise<void> {
  if (stream === null) return;
  const bounded = new BoundedOutput(outputBytesMax);
  const file = createWriteStream(path, { mode: 0o600 });
  stream.pipe(bounded).pipe(file);
  // A stream that is destroyed never says `end`, and leaves what it is piped into open.
  stream.once('close', () => bounded.end());
  await finished(file).catch(() => finished(bounded.resume()));
  if (bounded.leftOut > 0) onOutputLeftOut?.(bounded.leftOut);
}

/** Waits for the rest of the output, for a while; what comes later is nobody's. */
async function outputRead(child: ChildProcess, kept: readonly Promise<void>[]): Promise<void> {
  const close = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, OUTPUT_GRACE_MS);
  await Promise.all(kept);
  clearTimeout(close);
}

interface LimitWatch {
  endedBy(): TargetExit['endedBy'];
  /** When it began to end the program; `null`: it did not. */
  stoppedAtMs(): number | null;
  /** Resolves when the program did not end although it was killed. */
  readonly givenUp: Promise<Ending>;
  stop(): void;
}

/**
 * Sends SIGTERM at the time limit, on abort or when the run is to stop; SIGKILL after the grace, and gives up a
 * little later. Only `kill` begins with SIGKILL.
 */
function watchLimit(child: ChildProcess, options: Launch): LimitWatch {
  const { graceMs = TERM_GRACE_MS, onStopping, timeoutMs } = options;
  let stoppedAtMs: number | null = null;
  let endedBy: TargetExit['endedBy'] = null;
  let giveUp: (ending: Ending) => void = () => undefined;
  const givenUp = new Promise<Ending>((resolve) => (giveUp = resolve));
  let timer: NodeJS.Timeout | undefined;
  const kill = (): void => {
    killGroup(child, 'SIGKILL');
    timer = setTimeout(() => {
      child.unref();
      giveUp({ status: null, signal: null });
    }, KILL_GRACE_MS);
  };
  const end = (cause: 'time-limit' | 'interrupt' | 'planned-stop', msUntilKill: number): void => {
    if (endedBy !== null) return;
    endedBy = cause;
    stoppedAtMs = hostMonotonicMs();
    onStopping?.();
    clearTimeout(timer);
    if (msUntilKill === 0) return kill();
    killGroup(child, 'SIGTERM');
    timer = setTimeout(kill, msUntilKill);
  };
  timer = setTimeout(() => end('time-limit', TERM_GRACE_MS), timeoutMs);
  const removeListeners = [
    onAbort(options.signal, () => end('interrupt', TERM_GRACE_MS)),
    onAbort(options.stop, () => end('planned-stop', graceMs)),
    onAbort(options.kill, () => end('planned-stop', 0)),
  ];
  return {
    endedBy: () => endedBy,
    stoppedAtMs: () => stoppedAtMs,
    givenUp,
    stop() {
      clearTimeout(timer);
      for (const remove of removeListeners) remove();
    },
  };
}

/** Calls back once on abort, also one that came while the program was being started; returns what takes that back. */
function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal?.aborted === true) listener();
  signal?.addEventListener('abort', listener, { once: true });
  return () => signal?.removeEventListener('abort', listener);
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // No process of the group is left.
  }
}
