/** The one file of this folder that looks at the thread it runs in. */
import { isMainThread, workerData } from 'node:worker_threads';
import { NonceproofError } from '../../errors.ts';
import type { Runtime } from '../../runtime.ts';
import { joinThreads, THREADS_HANDLE } from './threads-coordinator.ts';
import type { ThreadsCoordinator, ThreadsHandle } from './threads-coordinator.ts';

/**
 * The lane of the process was asked for in a worker thread that nobody handed it to. A lane of its own would
 * look the same, and let its calls overlap those of the other threads.
 */
export class ThreadWithoutLaneError extends NonceproofError {
  constructor() {
    super(
      'thread_without_lane',
      'Failed to find the lane: this is a worker thread, and it was not handed the lane of the others. Make one with createThreadsCoordinator(), give it to the manager there, and start workers with new Worker(file, lane.share()). If no other thread uses these API keys, say so: GlobalKrakenNonceManager.configure({ coordinator: createLocalCoordinator({ runtime: systemRuntime }) }).',
    );
  }
}

/**
 * The lane that this thread was handed when it was started; `undefined` in the main thread, which makes its own.
 * @throws {ThreadWithoutLaneError} in a worker that was handed none
 */
export function laneOfThisThread(runtime: Runtime): ThreadsCoordinator | undefined {
  if (isMainThread) return undefined;
  const handle = handleIn(workerData);
  if (handle === undefined) throw new ThreadWithoutLaneError();
  return joinThreads(handle, runtime);
}

function handleIn(data: unknown): ThreadsHandle | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  return (data as { [THREADS_HANDLE]?: ThreadsHandle })[THREADS_HANDLE];
}
