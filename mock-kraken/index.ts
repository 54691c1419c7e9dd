export type { AdminApi, AdminOptions } from './admin/index.ts';
export type { ApiKey, KeySettings } from './api-key.ts';
export type { ExchangeCall, Rejection } from './call.ts';
export { generateCredentials, type Credentials, type CredentialsOptions } from './credentials.ts';
export { createExchangeDispatcher } from './dispatcher.ts';
export type { DoorOptions } from './door.ts';
export { createExchange, type Exchange, type NewAccount, type TurnedAway } from './exchange.ts';
export { ExchangeError } from './exchange-error.ts';
export type { AnyVenue, ExchangeOptions, NonceCommit, VenueHooks } from './exchange-options.ts';
export {
  durationOf,
  FAULT_KINDS,
  FaultPlanError,
  faultPlanJsonSchema,
  kindsOf,
  namedFaultPlan,
  parseFaultPlan,
  stageOf,
  type Fault,
  type FaultKind,
  type FaultPlan,
  type FaultPlanName,
  type FaultStage,
  type NamedPlanOptions,
  type PlannedFault,
} from './faults/index.ts';
export { listenHttp, type HttpDoor, type HttpDoorOptions } from './http.ts';
export type { Intent } from './intents.ts';
export type { AdmissionRule, JournalRecord, Outcome } from './journal.ts';
export type { Effect } from './venue.ts';
export { keyFingerprint } from './key-fingerprint.ts';
export { invalidArguments, KRAKEN_ERRORS, throttled } from './kraken-errors.ts';
export type { LaneScope } from './lanes.ts';
export type { LimitsOptions } from './limits/limits-options.ts';
export type { Tier } from './limits/tiers.ts';
export { PERMISSIONS, type Permission, type PermissionTable } from './permissions.ts';
export type { ReceivedBody } from './read-body.ts';
export { refusalColumn, type RefusalColumn } from './refusal-columns.ts';
export type { Delivery, ExchangeReply } from './reply.ts';
export type { BodyProblem } from './request-body.ts';
export type { RequestHead } from './request-head.ts';
export type { HeldCalls, ServiceTime } from './service-time.ts';
export { startMockKraken, type MockKraken, type MockKrakenOptions } from './start-mock-kraken.ts';
export { systemWorld } from './system.ts';
export {
  createVenue,
  TRADING_ERRORS,
  VenueError,
  type NewPair,
  type TradingVenue,
  type VenueOptions,
} from './trading/index.ts';
export type {
  EndpointReply,
  KeyInfo,
  OrderFacts,
  PrivateRequest,
  RequestParams,
  Venue,
  VenueControls,
} from './venue.ts';
export type { DoorTimers, DoorWorld } from './world.ts';
