import { describe, expect, it } from 'vitest';
import { ApiLock } from './api-lock.ts';
import {
  ApiLockQueueFullError,
  ApiLockWaitCancelledError,
  ApiLockWaitTimeoutError,
} from './api-lock-errors.ts';
import { ManualRuntime } from '../manual-runtime.test-support.ts';

/** A promise that the test settles. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Lets every microtask that can run do so. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp(waitersMax?: number) {
  const runtime = new ManualRuntime();
  const lock = new ApiLock({ runtime, ...(waitersMax === undefined ? {} : { waitersMax }) });
  const log: string[] = [];
  /** A turn that logs its begin, waits for its gate, and logs its end. */
  const turn = (name: string, until: Promise<void> = Promise.resolve()): Promise<string> =>
    lock.runExclusive(
      async () => {
        log.push(`${name}+`);
        await until;
        log.push(`${name}-`);
        return name;
      },
      { label: name },
    );
  return { runtime, lock, log, turn };
}

describe('ApiLock', () => {
  it('lets one turn in at a time, first come first served', async () => {
    const { log, turn } = setUp();
    await Promise.all([turn('a'), turn('b'), turn('c')]);
    expect(log).toEqual(['a+', 'a-', 'b+', 'b-', 'c+', 'c-']);
  });

  it('settles as the function does, and goes on after one that throws', async () => {
    const { lock, turn } = setUp();
    const failed = lock.runExclusive(() => {
      throw new Error('no');
    });
    const after = turn('after');
    await expect(failed).rejects.toThrow('no');
    await expect(after).resolves.toBe('after');
    expect(lock.isHeld).toBe(false);
  });

  it('grants an acquisition inside a turn without waiting for the lane', async () => {
    const { lock, log, turn } = setUp();
    const outer = lock.runExclusive(async () => {
      log.push('outer+');
      await lock.runExclusive(() => turn('inner'));
      log.push('outer-');
    });
    await Promise.all([outer, turn('next')]);
    expect(log).toEqual(['outer+', 'inner+', 'inner-', 'outer-', 'next+', 'next-']);
  });

  it('runs siblings started side by side in one turn one after the other', async () => {
    const { lock, log, turn } = setUp();
    await lock.runExclusive(() => Promise.all([turn('a'), turn('b'), turn('c')]));
    expect(log).toEqual(['a+', 'a-', 'b+', 'b-', 'c+', 'c-']);
  });

  it('keeps the lane for a child that the turn did not await, while the caller leaves', async () => {
    const { lock, log, turn } = setUp();
    const slow = gate();
    let child: Promise<string> | undefined;
    await lock.runExclusive(() => {
      child = turn('child', slow.opened);
    });
    const next = turn('next');
    await settle();
    expect(log).toEqual(['child+']);
    expect(lock.holder()).toMatchObject({ label: 'child', within: ['anonymous'] });
    slow.open();
    await Promise.all([child, next]);
    expect(log).toEqual(['child+', 'child-', 'next+', 'next-']);
  });

  it('also waits for children that were only queued when the function ended', async () => {
    const { lock, log, turn } = setUp();
    let children: Promise<string>[] = [];
    const outer = lock.runExclusive(() => {
      children = [turn('a'), turn('b')];
    });
    const next = turn('next');
    await Promise.all([outer, next, ...children]);
    expect(log).toEqual(['a+', 'a-', 'b+', 'b-', 'next+', 'next-']);
  });

  it('sends who acquires from the context of an ended turn to the end of the lane', async () => {
    const { lock, log, turn } = setUp();
    const later = gate();
    let detached: Promise<string> | undefined;
    await lock.runExclusive(() => {
      detached = later.opened.then(() => turn('detached'));
    });
    const slow = gate();
    const holder = turn('holder', slow.opened);
    later.open();
    await settle();
    expect(log).toEqual(['holder+']);
    slow.open();
    await Promise.all([holder, detached]);
    expect(log).toEqual(['holder+', 'holder-', 'detached+', 'detached-']);
  });

  it('never lets a detached acquisition join the turn that is draining', async () => {
    const { lock, log, turn } = setUp();
    const slow = gate();
    const later = gate();
    const tasks: Promise<string>[] = [];
    await lock.runExclusive(() => {
      tasks.push(turn('child', slow.opened));
      tasks.push(later.opened.then(() => turn('detached')));
    });
    const queuedFirst = turn('queued-first');
    later.open();
    await settle();
    slow.open();
    await Promise.all([...tasks, queuedFirst]);
    expect(log).toEqual(['child+', 'child-', 'queued-first+', 'queued-first-', 'detached+', 'detached-']);
  });

  it('lets a detached acquisition join the nearest turn that is still open', async () => {
    const { lock, log, turn } = setUp();
    const outer = lock.runExclusive(async () => {
      const later = gate();
      let detached: Promise<string> | undefined;
      await lock.runExclusive(() => {
        detached = later.opened.then(() => turn('detached'));
      });
      later.open();
      await detached;
    });
    await Promise.all([outer, turn('next')]);
    expect(log).toEqual(['detached+', 'detached-', 'next+', 'next-']);
  });

  it('does not let two detached loops keep the lane from others', async () => {
    const { lock, turn, log } = setUp();
    const loop = async (name: string): Promise<void> => {
      for (let round = 0; round < 3; round += 1) await turn(`${name}${round}`);
    };
    let loops: Promise<void>[] = [];
    await lock.runExclusive(async () => {
      await turn('first');
      loops = [loop('x'), loop('y')];
    });
    await Promise.all([...loops, turn('other')]);
    expect(log.indexOf('other+')).toBeLessThan(log.indexOf('x2+'));
  });

  it('never calls the function of a waiter that was cancelled, and lets the next one in', async () => {
    const { lock, log, turn } = setUp();
    const slow = gate();
    const holder = turn('holder', slow.opened);
    const cancel = new AbortController();
    const cancelled = lock.runExclusive(() => log.push('cancelled ran'), {
      signal: cancel.signal,
      label: 'USER_1 Balance',
    });
    const next = turn('next');
    cancel.abort(new Error('changed my mind'));
    await expect(cancelled).rejects.toMatchObject({
      code: 'lane_wait_cancelled',
      label: 'USER_1 Balance',
      cause: { message: 'changed my mind' },
    });
    slow.open();
    await Promise.all([holder, next]);
    expect(log).toEqual(['holder+', 'holder-', 'next+', 'next-']);
  });

  it('refuses a signal that is aborted already, at once and without a place in the queue', async () => {
    const { lock, turn } = setUp();
    const slow = gate();
    const holder = turn('holder', slow.opened);
    const never = lock.runExclusive(() => 1, { signal: AbortSignal.abort() });
    await expect(never).rejects.toBeInstanceOf(ApiLockWaitCancelledError);
    expect(lock.waiting()).toEqual([]);
    slow.open();
    await holder;
    expect(lock.isHeld).toBe(false);
  });

  it('does not call who changes his mind between the grant and his turn', async () => {
    const { lock, log, turn } = setUp();
    const slow = gate();
    const holder = turn('holder', slow.opened);
    const cancel = new AbortController();
    const waiter = lock.runExclusive(() => log.push('waiter ran'), { signal: cancel.signal });
    const next = turn('next');
    waiter.catch(() => undefined);
    slow.open();
    while (lock.holder()?.label === 'holder') await Promise.resolve();
    cancel.abort(new Error('changed my mind'));
    await expect(waiter).rejects.toBeInstanceOf(ApiLockWaitCancelledError);
    await Promise.all([holder, next]);
    expect(log).toEqual(['holder+', 'holder-', 'next+', 'next-']);
  });

  it('ignores a cancellation once the turn has begun', async () => {
    const { lock, turn, log } = setUp();
    const cancel = new AbortController();
    const slow = gate();
    const holder = lock.runExclusive(() => slow.opened.then(() => 'done'), { signal: cancel.signal });
    const next = turn('next');
    cancel.abort();
    await settle();
    expect(log).toEqual([]);
    slow.open();
    await expect(holder).resolves.toBe('done');
    await next;
  });

  it('gives up waiting after the wait timeout and says who held the lane', async () => {
    const { lock, runtime, turn } = setUp();
    const slow = gate();
    const holder = turn('MASTER AddOrder', slow.opened);
    const waiter = lock.runExclusive(() => 1, { waitTimeoutMs: 50, label: 'USER_1 Balance' });
    runtime.advance(50);
    await expect(waiter).rejects.toBeInstanceOf(ApiLockWaitTimeoutError);
    await expect(waiter).rejects.toThrow(
      'Failed to enter the lane for USER_1 Balance within 50 ms: MASTER AddOrder has held it for 50 ms. Nothing was sent; call again, or wait longer.',
    );
    expect(lock.waiting()).toEqual([]);
    slow.open();
    await holder;
  });

  it('clears the timer of a waiter that got its turn', async () => {
    const { lock, runtime, turn } = setUp();
    await Promise.all([turn('a'), lock.runExclusive(() => 1, { waitTimeoutMs: 1_000 })]);
    expect(runtime.pendingTimers).toBe(0);
  });

  it('waits without a time limit when it has a signal only', async () => {
    const { lock, runtime, turn, log } = setUp();
    const slow = gate();
    const holder = turn('holder', slow.opened);
    const { signal } = new AbortController();
    const patient = lock.runExclusive(() => log.push('patient'), { signal });
    expect(runtime.pendingTimers).toBe(0);
    runtime.advance(365 * 24 * 3_600_000);
    await settle();
    expect(lock.waiting()).toHaveLength(1);
    slow.open();
    await Promise.all([holder, patient]);
    expect(log).toEqual(['holder+', 'holder-', 'patient']);
  });

  it('never frees the lane however long the holder takes', async () => {
    const { lock, runtime, turn, log } = setUp();
    const slow = gate();
    const holder = turn('slow', slow.opened);
    const next = turn('next');
    runtime.advance(365 * 24 * 3_600_000);
    await settle();
    expect(log).toEqual(['slow+']);
    expect(lock.holder()?.forMs).toBe(365 * 24 * 3_600_000);
    slow.open();
    await Promise.all([holder, next]);
  });

  it('says who holds it, since when, and who waits', async () => {
    const { lock, runtime, turn } = setUp();
    const slow = gate();
    const outer = lock.runExclusive(() => Promise.all([turn('a', slow.opened), turn('b')]), {
      label: 'outer',
    });
    const next = turn('next');
    runtime.advance(7);
    expect(lock.holder()).toEqual({ label: 'a', within: ['outer'], forMs: 7 });
    expect(lock.waiting()).toEqual([
      { label: 'b', within: ['outer'], forMs: 7 },
      { label: 'next', within: [], forMs: 7 },
    ]);
    slow.open();
    await Promise.all([outer, next]);
    expect(lock.holder()).toBeUndefined();
  });

  it('refuses more waiters than its limit and keeps the others', async () => {
    const { lock, turn } = setUp(1);
    const slow = gate();
    const holder = turn('holder', slow.opened);
    const waiter = turn('waiter');
    await expect(turn('one too many')).rejects.toBeInstanceOf(ApiLockQueueFullError);
    slow.open();
    await expect(Promise.all([holder, waiter])).resolves.toEqual(['holder', 'waiter']);
    expect(lock.isHeld).toBe(false);
  });

  it('has room again when a waiter has given up', async () => {
    const { lock, runtime, turn } = setUp(1);
    const slow = gate();
    const holder = turn('holder', slow.opened);
    const impatient = lock.runExclusive(() => 1, { waitTimeoutMs: 50 });
    runtime.advance(50);
    await expect(impatient).rejects.toBeInstanceOf(ApiLockWaitTimeoutError);
    const waiter = turn('waiter');
    slow.open();
    await expect(Promise.all([holder, waiter])).resolves.toEqual(['holder', 'waiter']);
  });

  it('keeps two locks apart', async () => {
    const one = setUp();
    const two = setUp();
    const slow = gate();
    const holder = one.turn('one', slow.opened);
    await expect(two.turn('two')).resolves.toBe('two');
    slow.open();
    await holder;
  });

  it('makes a turn inside a turn of another lock wait for its own lane like any other', async () => {
    const one = setUp();
    const two = setUp();
    const slow = gate();
    const holder = two.turn('holder', slow.opened);
    const outer = one.lock.runExclusive(() => two.turn('inside'), { label: 'outer' });
    await settle();
    expect(two.log).toEqual(['holder+']);
    expect(two.lock.waiting()).toMatchObject([{ label: 'inside', within: [] }]);
    expect(one.lock.holder()).toMatchObject({ label: 'outer' });
    slow.open();
    await Promise.all([holder, outer]);
    expect(two.log).toEqual(['holder+', 'holder-', 'inside+', 'inside-']);
  });

  it('finds its own turn again inside a turn of another lock', async () => {
    const one = setUp();
    const two = setUp();
    await one.lock.runExclusive(() => two.lock.runExclusive(() => one.turn('inside')));
    expect(one.log).toEqual(['inside+', 'inside-']);
  });
});
