#!/usr/bin/env node
/** The program `nonceproof`: hands the real process to {@link main}. */
import { main } from './main.ts';

await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  setExitStatus(status) {
    process.exitCode = status;
  },
});
