export {
  ApiLockQueueFullError,
  ApiLockWaitCancelledError,
  ApiLockWaitTimeoutError,
} from './api-lock-errors.ts';
export { ApiLock } from './api-lock.ts';
export type { ApiLockOptions } from './api-lock.ts';
export type { Coordinator, LaneScope, Turn, TurnOptions } from './coordinator.ts';
export { keepHighWaterMark } from './high-water-mark.ts';
export type { HighWaterMarkOptions } from './high-water-mark.ts';
export type { LaneCoordinator } from './lane-coordinator.ts';
export { LaneLostError } from './lane-errors.ts';
export { createLocalCoordinator, LocalCoordinator } from './local-coordinator.ts';
export type { LocalCoordinatorOptions } from './local-coordinator.ts';
export type { TurnInfo } from './turn-info.ts';
