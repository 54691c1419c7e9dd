import { expect, it } from 'vitest';
import type { CallOptions } from './client-module.ts';
import { abortQueued } from './abort-queued.ts';

it('aborts every seventh call a little after it was made, and no other', async () => {
  const made: (CallOptions | undefined)[] = [];
  const due: (() => void)[] = [];
  const timers = { setTimeout: (callback: () => void) => due.push(callback), clearTimeout: () => undefined };
  const call = abortQueued(async (_account, _method, _params, options) => made.push(options), timers);
  for (let n = 0; n < 15; n += 1) await call('MASTER', 'Balance', {});
  const aborted = (): number[] =>
    made.flatMap((options, n) => (options?.signal?.aborted === true ? [n] : []));
  expect(aborted()).toEqual([]);
  for (const fire of due) fire();
  expect(aborted()).toEqual([6, 13]);
});
