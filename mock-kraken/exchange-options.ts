import { KRAKEN_ERRORS } from './kraken-errors.ts';
import type { LaneScope } from './lanes.ts';
import { createVenue } from './trading/index.ts';
import type { Venue } from './venue.ts';

/**
 * When a nonce becomes the last accepted one of its key. Kraken documents only that a rejected nonce does not.
 * - `before-signature`: as soon as it is high enough, even if the signature turns out wrong
 * - `after-signature`: once the sender is known, whatever becomes of the request
 * - `on-success`: only if the whole call succeeds
 */
export type NonceCommit = 'before-signature' | 'after-signature' | 'on-success';

/** How the exchange behaves. All of it has a default; what Kraken leaves open is an option. */
export interface ExchangeOptions {
  /** Where calls go one at a time. Default: `global`, one lane for all accounts. */
  readonly scope?: LaneScope;
  /** Wall-clock milliseconds when the exchange starts. Default: 2026-01-01T00:00Z. */
  readonly wallMsAtStart?: number;
  /** Default: true. Exploration turns it off for speed; a missing signature is then no error either. */
  readonly verifySignatures?: boolean;
  /** Default: `after-signature`; else anybody who knows a public key could burn its nonces. */
  readonly nonceCommit?: NonceCommit;
  /**
   * What a wrong signature is called. Default: `EAPI:Invalid signature` (Kraken docs, errors guide); Kraken
   * support ("Common causes of invalid key") says `EAPI:Invalid key`.
   */
  readonly signatureError?: typeof KRAKEN_ERRORS.invalidSignature | typeof KRAKEN_ERRORS.invalidKey;
  /** What a request without a nonce is told. Default: `EAPI:Invalid nonce` (npm-kraken-api#20). */
  readonly missingNonceError?: string;
  /** What stands behind the endpoints; a function is called when the first one is asked for. Default: `createVenue()`, a small seeded market. */
  readonly venue?: Venue | (() => Venue);
}

/** Options with every default filled in. */
export interface ExchangeSettings {
  readonly scope: LaneScope;
  readonly wallMsAtStart: number;
  readonly verifySignatures: boolean;
  readonly nonceCommit: NonceCommit;
  readonly signatureError: string;
  readonly missingNonceError: string;
  readonly createVenue: () => Venue;
}

/** Fills in the defaults. */
export function parseExchangeOptions(options: ExchangeOptions): ExchangeSettings {
  const venue = options.venue ?? (() => createVenue());
  return Object.freeze({
    scope: options.scope ?? 'global',
    wallMsAtStart: options.wallMsAtStart ?? Date.UTC(2026, 0, 1),
    verifySignatures: options.verifySignatures ?? true,
    nonceCommit: options.nonceCommit ?? 'after-signature',
    signatureError: options.signatureError ?? KRAKEN_ERRORS.invalidSignature,
    missingNonceError: options.missingNonceError ?? KRAKEN_ERRORS.invalidNonce,
    createVenue: typeof venue === 'function' ? venue : () => venue,
  });
}
