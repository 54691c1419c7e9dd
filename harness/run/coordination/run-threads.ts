import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { createThreadsCoordinator } from '../../../src/index.ts';
import type { ThreadsCoordinatorOptions } from '../../../src/index.ts';

/** What the threads of a process run. */
export interface ThreadsPlan {
  readonly threads: number;
  /** File URL of the program. Each thread finds its number by {@link threadIndex}. */
  readonly program: string;
  /** The lane that they share; `null`: nobody hands them one. */
  readonly lane: ThreadsCoordinatorOptions | null;
}

/** The number of this thread, from 0; `null` in a process that has only one. */
export function threadIndex(): number | null {
  if (isMainThread) return null;
  return (workerData as { readonly thread: number }).thread;
}

/**
 * Runs a program in several threads at once.
 * @returns the first status other than 0 that one of them ended with
 */
export async function runThreads({ lane, program, threads }: ThreadsPlan): Promise<number> {
  const host = lane === null ? undefined : createThreadsCoordinator(lane);
  const statuses = Array.from({ length: threads }, (_, thread) => {
    const options = { workerData: { thread }, eval: true };
    return ended(new Worker(threadProgram(program), host?.share(options) ?? options));
  });
  return (await Promise.all(statuses)).find((status) => status !== 0) ?? 0;
}

function ended(worker: Worker): Promise<number> {
  worker.once('error', (error) => void process.stderr.write(`${error.stack ?? error.message}\n`));
  return new Promise((resolve) => worker.once('exit', resolve));
}

/**
 * What a worker is given as its program, with `eval`: Node 20 loads no TypeScript in a worker unless the worker
 * itself registers a loader for it.
 * @param program - file URL
 */
export function threadProgram(program: string): string {
  const run = `import(${JSON.stringify(program)})`;
  if (!program.endsWith('.ts')) return run;
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `import(${loader}).then(({ register }) => { register(); return ${run}; })`;
}
