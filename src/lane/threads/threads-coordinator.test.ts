import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { LaneLostError } from '../lane-errors.ts';
import { NONCE_MIN } from '../../nonce/index.ts';
import { systemRuntime } from '../../system.ts';
import { ManualRuntime } from '../../manual-runtime.test-support.ts';
import { LaneMemory } from './lane-memory.ts';
import { THREAD_STATE } from './lane-steps.ts';
import { createThreadsCoordinator, joinThreads, LaneHostGoneError } from './threads-coordinator.ts';
import { LanesFullError } from './lane-memory.ts';
import type { ThreadsCoordinatorHost } from './threads-coordinator.ts';
import type { WorkerOrder, WorkerReport } from './worker.test-support.ts';

const PROGRAM = `import(${JSON.stringify(join(inject('compiled'), 'src/lane/threads/worker.test-support.js'))})`;
const SETTLING_MS = 10_000;

const workers: TestWorker[] = [];

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
});

/** A worker thread, and what it has reported. */
class TestWorker {
  readonly #worker: Worker;
  readonly #reports: WorkerReport[] = [];
  #arrived: () => void = () => undefined;
  #crash: unknown;

  constructor(options: WorkerOptions) {
    this.#worker = new Worker(PROGRAM, { ...options, eval: true });
    this.#worker.on('message', (report: WorkerReport) => {
      this.#reports.push(report);
      this.#arrived();
    });
    this.#worker.on('error', (error) => {
      this.#crash = error;
      this.#arrived();
    });
  }

  tell(order: WorkerOrder): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage(order);
  }

  async report<K extends WorkerReport['kind']>(kind: K): Promise<Extract<WorkerReport, { kind: K }>> {
    for (;;) {
      if (this.#crash !== undefined) throw this.#crash;
      const found = this.#reports.find((report) => report.kind === kind);
      if (found !== undefined) return found as Extract<WorkerReport, { kind: K }>;
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
  }

  terminate(): Promise<number> {
    return this.#worker.terminate();
  }
}

async function startWorkers(lane: ThreadsCoordinatorHost, count: number): Promise<readonly TestWorker[]> {
  const started = Array.from({ length: count }, () => new TestWorker(lane.share()));
  workers.push(...started);
  await Promise.all(started.map((worker) => worker.report('ready')));
  return started;
}

async function startWorker(lane: ThreadsCoordinatorHost): Promise<TestWorker> {
  const [worker] = await startWorkers(lane, 1);
  if (worker === undefined) throw new Error('No worker was started.');
  return worker;
}

/** A lane whose time stands still in this thread until the test moves it. */
function laneOutOfTime(): { readonly runtime: ManualRuntime; readonly lane: ThreadsCoordinatorHost } {
  const runtime = new ManualRuntime();
  return { runtime, lane: createThreadsCoordinator({ runtime, settlingMs: SETTLING_MS }) };
}

/** A turn of this thread, and whether it has begun. */
function ask(lane: ThreadsCoordinatorHost): { readonly done: Promise<void>; hasBegun: boolean } {
  const asked = {
    hasBegun: false,
    done: lane.turn('key', async () => {
      asked.hasBegun = true;
    }),
  };
  return asked;
}

/** A promise that the test settles. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

/** What the lane knows of its threads. */
function threadsOf(lane: ThreadsCoordinatorHost): { isDead(thread: number): boolean } {
  const { memory, port } = lane.handle();
  port.close();
  const opened = LaneMemory.open(memory);
  return { isDead: (thread) => opened.load(thread) === THREAD_STATE.dead };
}

/** The death of a thread is an event, which comes within no promised time. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** While a turn waits, one timer looks after it; while it waits for a settling time, a second one runs. */
const settlingHasBegun = (runtime: ManualRuntime): Promise<void> => until(() => runtime.pendingTimers === 2);

describe('threads coordinator', () => {
  it('keeps the turns of four threads apart and their nonces rising', async () => {
    const lane = createThreadsCoordinator();
    const inside = new SharedArrayBuffer(4);
    const threads = await startWorkers(lane, 4);
    for (const thread of threads) thread.tell({ kind: 'turns', turns: 500, inside });
    const reports = await Promise.all(threads.map((thread) => thread.report('nonces')));
    expect(reports.map(({ overlaps }) => overlaps)).toEqual([0, 0, 0, 0]);
    const nonces = reports.flatMap((report) => report.nonces);
    expect(new Set(nonces).size).toBe(2_000);
    for (const report of reports) expect(report.nonces).toEqual(sorted(report.nonces));
  });

  it('never hands out a nonce twice, however fast the threads draw', async () => {
    const lane = createThreadsCoordinator();
    const threads = await startWorkers(lane, 2);
    for (const thread of threads) thread.tell({ kind: 'draw', nonces: 50_000 });
    const own = Array.from({ length: 50_000 }, () => lane.nonces.next());
    const reports = await Promise.all(threads.map((thread) => thread.report('nonces')));
    const all = [own, ...reports.map(({ nonces }) => nonces)];
    expect(new Set(all.flat()).size).toBe(150_000);
    for (const nonces of all) expect(nonces).toEqual(sorted(nonces));
  });

  it('draws again when another thread was quicker between reading the highest nonce and writing it', () => {
    let drawn: bigint | undefined;
    const wallNs = (): bigint => {
      drawn ??= joined.nonces?.next();
      return NONCE_MIN;
    };
    const lane = createThreadsCoordinator({
      runtime: { ...systemRuntime, clock: { ...systemRuntime.clock, wallNs } },
    });
    const handle = lane.handle();
    const joined = joinThreads(handle);
    expect(lane.nonces.next()).toBe((drawn ?? 0n) + 1n);
    handle.port.close();
  });

  for (const end of ['terminate', 'exit', 'throw'] as const) {
    it(`a thread that ends in its turn (${end}) frees the lane, after the settling time`, async () => {
      const { lane, runtime } = laneOutOfTime();
      const holder = await startWorker(lane);
      holder.tell({ kind: 'hold' });
      await holder.report('in-turn');
      const next = ask(lane);
      if (end === 'terminate') void holder.terminate();
      else holder.tell({ kind: end });
      await settlingHasBegun(runtime);
      runtime.advance(SETTLING_MS - 1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(next.hasBegun).toBe(false);
      runtime.advance(1);
      await next.done;
      expect(runtime.pendingTimers).toBe(0);
    });
  }

  it('a thread that ended in its turn while nobody waited is noticed by who comes next', async () => {
    const { lane, runtime } = laneOutOfTime();
    const holder = await startWorker(lane);
    holder.tell({ kind: 'hold' });
    await holder.report('in-turn');
    await holder.terminate();
    const next = ask(lane);
    await until(() => (runtime.advance(500), runtime.pendingTimers === 2));
    runtime.advance(SETTLING_MS);
    await next.done;
    await ask(lane).done;
  });

  it('a thread that ends while it waits is passed over, without a settling time', async () => {
    const { lane, runtime } = laneOutOfTime();
    const waiter = await startWorker(lane);
    await lane.turn('key', async () => {
      waiter.tell({ kind: 'wait' });
      await waiter.report('waiting');
      const thread = threadsOf(lane);
      void waiter.terminate();
      await until(() => thread.isDead(1));
    });
    await ask(lane).done;
    expect(runtime.pendingTimers).toBe(0);
  });

  it('takes threads up again after others have gone, for as long as the lane lives', async () => {
    const lane = createThreadsCoordinator();
    const threads = threadsOf(lane);
    for (let round = 0; round < 1_100; round += 1) {
      const { port, thread } = lane.handle();
      port.close();
      if (round % 100 === 0) await until(() => threads.isDead(thread));
    }
    const inside = new SharedArrayBuffer(4);
    const thread = await startWorker(lane);
    thread.tell({ kind: 'turns', turns: 3, inside });
    expect(await thread.report('nonces')).toMatchObject({ overlaps: 0 });
  });

  it('refuses a worker that was not handed the lane, rather than run a second one', async () => {
    const worker = new TestWorker({});
    workers.push(worker);
    expect(await worker.report('failed')).toEqual({ kind: 'failed', code: 'thread_without_lane' });
  });

  it('wakes nobody but the one whose turn has come, with 64 that wait', async () => {
    const lane = createThreadsCoordinator();
    const handles = Array.from({ length: 64 }, () => lane.handle());
    const notify = vi.spyOn(Atomics, 'notify');
    const begun: number[] = [];
    const turns = handles.map(async (handle, n) => {
      await joinThreads(handle).turn('key', async () => {
        begun.push(n);
        await new Promise((resolve) => setImmediate(resolve));
      });
    });
    await Promise.all(turns);
    expect(begun).toEqual(handles.map((_, n) => n));
    const woken = notify.mock.results.map(({ value }) => Number(value));
    expect(Math.max(...woken)).toBe(1);
    // The first one did not have to wait.
    expect(woken.reduce((sum, count) => sum + count)).toBe(63);
    notify.mockRestore();
    for (const { port } of handles) port.close();
  });

  it('draws no nonce for a thread that was taken for dead', async () => {
    const { lane, runtime } = laneOutOfTime();
    const handle = lane.handle();
    const [begun, kept] = [gate(), gate()];
    const isDrawn = joinThreads(handle).turn('key', async (turn) => {
      begun.open();
      await kept.opened;
      return turn.drawNonce();
    });
    await begun.opened;
    handle.port.close();
    const next = ask(lane);
    await settlingHasBegun(runtime);
    runtime.advance(SETTLING_MS);
    await next.done;
    kept.open();
    await expect(isDrawn).rejects.toThrow(LaneLostError);
  });

  it('gives the number of a dead thread to nobody while that still stands in the queue', async () => {
    const { lane, runtime } = laneOutOfTime();
    const handle = lane.handle();
    void joinThreads(handle).turn('key', () => new Promise(() => undefined));
    handle.port.close();
    const next = ask(lane);
    await settlingHasBegun(runtime);
    expect(lane.handle().thread).not.toBe(handle.thread);
    runtime.advance(SETTLING_MS);
    await next.done;
    expect(lane.handle().thread).toBe(handle.thread);
  });

  it('refuses those that wait when the thread that made the lane has ended', async () => {
    const lane = createThreadsCoordinator();
    const { memory, port, thread } = lane.handle();
    const { port1, port2 } = new MessageChannel();
    const joined = joinThreads({ memory, thread, port: port2 });
    const until = gate();
    const held = lane.turn('key', () => until.opened);
    const waiting = joined.turn('key', async () => undefined);
    port1.close();
    await expect(waiting).rejects.toThrow(LaneHostGoneError);
    await expect(joined.turn('key', async () => undefined)).rejects.toThrow(LaneHostGoneError);
    until.open();
    await held;
    port.close();
  });

  it('refuses who waits beyond its limit', async () => {
    const lane = createThreadsCoordinator({ waitersMax: 2 });
    const asked = [ask(lane), ask(lane)];
    await expect(ask(lane).done).rejects.toMatchObject({ code: 'lane_queue_full', waitersMax: 2 });
    await Promise.all(asked.map(({ done }) => done));
  });

  it('has no lane for more API keys than it was made for', async () => {
    const lane = createThreadsCoordinator({ scope: 'key', lanesMax: 2 });
    await lane.turn('a', async () => undefined);
    await lane.turn('b', async () => undefined);
    await expect(lane.turn('c', async () => undefined)).rejects.toThrow(LanesFullError);
  });
});

function sorted(nonces: readonly bigint[]): readonly bigint[] {
  return nonces.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
