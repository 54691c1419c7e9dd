export { Activity } from './activity.ts';
export {
  ASK_FIRST,
  CallCancelledError,
  CallError,
  CallNotSentError,
  CallNotStartedError,
  CallTimeoutError,
  InvalidNonceError,
  KeyRestingError,
  KrakenApiError,
  ReplyLostError,
  saysUnknownOrder,
  UnreadableReplyError,
} from './call-errors.ts';
export type { CallErrorFacts, CallOutcome } from './call-errors.ts';
export { CALL_CHANNEL } from './call-events.ts';
export type { CallEvent, CallEventBase, CallStep } from './call-events.ts';
export type { ClientContext } from './client-context.ts';
export { exchangeClockOf } from './exchange-clock.ts';
export { learnExchangeTime } from './exchange-time.ts';
export { parseKrakenError, saysIdInUse } from './kraken-error.ts';
export type { KrakenErrorInfo } from './kraken-error.ts';
export { AHEAD_MS_MAX, needsDeadline, OwnDeadline } from './order-deadline.ts';
export { privateCall } from './private-call.ts';
export type { PrivateRequest } from './private-call.ts';
export { publicCall } from './public-call.ts';
export { createRedact, secretForms } from './redaction.ts';
export { encodeForm, encodeJson, InvalidParamsError, prepareBody } from './request-body.ts';
export type { BodyFormat, CallParams, LateParam, PreparedBody } from './request-body.ts';
export { callEffect, decideRetry, RETRY_TABLE } from './retry-decision.ts';
export type { Decision, Failure, FailureCause, MethodEffect, RetryRow } from './retry-decision.ts';
export { ApiSecret, importApiSecret, signRequest } from './signature.ts';
export type { SignatureInput } from './signature.ts';
export { TransportError } from './transport.ts';
export type { Delivery, HttpReply, HttpRequest, HttpTransport } from './transport.ts';
export { createUndiciTransport, KRAKEN_BASE_URL } from './undici-transport.ts';
export type { UndiciTransportOptions } from './undici-transport.ts';
