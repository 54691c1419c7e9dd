import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualRuntime } from '../manual-runtime.test-support.ts';
import { createThreadsCoordinator, LanesFullError } from './index.ts';
import type { ThreadsCoordinatorHost } from './index.ts';
import type { WorkerOrder, WorkerReport } from './worker.test-support.ts';

/** Node 20 has no loader for TypeScript in a worker: the worker registers one before it imports its program. */
const PROGRAM = `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(({ register }) => {
  register();
  return import(${JSON.stringify(new URL('./worker.test-support.ts', import.meta.url).href)});
})`;
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

/** The death of a thread is told by an event; how soon, nobody promises. */
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
      await waiter.terminate();
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    await ask(lane).done;
    expect(runtime.pendingTimers).toBe(0);
  });

  it('takes threads up again after others have gone, for as long as the lane lives', async () => {
    const lane = createThreadsCoordinator();
    for (let round = 0; round < 1_100; round += 1) {
      const { port } = lane.handle();
      port.close();
      if (round % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
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
