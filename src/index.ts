export { NonceproofError } from './errors.ts';
export type { Clock, Runtime, TimerHandle, Timers } from './runtime.ts';
export type { Coordinator, LaneScope, Turn, TurnOptions } from './lane/index.ts';
export { TransportError } from './call/index.ts';
export type { Delivery, HttpReply, HttpRequest, HttpTransport } from './call/index.ts';
export { ApiLock } from './lane/index.ts';
export type { ApiLockOptions } from './lane/index.ts';
export type { TurnInfo } from './lane/index.ts';
export { AccountQueueFullError, AccountWaitError } from './account/index.ts';
export { ApiLockQueueFullError, ApiLockWaitCancelledError, ApiLockWaitTimeoutError } from './lane/index.ts';
export { createNonceSource, NONCE_MAX, NONCE_MIN, NonceRangeError } from './nonce/index.ts';
export type { NonceSource } from './nonce/index.ts';
export { createLocalCoordinator, LocalCoordinator } from './lane/index.ts';
export type { LocalCoordinatorOptions } from './lane/index.ts';
export type { LaneCoordinator } from './lane/index.ts';
export { LaneLostError } from './lane/index.ts';
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
} from './lane/threads/index.ts';
export type { ThreadsCoordinatorOptions, ThreadsHandle } from './lane/threads/index.ts';
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
export { importApiSecret, signRequest } from './call/index.ts';
export type { ApiSecret, SignatureInput } from './call/index.ts';
export { encodeForm, encodeJson, InvalidParamsError } from './call/index.ts';
export type { BodyFormat, CallParams } from './call/index.ts';
export { parseKrakenError } from './call/index.ts';
export type { KrakenErrorInfo } from './call/index.ts';
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
} from './call/index.ts';
export type { CallErrorFacts, CallOutcome } from './call/index.ts';
export { CALL_CHANNEL } from './call/index.ts';
export type { CallEvent, CallEventBase, CallStep } from './call/index.ts';
export { callEffect, decideRetry, RETRY_TABLE } from './call/index.ts';
export type { Decision, Failure, FailureCause, MethodEffect, RetryRow } from './call/index.ts';
export { RATE_TIERS } from './account/index.ts';
export type { RateLimits, RateTier } from './account/index.ts';
export { keyFingerprint } from './account/index.ts';
export { createUndiciTransport, KRAKEN_BASE_URL } from './call/index.ts';
export type { UndiciTransportOptions } from './call/index.ts';
export { InvalidOptionError } from './client-options.ts';
export type { KrakenClientOptions, SharedClientOptions } from './client-options.ts';
export type { CallIdentity, OtpSource } from './account/index.ts';
export { ClientClosedError, KrakenClient } from './kraken-client.ts';
export type { CallOptions, PlaceOrderOptions, QueryOptions } from './kraken-client.ts';
export { keepHighWaterMark } from './lane/index.ts';
export type { HighWaterMarkOptions } from './lane/index.ts';
export type { MarkStore } from './nonce/index.ts';
export { createFileMarkStore, MarkFileError } from './nonce/index.ts';
export type { DurableFiles } from './durable-files.ts';
export { KrakenBroker } from './kraken-broker.ts';
export type { MarketOrder } from './kraken-broker.ts';
export { CredentialsError, masterCredentials, userCredentials } from './account/index.ts';
export type { AccountCredentials, CredentialsSource, Environment } from './account/index.ts';
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
export type { SkipReason } from './orders/index.ts';
export { PairRulesError } from './orders/index.ts';
export type { CopyReport, CopyTraderOptions, UserCopy } from './copy-trader.ts';
export { PlacingBlockedError, PlacingWaitError } from './orders/index.ts';
export {
  CancelIncompleteError,
  OrderAbsentError,
  OrderIdInUseError,
  OrderOutcomeUnknownError,
} from './orders/index.ts';
export { OrderListMissingError } from './orders/index.ts';
export type { FoundOrder } from './orders/index.ts';
export type * from './kraken-types.ts';
