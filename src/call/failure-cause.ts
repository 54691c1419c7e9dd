import { CallNotSentError, KrakenApiError, UnreadableReplyError } from './call-errors.ts';
import type { KrakenErrorInfo } from './kraken-error.ts';
import type { FailureCause } from './retry-decision.ts';

/** A failure, as far as the retry table and the lane need to know. */
export interface ReadFailure {
  readonly cause: FailureCause;
  /** How long Kraken said to wait, in milliseconds. */
  readonly toldToWaitMs: number | undefined;
  /**
   * No answer of Kraken's: it may still be at work on the call, so the lane stays taken for a while. A complete 2xx is an
   * answer, whatever it contains; a 5xx page is not, since a proxy sends one while the exchange works on.
   */
  readonly mayBeInService: boolean;
  /** Kraken refused the key, the signature or the nonce; many of these lead to a lockout. */
  readonly refusesKey: boolean;
}

/** Kraken documents these as what leads to `EGeneral:Temporary lockout` (errors guide; support, API error codes). */
const KEY_REFUSALS: ReadonlySet<string> = new Set(['Invalid nonce', 'Invalid key', 'Invalid signature']);

/** Longer than any wait that makes sense in a lane, and than a clock difference can fake. */
const WAIT_MS_MAX = 60_000;

/** Kraken's error strings by what they mean for sending again (Kraken docs, errors guide and rate limits). */
const CAUSES: ReadonlyMap<string, FailureCause> = new Map([
  ['EAPI:Invalid nonce', 'invalid-nonce'],
  ['EAPI:Rate limit exceeded', 'throttled'],
  ['EAuth:Rate limit exceeded', 'throttled'],
  ['EAuth:Too many requests', 'throttled'],
  ['EGeneral:Too many requests', 'throttled'],
  ['EOrder:Rate limit exceeded', 'rate-limited'],
  ['EOrder:Domain rate limit exceeded', 'rate-limited'],
  ['EService:Throttled', 'throttled'],
  ['EService:Deadline elapsed', 'deadline'],
  ['EGeneral:Invalid arguments:deadline', 'deadline'],
  ['EGeneral:Temporary lockout', 'locked-out'],
  ['EGeneral:Internal error', 'unknown'],
  ['EDatabase:Internal error', 'unknown'],
  ['EService:Unavailable', 'unknown'],
  ['EService:Busy', 'unknown'],
]);

/** What an error string means for sending again. */
export function causeOfKrakenError(error: KrakenErrorInfo): FailureCause {
  const code = `E${error.category}:${error.message}`;
  return CAUSES.get(`${code}:${error.extra}`) ?? CAUSES.get(code) ?? 'refused';
}

/**
 * Causes that leave open whether a call which changes something took effect.
 * - `unknown`: orders were seen live after errors of the service itself.
 * - `invalid-nonce`: it speaks for one delivery of the request. A proxy, a service mesh or a retrying dispatcher
 *   can deliver the same bytes twice and pass on the second reply only; Kraken then executed the first. A nonce
 *   that was not above all earlier ones does not prove the contrary: the first delivery may have come before
 *   the higher nonce of another process, and a key with a nonce window accepts lower ones.
 * - `throttled`: it speaks for one delivery, too. The first delivery uses up the room that the second one lacks, and
 *   Kraken does not document that it looks at the nonce first.
 */
const LEAVES_OPEN: ReadonlySet<FailureCause> = new Set(['unknown', 'invalid-nonce', 'throttled']);

/** Whether an answer leaves open if the call took effect. */
export function leavesOutcomeOpen(errors: readonly KrakenErrorInfo[]): boolean {
  return errors.some((error) => error.severity === 'error' && LEAVES_OPEN.has(causeOfKrakenError(error)));
}

/**
 * Reads what a failed attempt means.
 * @param exchangeNowMs - the time at the exchange, for `EService: Throttled: <unix time>`
 */
export function readFailure(error: unknown, exchangeNowMs: number): ReadFailure {
  if (error instanceof KrakenApiError) return readAnswer(error, exchangeNowMs);
  if (error instanceof CallNotSentError) return { ...NO_ANSWER, cause: 'not-sent', mayBeInService: false };
  if (error instanceof UnreadableReplyError && error.status === 429) return readTooMany(error);
  if (error instanceof UnreadableReplyError) return { ...NO_ANSWER, mayBeInService: !error.isComplete };
  return NO_ANSWER;
}

const NO_ANSWER: ReadFailure = {
  cause: 'unknown',
  toldToWaitMs: undefined,
  mayBeInService: true,
  refusesKey: false,
};

/** Of several errors the one that leaves most open counts. */
function readAnswer(error: KrakenApiError, exchangeNowMs: number): ReadFailure {
  const errors = error.errors.filter((info) => info.severity === 'error');
  const causes = errors.map(causeOfKrakenError);
  const cause = SEVEREST_FIRST.find((candidate) => causes.includes(candidate)) ?? 'refused';
  const throttled = errors.find((info) => info.message === 'Throttled');
  const refusesKey = errors.some((info) => info.category === 'API' && KEY_REFUSALS.has(info.message));
  return {
    cause,
    toldToWaitMs: waitUntil(throttled?.extra, exchangeNowMs),
    mayBeInService: false,
    refusesKey,
  };
}

const SEVEREST_FIRST: readonly FailureCause[] = [
  'unknown',
  'locked-out',
  'refused',
  'deadline',
  'invalid-nonce',
  'throttled',
  'rate-limited',
];

function waitUntil(unixSeconds: string | undefined, exchangeNowMs: number): number | undefined {
  if (unixSeconds === undefined || !/^\d{1,12}(\.\d+)?$/.test(unixSeconds)) return undefined;
  return clampWait(Number(unixSeconds) * 1000 - exchangeNowMs);
}

function readTooMany(error: UnreadableReplyError): ReadFailure {
  const { retryAfterS } = error;
  const toldToWaitMs = retryAfterS === undefined ? undefined : clampWait(retryAfterS * 1000);
  return { ...NO_ANSWER, cause: 'throttled', toldToWaitMs, mayBeInService: false };
}

function clampWait(ms: number): number {
  return Math.min(Math.max(ms, 0), WAIT_MS_MAX);
}
