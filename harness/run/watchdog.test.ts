import { expect, it } from 'vitest';
import { RunWatchdog } from './watchdog.ts';

const NEVER = new Promise<never>(() => undefined);

it('ends a run of which a part does not end, and names that part', async () => {
  const watchdog = new RunWatchdog({ timeoutMs: 1, besideMs: 1 });
  watchdog.enter('closing the mock');
  await expect(watchdog.guard(NEVER)).rejects.toThrow('it was closing the mock.');
  await expect(watchdog.guard(NEVER)).rejects.toThrow('it was closing the mock.');
});

it('gives an interrupted run little time, and one that was interrupted before as little', async () => {
  const interrupt = new AbortController();
  const before = new RunWatchdog({ timeoutMs: 1e9, besideMs: 1, signal: interrupt.signal });
  interrupt.abort();
  await expect(before.guard(NEVER)).rejects.toThrow('starting up');
  const after = new RunWatchdog({ timeoutMs: 1e9, besideMs: 1, signal: interrupt.signal });
  await expect(after.guard(NEVER)).rejects.toThrow('starting up');
});

it('lets through what ends in time, and its errors', async () => {
  const watchdog = new RunWatchdog({ timeoutMs: 60_000 });
  expect(await watchdog.guard(Promise.resolve(7))).toBe(7);
  await expect(watchdog.guard(Promise.reject(new Error('its own')))).rejects.toThrow('its own');
  watchdog.stop();
});
