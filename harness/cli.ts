#!/usr/bin/env node
/** The program `nonceproof`: hands the real process to {@link main}. */
import { main } from './main.ts';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());

await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: interrupt.signal,
  setExitStatus(status) {
    process.exitCode = status;
  },
});
