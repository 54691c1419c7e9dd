export { NonceproofError } from './errors.ts';
export type { Clock, Runtime, TimerHandle, Timers } from './runtime.ts';
export type { Coordinator, LaneScope, Turn, TurnOptions } from './coordinator.ts';
export { TransportError } from './transport.ts';
export type { Delivery, HttpReply, HttpRequest, HttpTransport } from './transport.ts';
export { ApiLock } from './api-lock.ts';
export type { ApiLockOptions } from './api-lock.ts';
export type { TurnInfo } from './turn-info.ts';
export { AccountQueueFullError, AccountWaitError } from './account-order.ts';
export {
  ApiLockQueueFullError,
  ApiLockWaitCancelledError,
  ApiLockWaitTimeoutError,
} from './api-lock-errors.ts';
export { createNonceSource, NONCE_MAX, NONCE_MIN, NonceRangeError } from './nonce-source.ts';
export type { NonceSource } from './nonce-source.ts';
export { createLocalCoordinator, LocalCoordinator } from './local-coordinator.ts';
export type { LocalCoordinatorOptions } from './local-coordinator.ts';
export type { LaneCoordinator } from './lane-coordinator.ts';
export { LaneLostError } from './lane-errors.ts';
export {
  createThreadsCoordinator,
  joinThreads,
  LaneHostGoneError,
  LanesFullError,
  THREADS_HANDLE,
  ThreadsCoordinator,
  ThreadsCoordinatorHost,
  ThreadsFullError,
  ThreadWithoutLaneError,
} from './threads/index.ts';
export type { ThreadsCoordinatorOptions, ThreadsHandle } from './threads/index.ts';
export {
  getGlobalKrakenNonce,
  getKrakenApiLock,
  GlobalKrakenNonceManager,
  ManagerInUseError,
  NoGlobalLockError,
  NoGlobalNonceError,
} from './global-kraken-nonce-manager.ts';
export type { ManagerOptions } from './global-kraken-nonce-manager.ts';
export { systemRuntime } from './system.ts';
export { importApiSecret, signRequest } from './signature.ts';
export type { ApiSecret, SignatureInput } from './signature.ts';
export { encodeForm, encodeJson, InvalidParamsError } from './request-body.ts';
export type { BodyFormat, CallParams } from './request-body.ts';
export { parseKrakenError } from './kraken-error.ts';
export type { KrakenErrorInfo } from './kraken-error.ts';
export {
  CallCancelledError,
  CallError,
  CallNotSentError,
  CallNotStartedError,
  CallTimeoutError,
  InvalidNonceError,
  KeyRestingError,
  KrakenApiError,
  ReplyLostError,
  UnreadableReplyError,
} from './call-errors.ts';
export type { CallErrorFacts, CallOutcome } from './call-errors.ts';
export { CALL_CHANNEL } from './call-events.ts';
export type { CallEvent, CallEventBase, CallStep } from './call-events.ts';
export { callEffect, decideRetry, RETRY_TABLE } from './retry-decision.ts';
export type { Decision, Failure, FailureCause, MethodEffect, RetryRow } from './retry-decision.ts';
export { RATE_TIERS } from './rate-budget.ts';
export type { RateLimits, RateTier } from './rate-budget.ts';
export { keyFingerprint } from './key-fingerprint.ts';
export { createUndiciTransport, KRAKEN_BASE_URL } from './undici-transport.ts';
export type { UndiciTransportOptions } from './undici-transport.ts';
export { InvalidOptionError } from './client-options.ts';
export type { KrakenClientOptions, SharedClientOptions } from './client-options.ts';
export type { CallIdentity, OtpSource } from './otp-source.ts';
export { ClientClosedError, KrakenClient } from './kraken-client.ts';
export type { CallOptions, PlaceOrderOptions, QueryOptions } from './kraken-client.ts';
export { keepHighWaterMark } from './high-water-mark.ts';
export type { HighWaterMarkOptions } from './high-water-mark.ts';
export type { MarkStore } from './mark-store.ts';
export { createFileMarkStore, MarkFileError } from './file-mark-store.ts';
export type { DurableFiles } from './durable-files.ts';
export { KrakenBroker } from './kraken-broker.ts';
export type { MarketOrder } from './kraken-broker.ts';
export { CredentialsError, masterCredentials, userCredentials } from './credentials.ts';
export type { AccountCredentials, CredentialsSource, Environment } from './credentials.ts';
export { initializeKrakenMaster, initializeKrakenUsers } from './initialize.ts';
export type {
  FailedAccount,
  InitializedAccount,
  InitializedUsers,
  InitializeMasterOptions,
  InitializeOptions,
  InitializeUsersOptions,
} from './initialize.ts';
export { CopyScaleError, CopyTrader } from './copy-trader.ts';
export type { SkipReason } from './copy-scale.ts';
export { PairRulesError } from './pair-rules.ts';
export type { CopyReport, CopyTraderOptions, UserCopy } from './copy-trader.ts';
export { PlacingBlockedError, PlacingWaitError } from './calls-in-doubt.ts';
export {
  CancelIncompleteError,
  OrderAbsentError,
  OrderIdInUseError,
  OrderOutcomeUnknownError,
} from './order-errors.ts';
export { OrderListMissingError } from './order-lookup.ts';
export type { FoundOrder } from './order-lookup.ts';
export type * from './kraken-types.ts';
