import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RunWatchdog } from './watchdog.ts';
import type { WatchdogOptions } from './watchdog.ts';

const NEVER = new Promise<never>(() => undefined);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watchdog, and after how many milliseconds from its making it ends what it guards. */
function guarded(options: Partial<WatchdogOptions> = {}) {
  const watchdog = new RunWatchdog({ timeoutMs: 7_000, ...options });
  let endedMs: number | undefined;
  const startMs = Date.now();
  watchdog.guard(NEVER).catch(() => (endedMs = Date.now() - startMs));
  return {
    watchdog,
    endedAfter: async (): Promise<number | undefined> => {
      await vi.advanceTimersByTimeAsync(1_000_000);
      return endedMs;
    },
  };
}

it('ends a run of which a part does not end, and names that part', async () => {
  const { watchdog, endedAfter } = guarded();
  watchdog.enter('closing the mock');
  await endedAfter();
  await expect(watchdog.guard(NEVER)).rejects.toThrow('it was closing the mock.');
  await expect(watchdog.guard(NEVER)).rejects.toThrow('it was closing the mock.');
});

it('gives the start 120 s, whatever the time limit', async () => {
  expect(await guarded({ timeoutMs: 1 }).endedAfter()).toBe(120_000);
  expect(await guarded({ timeoutMs: 1e9 }).endedAfter()).toBe(120_000);
});

it('gives the target its time limit from its start on, 30 s, and the calls that it leaves behind', async () => {
  const { watchdog, endedAfter } = guarded({ serviceMs: 500 });
  await vi.advanceTimersByTimeAsync(3_000);
  watchdog.targetStarts();
  expect(await endedAfter()).toBe(3_000 + 7_000 + 30_000 + 500);
});

it.each(['before the start', 'after it'])('gives an interrupted run 30 s: %s', async (when) => {
  const interrupt = new AbortController();
  const { watchdog, endedAfter } = guarded({ timeoutMs: 1e6, signal: interrupt.signal });
  if (when === 'after it') watchdog.targetStarts();
  await vi.advanceTimersByTimeAsync(2_000);
  interrupt.abort();
  if (when === 'before the start') watchdog.targetStarts();
  expect(await endedAfter()).toBe(32_000);
});

it('gives one that was interrupted before it as little', async () => {
  expect(await guarded({ signal: AbortSignal.abort() }).endedAfter()).toBe(30_000);
});

it('lets through what ends in time, and its errors', async () => {
  const { watchdog, endedAfter } = guarded();
  expect(await watchdog.guard(Promise.resolve(7))).toBe(7);
  await expect(watchdog.guard(Promise.reject(new Error('its own')))).rejects.toThrow('its own');
  watchdog.stop();
  expect(await endedAfter()).toBeUndefined();
});
