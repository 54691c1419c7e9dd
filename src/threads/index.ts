export {
  createThreadsCoordinator,
  joinThreads,
  LaneHostGoneError,
  THREADS_HANDLE,
  ThreadsCoordinator,
  ThreadsCoordinatorHost,
  ThreadsFullError,
} from './threads-coordinator.ts';
export type { ThreadsCoordinatorOptions, ThreadsHandle } from './threads-coordinator.ts';
export { LanesFullError } from './lane-memory.ts';
export type { LaneMemoryFacts, LaneMemoryHandle } from './lane-memory.ts';
export { ThreadWithoutLaneError } from './this-thread.ts';
