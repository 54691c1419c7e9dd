import type { ExchangeCall, Rejection } from './call.ts';
import type { ExchangeSettings } from './exchange-options.ts';
import { KRAKEN_ERRORS, throttled } from '../kraken-errors.ts';
import type { Limits } from '../limits/index.ts';
import { isPermitted } from './permissions.ts';
import { addressOf, apiKeyOf, headerOf, pathOf } from './request-head.ts';
import { isSignedBy } from './signature.ts';

/** What the checks look at besides the call itself. */
export interface AdmissionContext {
  readonly settings: ExchangeSettings;
  /** `null` when limits are off. */
  readonly limits: Limits | null;
  /** Wall-clock milliseconds at the exchange. */
  readonly atMs: number;
}

/** One check: the error of a call that does not pass, `null` for one that does. */
type Check = (call: ExchangeCall, context: AdmissionContext) => string | null;

/** Nobody knows yet who is asking. */
const KEY_CHECKS: readonly Check[] = [checkKey, checkExpiry, checkAddress, checkNonceText];
const SIGNATURE_CHECKS: readonly Check[] = [checkSignature, checkOtp];

/** Who is asking, for each commit point of the nonce. The order is not documented by Kraken. */
const AUTHENTICATION: Readonly<Record<ExchangeSettings['nonceCommit'], readonly Check[]>> = {
  'before-signature': [...KEY_CHECKS, commitNonce, ...SIGNATURE_CHECKS],
  'after-signature': [...KEY_CHECKS, ...SIGNATURE_CHECKS, commitNonce],
  'on-success': [...KEY_CHECKS, ...SIGNATURE_CHECKS, compareNonce],
};

/** Whether the one who asks may do so now. */
const ADMISSION: readonly Check[] = [checkOverlap, checkConcurrency, checkCounter, checkPermission];

/** Runs the checks up to the first that the call does not pass. Call it once, when the body has arrived. */
export function admit(call: ExchangeCall, context: AdmissionContext): Rejection | null {
  const error =
    checkLockout(call, context) ?? authenticate(call, context) ?? firstError(ADMISSION, call, context);
  return error === null ? null : { error, status: 200 };
}

function firstError(checks: readonly Check[], call: ExchangeCall, context: AdmissionContext): string | null {
  for (const check of checks) {
    const error = check(call, context);
    if (error !== null) return error;
  }
  return null;
}

/** Kraken support, API error codes: failures count towards a lockout, and against the call counter as well. */
function authenticate(call: ExchangeCall, context: AdmissionContext): string | null {
  const error = firstError(AUTHENTICATION[context.settings.nonceCommit], call, context);
  const { limits, atMs } = context;
  if (error === null) {
    if (call.key !== null) call.key.lastUsedMs = atMs;
    limits?.lockout.noteSuccess(lockoutSubject(call, limits));
    return null;
  }
  limits?.lockout.noteFailure(lockoutSubject(call, limits), atMs);
  checkCounter(call, context);
  return error;
}

function checkLockout(call: ExchangeCall, { limits, atMs }: AdmissionContext): string | null {
  const isLocked = limits?.lockout.isLocked(lockoutSubject(call, limits), atMs) ?? false;
  return isLocked ? KRAKEN_ERRORS.temporaryLockout : null;
}

/** A key by its fingerprint: made-up keys may be as long as a request's head. */
function lockoutSubject({ head, record }: ExchangeCall, { settings }: Limits): string {
  return settings.lockoutOf === 'key' ? (record.key ?? '') : addressOf(head);
}

/** Kraken docs, errors guide: a missing, malformed or unknown `API-Key`. */
function checkKey(call: ExchangeCall): string | null {
  return call.key === null ? KRAKEN_ERRORS.invalidKey : null;
}

/** What an expired key is told is not documented; it is as good as deleted, which is `EAPI:Invalid key`. */
function checkExpiry({ key }: ExchangeCall, { atMs }: AdmissionContext): string | null {
  const validUntilMs = key?.validUntilMs ?? Infinity;
  return atMs >= validUntilMs ? KRAKEN_ERRORS.invalidKey : null;
}

function checkAddress({ key, head }: ExchangeCall, { settings }: AdmissionContext): string | null {
  const allowlist = key?.ipAllowlist ?? [];
  const isAllowed = allowlist.length === 0 || allowlist.includes(addressOf(head));
  return isAllowed ? null : settings.refusedAddressError;
}

/** The nonce is read before the signature matters: npm-kraken-api#20 and krijnsent/crypto_vba#24. */
function checkNonceText(call: ExchangeCall, { settings }: AdmissionContext): string | null {
  if (call.body?.nonces.length === 0) return settings.missingNonceError;
  return call.nonce === null ? KRAKEN_ERRORS.invalidNonce : null;
}

function checkSignature(call: ExchangeCall, { settings }: AdmissionContext): string | null {
  if (!settings.verifySignatures) return null;
  return isSigned(call) ? null : settings.signatureError;
}

function isSigned(call: ExchangeCall): boolean {
  const signature = headerOf(call.head, 'api-sign');
  const nonce = call.body?.nonces[0];
  if (call.key === null || nonce === undefined || signature === '') return false;
  return isSignedBy(call.key.secret, signature, { path: pathOf(call.head), nonce, body: call.bytes });
}

/**
 * A missing or wrong password reads as a wrong signature (t0mk/kraken-python3-cli#4, blackbird#446); one that
 * the key does not have as a wrong key (npm-kraken-api#64).
 */
function checkOtp({ key, body }: ExchangeCall, { settings }: AdmissionContext): string | null {
  const sent = body?.params['otp'];
  if (key?.otp === null) return sent === undefined ? null : KRAKEN_ERRORS.invalidKey;
  return sent === key?.otp ? null : settings.signatureError;
}

function compareNonce({ key, nonce }: ExchangeCall, { settings }: AdmissionContext): string | null {
  if (nonce === null || key?.nonces.wouldAccept(nonce) !== true) return KRAKEN_ERRORS.invalidNonce;
  const isReplay = settings.nonceReplay === 'reject' && key.nonces.wasAccepted(nonce);
  return isReplay ? KRAKEN_ERRORS.invalidNonce : null;
}

function commitNonce(call: ExchangeCall, context: AdmissionContext): string | null {
  const error = compareNonce(call, context);
  if (error === null && call.nonce !== null) call.key?.nonces.commit(call.nonce);
  return error;
}

/**
 * Kraken docs, REST rate limits: `EService: Throttled` answers too many concurrent requests, which is what an
 * overlap is. The nonce has been committed by then: the call did arrive.
 */
function checkOverlap(call: ExchangeCall, { settings, atMs }: AdmissionContext): string | null {
  return call.overlaps && settings.overlap === 'refuse' ? throttledAt(atMs) : null;
}

/** Kraken docs, REST rate limits. */
function checkConcurrency(call: ExchangeCall, { limits, atMs }: AdmissionContext): string | null {
  const max = limits?.settings.concurrentCallsMax ?? Infinity;
  return call.othersOfAccount >= max ? throttledAt(atMs) : null;
}

/** Tells the client to come back in the next second. */
function throttledAt(atMs: number): string {
  return throttled(Math.floor(atMs / 1000) + 1);
}

function checkCounter(call: ExchangeCall, { limits, atMs }: AdmissionContext): string | null {
  if (limits === null || call.key === null) return null;
  return limits.rest.charge(apiKeyOf(call.head), call.record.method, atMs);
}

/** Checked after authentication. Kraken docs, errors guide. */
function checkPermission(call: ExchangeCall, { settings }: AdmissionContext): string | null {
  if (call.key === null) return null;
  const { permissions } = call.key;
  return isPermitted(call.record.method, permissions, settings.permissionTable)
    ? null
    : KRAKEN_ERRORS.permissionDenied;
}
