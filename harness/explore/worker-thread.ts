/** What the other threads of an exploration run. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadClientModule } from '../run/targets/index.ts';
import { runChunk } from './chunk.ts';
import type { Chunk, ChunkPlan, ChunkResult } from './chunk.ts';
import { inSession } from './exploration-session.ts';
import type { ExplorationSession } from './exploration-session.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly plan: ChunkPlan;
  /** File URL of the client module. */
  readonly url: string;
  /** One number in memory that is shared: 1 when the thread is to stop. */
  readonly stop: Int32Array;
}

/** What a thread says. */
export type ThreadMessage =
  | { readonly kind: 'progress'; readonly schedules: number }
  | { readonly kind: 'result'; readonly result: ChunkResult };

/** Runs chunk after chunk as they come in. */
export function serve(): void {
  const { plan, url, stop } = workerData as ThreadData;
  // Within the first lab, as anywhere else, and then never again: asking a loader for TypeScript takes milliseconds.
  let loaded: ReturnType<typeof loadClientModule> | undefined;
  const target = { name: url, title: url, url, load: () => (loaded ??= loadClientModule(url)) };
  const shouldStop = (): boolean => Atomics.load(stop, 0) === 1;
  parentPort?.on('message', (chunk: Chunk) => {
    let told = 0;
    const onSchedules = (schedules: number): void => {
      say({ kind: 'progress', schedules: schedules - told });
      told = schedules;
    };
    const work = (lab: ExplorationSession): Promise<ChunkResult> =>
      runChunk(chunk, { plan, lab, watch: { shouldStop, onSchedules } });
    void inSession(target, work, plan.conditions).then((result) => say({ kind: 'result', result }));
  });
}

function say(message: ThreadMessage): void {
  parentPort?.postMessage(message, []);
}
