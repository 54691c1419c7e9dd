import { Worker } from 'node:worker_threads';
import { runChunk } from './chunk.ts';
import type { Chunk, ChunkPlan, ChunkResult, ChunkWatch } from './chunk.ts';
import type { WorkQueue } from './work-queue.ts';
import type { ExplorationSession } from './exploration-session.ts';
import type { ExploreTarget } from './target.ts';
import type { ThreadData, ThreadMessage } from './worker-thread.ts';

/** Somebody who runs one chunk at a time. */
interface PoolWorker {
  run(chunk: Chunk): Promise<ChunkResult>;
  dismiss(): Promise<void>;
}

/** What a {@link WorkerPool} works on. */
export interface WorkerPoolOptions {
  readonly plan: ChunkPlan;
  readonly lab: ExplorationSession;
  readonly target: ExploreTarget;
  /** Threads, this one included. More than one needs a target that is a file. */
  readonly threads: number;
  /** The others are started when the crew has worked for so long. */
  readonly threadsAfterMs: number;
  /** Monotonic milliseconds of the host. */
  readonly nowMs: () => number;
  readonly shouldStop: () => boolean;
  /** Told how many schedules were run since it was told last. */
  readonly onProgress: (schedules: number) => void;
}

/**
 * Runs the chunks of a dealer on several threads, this one among them. What comes of it does not depend on how many
 * there are: results count in the order in which the chunks were dealt, up to the first that holds a failure.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #results: (ChunkResult | undefined)[] = [];
  #hasFailed = false;
  #underway = 0;
  #wake: () => void = () => undefined;
  #change: Promise<void> = Promise.resolve();
  /** The other threads, once they are there, and when each has nothing left to do. */
  #others: readonly { readonly member: PoolWorker; readonly served: Promise<void> }[] | null = null;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** The results up to the first failure, in the order of dealing. */
  async run(dealer: WorkQueue): Promise<readonly ChunkResult[]> {
    this.#expectChange();
    try {
      await this.#serve(this.#thisThread(dealer), dealer);
      await Promise.all((this.#others ?? []).map(({ served }) => served));
    } finally {
      await Promise.all((this.#others ?? []).map(({ member }) => member.dismiss()));
    }
    const results = this.#results.filter((result) => result !== undefined);
    const failed = results.findIndex(({ failure }) => failure !== null);
    return failed < 0 ? results : results.slice(0, failed + 1);
  }

  /** Starts the other threads, when that is worth it: they take a second or two to load. */
  #callOthers(dealer: WorkQueue, workedMs: number): void {
    const { target, threads, threadsAfterMs } = this.#options;
    if (this.#others !== null || target.url === null || workedMs < threadsAfterMs) return;
    this.#others = Array.from({ length: threads - 1 }, () => {
      const member = this.#otherThread();
      const served = this.#serve(member, dealer);
      // It is awaited when this thread has nothing left to do.
      served.catch(() => undefined);
      return { member, served };
    });
  }

  async #serve(member: Pick<PoolWorker, 'run'>, dealer: WorkQueue): Promise<void> {
    for (;;) {
      const chunk = this.#hasFailed || this.#options.shouldStop() ? null : dealer.next();
      if (chunk !== null) await this.#runOne(member, { chunk, dealer });
      else if (this.#underway === 0) return;
      else await this.#change;
    }
  }

  async #runOne(
    member: Pick<PoolWorker, 'run'>,
    { chunk, dealer }: { readonly chunk: Chunk; readonly dealer: WorkQueue },
  ): Promise<void> {
    const place = this.#results.push(undefined) - 1;
    this.#underway += 1;
    try {
      const result = await member.run(chunk);
      this.#results[place] = result;
      this.#hasFailed ||= result.failure !== null;
      dealer.finished(chunk, result);
    } finally {
      this.#underway -= 1;
      this.#wake();
      this.#expectChange();
    }
  }

  #expectChange(): void {
    this.#change = new Promise((resolve) => (this.#wake = resolve));
  }

  #thisThread(dealer: WorkQueue): Pick<PoolWorker, 'run'> {
    const { plan, lab, shouldStop, onProgress, nowMs } = this.#options;
    const startedMs = nowMs();
    return {
      run: (chunk) => {
        this.#callOthers(dealer, nowMs() - startedMs);
        return runChunk(chunk, { plan, lab, watch: { shouldStop, onSchedules: progressOf(onProgress) } });
      },
    };
  }

  #otherThread(): PoolWorker {
    const { plan, target, shouldStop, onProgress } = this.#options;
    return new ThreadMember({ plan, url: target.url ?? '' }, { shouldStop, onSchedules: onProgress });
  }
}

/** Turns running totals, which begin anew with each chunk, into differences. */
function progressOf(onProgress: (schedules: number) => void): (schedules: number) => void {
  let last = 0;
  return (schedules) => {
    onProgress(schedules < last ? schedules : schedules - last);
    last = schedules;
  };
}

/** More room for what dies young, which is nearly everything that a world is made of. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 64 };

/** What waits for a chunk. */
interface Waiting {
  resolve(result: ChunkResult): void;
  reject(error: Error): void;
}

/** Another thread, with a lab of its own. Started when it is first needed. */
class ThreadMember implements PoolWorker {
  readonly #data: ThreadData;
  readonly #watch: ChunkWatch;
  #worker: Worker | null = null;
  #waiting: Waiting | null = null;

  constructor(data: Omit<ThreadData, 'stop'>, watch: ChunkWatch) {
    this.#data = { ...data, stop: new Int32Array(new SharedArrayBuffer(4)) };
    this.#watch = watch;
  }

  run(chunk: Chunk): Promise<ChunkResult> {
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      worker.postMessage(chunk, []);
    });
  }

  async dismiss(): Promise<void> {
    this.#waiting = null;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = startThread(this.#data);
    worker.on('message', (message: ThreadMessage) => this.#hear(message));
    worker.on('error', (error) => this.#waiting?.reject(error));
    worker.on('exit', (status) => this.#waiting?.reject(new Error(`A thread ended with status ${status}.`)));
    return worker;
  }

  #hear(message: ThreadMessage): void {
    if (message.kind === 'result') return this.#waiting?.resolve(message.result);
    this.#watch.onSchedules(message.schedules);
    if (this.#watch.shouldStop()) Atomics.store(this.#data.stop, 0, 1);
  }
}

/** Node 20 loads no TypeScript in a worker unless the worker itself registers a loader for it. */
function startThread(data: ThreadData): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const program = new URL(isSource ? './worker-thread.ts' : './worker-thread.js', import.meta.url).href;
  const run = `import(${JSON.stringify(program)}).then(({ serve }) => serve())`;
  const loader = isSource ? JSON.stringify(import.meta.resolve('tsx/esm/api')) : '';
  const code = isSource ? `import(${loader}).then(({ register }) => { register(); return ${run}; })` : run;
  return new Worker(code, { eval: true, workerData: data, resourceLimits: RESOURCE_LIMITS });
}
