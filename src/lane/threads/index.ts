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
/** The lane's protocol, step by step: for whoever explores it. */
export * as laneSteps from './lane-steps.ts';
export type { LanePlace, Orphan, Result, Stage, Step, Ticket, Transition } from './lane-steps.ts';
export { laneOfThisThread } from './this-thread.ts';
