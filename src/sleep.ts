import type { Timers } from './runtime.ts';

/** Resolves after `delayMs` milliseconds, or as soon as `signal` aborts. Never rejects. */
export function sleep(delayMs: number, timers: Timers, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      signal?.removeEventListener('abort', wake);
      timers.clearTimeout(timer);
      resolve();
    };
    const timer = timers.setTimeout(wake, delayMs);
    signal?.addEventListener('abort', wake, { once: true });
  });
}
