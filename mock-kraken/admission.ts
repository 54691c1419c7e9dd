import type { ExchangeCall, Rejection } from './call.ts';
import type { ExchangeSettings } from './exchange-options.ts';
import { KRAKEN_ERRORS, throttled } from './kraken-errors.ts';
import { headerOf, pathOf } from './request-head.ts';
import { isSignedBy } from './signature.ts';

/** What the checks look at besides the call itself. */
export interface AdmissionContext {
  readonly settings: ExchangeSettings;
  /** Wall-clock milliseconds at the exchange. */
  readonly atMs: number;
}

/** One check: the error of a call that does not pass, `null` for one that does. */
type Check = (call: ExchangeCall, context: AdmissionContext) => string | null;

/** The checks in their order for each commit point. The order itself is not documented by Kraken. */
const CHECKS: Readonly<Record<ExchangeSettings['nonceCommit'], readonly Check[]>> = {
  'before-signature': [checkKey, checkNonceText, commitNonce, checkSignature, checkOverlap],
  'after-signature': [checkKey, checkNonceText, checkSignature, commitNonce, checkOverlap],
  'on-success': [checkKey, checkNonceText, checkSignature, compareNonce, checkOverlap],
};

/** Runs the checks up to the first that the call does not pass. Call it once, when the body has arrived. */
export function admit(call: ExchangeCall, context: AdmissionContext): Rejection | null {
  for (const check of CHECKS[context.settings.nonceCommit]) {
    const error = check(call, context);
    if (error !== null) return { error, status: 200 };
  }
  return null;
}

/** Kraken docs, errors guide: a missing, malformed or unknown `API-Key`. */
function checkKey(call: ExchangeCall): string | null {
  return call.key === null ? KRAKEN_ERRORS.invalidKey : null;
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

function compareNonce(call: ExchangeCall): string | null {
  const passes = call.nonce !== null && call.key?.nonces.wouldAccept(call.nonce) === true;
  return passes ? null : KRAKEN_ERRORS.invalidNonce;
}

function commitNonce(call: ExchangeCall): string | null {
  const error = compareNonce(call);
  if (error === null && call.nonce !== null) call.key?.nonces.commit(call.nonce);
  return error;
}

/**
 * Kraken docs, rate limits: `EService: Throttled` answers too many concurrent requests, which is what an
 * overlap is. The nonce has been committed by then: the call did arrive.
 */
function checkOverlap(call: ExchangeCall, { atMs }: AdmissionContext): string | null {
  return call.overlaps ? throttled(Math.floor(atMs / 1000) + 1) : null;
}
