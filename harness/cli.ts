#!/usr/bin/env node
/** The program `nonceproof`: hands the real process to {@link main}. */
import { main } from './main.ts';

/** What a shell reports of a program that wrote to a pipe which nobody reads any more: 128 + SIGPIPE. */
const BROKEN_PIPE_STATUS = 141;

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());

let isPipeBroken = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isPipeBroken = true;
    process.exitCode = BROKEN_PIPE_STATUS;
    // Ends the run as Ctrl-C does, so that nothing which it started is left behind.
    interrupt.abort();
  });
}

await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: interrupt.signal,
  setExitStatus(status) {
    if (!isPipeBroken) process.exitCode = status;
  },
});
