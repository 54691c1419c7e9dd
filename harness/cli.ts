#!/usr/bin/env node
/** The program `nonceproof`: hands the real process to {@link main}. */
import { environmentRedactor } from './commands/index.ts';
import type { Interruption } from './interruption.ts';
import { main } from './main.ts';
import { forTerminalLines } from './reports/content/index.ts';
import { EXIT_STATUS } from './judge/verdict/index.ts';

/** What a shell reports of a program that wrote to a pipe which nobody reads any more: 128 + SIGPIPE. */
const BROKEN_PIPE_STATUS = 141;
/** A shell reports a program that a signal ended as 128 + the signal's number. */
const SIGNAL_STATUS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
/** How long what is left of the process may keep it from ending once its work is over. */
const END_GRACE_MS = 10_000;

/** How long everything may take to end after it was interrupted; each part of it has limits of seconds. */
const INTERRUPT_GRACE_MS = 60_000;

const interrupt = new AbortController();
let interruption: Interruption | null = null;
/** An interrupt is how the command ends. */
let isInterruptExpected = false;

/**
 * Ends the work as Ctrl-C does, so that nothing which it started is left behind and what was seen is reported. The
 * first reason counts, unless a failure of nonceproof itself comes later. A second Ctrl-C changes nothing.
 */
function endEarly(reason: Interruption): void {
  if (interruption === null || (reason.isFailure && !interruption.isFailure)) interruption = reason;
  if (!isInterruptExpected || reason.isFailure) process.exitCode = interruption.status;
  setTimeout(() => process.exit(), INTERRUPT_GRACE_MS).unref();
  interrupt.abort(reason);
}

function exitStatus(found: number): number {
  if (interruption === null || found === EXIT_STATUS.internalError) return found;
  return isInterruptExpected && !interruption.isFailure ? found : interruption.status;
}

for (const [signal, status] of Object.entries(SIGNAL_STATUS)) {
  process.on(signal, () =>
    endEarly({ status, observed: `nonceproof was interrupted by ${signal}`, isFailure: false }),
  );
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    endEarly({
      status: BROKEN_PIPE_STATUS,
      observed: 'nothing reads the output of nonceproof any more',
      isFailure: false,
    });
    process.exitCode = exitStatus(BROKEN_PIPE_STATUS);
  });
}

for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => {
    if (interruption?.isFailure === true) return;
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const shown = forTerminalLines(environmentRedactor(process).redact(stack));
    process.stderr.write(`nonceproof: internal error, which says nothing about the target: ${shown}\n`);
    const observed = `nonceproof itself failed (${error instanceof Error ? error.message : String(error)})`;
    endEarly({ status: EXIT_STATUS.internalError, observed, isFailure: true });
  });
}

await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: interrupt.signal,
  setExitStatus(status) {
    process.exitCode = exitStatus(status);
  },
  expectInterrupt() {
    isInterruptExpected = true;
  },
});
setTimeout(endAnyway, END_GRACE_MS).unref();

/** Something was left open that should have been closed; only output that is still to be read is waited for. */
function endAnyway(): void {
  if (process.stdout.writableLength + process.stderr.writableLength > 0) setTimeout(endAnyway, END_GRACE_MS);
  else process.exit();
}
