/** The one file of this folder that touches the real clock, timers, environment and files. */
import { open, readFile, rename } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import type { DurableFiles } from './durable-files.ts';
import type { Clock, Runtime, Timers } from './runtime.ts';

const MS_IN_NS = 1_000_000n;

/**
 * Further than this from `Date.now()` and the interpolation starts anew: the wall clock was stepped. Above one
 * millisecond, since `Date.now()` itself is cut off to whole milliseconds.
 */
const DRIFT_MAX_NS = 2n * MS_IN_NS;

/**
 * The wall clock in nanoseconds. JavaScript's own has milliseconds, so the digits below are interpolated with
 * the monotonic clock, and follow every step of the wall clock of more than two milliseconds.
 */
function createSystemClock(): Clock {
  let anchorWall = BigInt(Date.now()) * MS_IN_NS;
  let anchorTick = process.hrtime.bigint();
  return {
    wallNs() {
      const tick = process.hrtime.bigint();
      const wall = BigInt(Date.now()) * MS_IN_NS;
      const interpolated = anchorWall + (tick - anchorTick);
      const drift = interpolated - wall;
      if (drift < DRIFT_MAX_NS && drift > -DRIFT_MAX_NS) return interpolated;
      anchorWall = wall;
      anchorTick = tick;
      return wall;
    },
    monotonicMs: () => performance.now(),
  };
}

const systemTimers: Timers = {
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
};

/** The real clock and timers of this process. */
export const systemRuntime: Runtime = { clock: createSystemClock(), timers: systemTimers };

/** The environment variables of this process. */
export const systemEnvironment: Readonly<Record<string, string | undefined>> = process.env;

/** Reads a file as UTF-8. */
export function readTextFile(path: string): Promise<string> {
  return readFile(path, 'utf8');
}

/** The disk. */
export const systemFiles: DurableFiles = {
  read: (path) => readTextFile(path).catch(undefinedIfMissing),
  async writeThrough(path, text) {
    const file = await open(path, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  async syncFolder(path) {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
