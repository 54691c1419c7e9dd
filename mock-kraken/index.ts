export type { AdminApi, AdminOptions } from './admin/index.ts';
export type { ApiKey, KeySettings } from './exchange/index.ts';
export type { ExchangeCall, Rejection } from './exchange/index.ts';
export { generateCredentials, type Credentials, type CredentialsOptions } from './exchange/index.ts';
export { createExchangeDispatcher } from './adapters/index.ts';
export type { AdapterOptions } from './adapters/index.ts';
export { createExchange, type Exchange, type NewAccount, type TurnedAway } from './exchange/index.ts';
export { ExchangeError } from './exchange/index.ts';
export type { AnyVenue, ExchangeOptions, NonceCommit, VenueHooks } from './exchange/index.ts';
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
export { listenHttp, type HttpAdapter, type HttpAdapterOptions } from './adapters/index.ts';
export type { Intent } from './exchange/index.ts';
export type { AdmissionRule, JournalRecord, Outcome } from './exchange/index.ts';
export type { Effect } from './venue-interface.ts';
export { keyFingerprint } from './key-fingerprint.ts';
export { invalidArguments, KRAKEN_ERRORS, throttled } from './kraken-errors.ts';
export type { LaneScope } from './exchange/index.ts';
export type { LimitsOptions } from './limits/index.ts';
export type { Tier } from './limits/index.ts';
export { PERMISSIONS, type Permission, type PermissionTable } from './exchange/index.ts';
export type { ReceivedBody } from './exchange/index.ts';
export { refusalColumn, type RefusalColumn } from './exchange/index.ts';
export type { Delivery, ExchangeReply } from './exchange-reply.ts';
export type { BodyProblem } from './exchange/index.ts';
export type { RequestHead } from './exchange/index.ts';
export type { HeldCalls, ServiceTime } from './exchange/index.ts';
export { startMockKraken, type MockKraken, type MockKrakenOptions } from './start-mock-kraken.ts';
export { systemWorld } from './system.ts';
export { createVenue, type TradingVenue } from './venue/index.ts';
export { TRADING_ERRORS, VenueError } from './venue/errors/index.ts';
export { type NewPair } from './venue/catalog/index.ts';
export { type VenueOptions } from './venue-options.ts';
export type {
  EndpointReply,
  KeyInfo,
  OrderFacts,
  PrivateRequest,
  RequestParams,
  Venue,
  VenueControls,
} from './venue-interface.ts';
export type { AdapterTimers, AdapterWorld } from './world.ts';
