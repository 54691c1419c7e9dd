export { NonceproofError } from './errors.ts';
export type { Clock, Runtime, TimerHandle, Timers } from './runtime.ts';
export type { Coordinator, LaneScope, Turn, TurnOptions } from './coordinator.ts';
export { TransportError } from './transport.ts';
export type { Delivery, HttpReply, HttpRequest, HttpTransport } from './transport.ts';
export { ApiLock } from './api-lock.ts';
export type { ApiLockOptions, TurnInfo } from './api-lock.ts';
export {
  ApiLockQueueFullError,
  ApiLockWaitCancelledError,
  ApiLockWaitTimeoutError,
} from './api-lock-errors.ts';
export { createNonceSource, NONCE_MAX, NONCE_MIN, NonceRangeError } from './nonce-source.ts';
export type { NonceSource } from './nonce-source.ts';
export { createLocalCoordinator, LocalCoordinator, TurnEndedError } from './local-coordinator.ts';
export type { LocalCoordinatorOptions } from './local-coordinator.ts';
export {
  getGlobalKrakenNonce,
  getKrakenApiLock,
  GlobalKrakenNonceManager,
  ManagerInUseError,
  NoGlobalLockError,
} from './global-kraken-nonce-manager.ts';
export type { ManagerOptions } from './global-kraken-nonce-manager.ts';
export { systemRuntime } from './system.ts';
