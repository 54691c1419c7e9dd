/** The one file of this folder that reads clock, timers and chance. */
import { randomBytes } from 'node:crypto';
import type { AdapterWorld } from './world.ts';

/** The real world: time since now, and Node's timers. */
export function systemWorld(): AdapterWorld {
  const startNs = process.hrtime.bigint();
  return {
    nowNs: () => Number(process.hrtime.bigint() - startNs),
    timers: {
      setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
      clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
    },
  };
}

/** Milliseconds since 1970. */
export function systemWallMs(): number {
  return Date.now();
}

/** So many bytes that nobody can guess. */
export function systemRandomBytes(bytes: number): Buffer {
  return randomBytes(bytes);
}
