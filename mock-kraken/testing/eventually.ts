import { vi } from 'vitest';

/** So long that only what never happens takes it, however busy the machine is. */
const TIMEOUT_MS = 30_000;

/** Tries until a check passes: for what real sockets bring about in their own time. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: TIMEOUT_MS, interval: 1 });
}
