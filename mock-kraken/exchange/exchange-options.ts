import type { FaultPlan } from '../faults/index.ts';
import type { JournalRecord } from './journal.ts';
import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import type { LaneScope } from './lanes.ts';
import { parseLimits, type LimitsOptions, type LimitsSettings } from '../limits/index.ts';
import type { PermissionTable } from './permissions.ts';
import { createVenue } from '../venue/index.ts';
import { type VenueOptions } from '../venue-options.ts';
import type { KeyInfo, OrderFacts, Venue } from '../venue-interface.ts';

/** A venue; the matching engine's limiter needs one that can speak of its orders. */
export type AnyVenue = Venue & Partial<OrderFacts>;

/** What a venue may ask of the exchange that stands before it. */
export interface VenueHooks {
  /** The API key of the request that the venue is answering. */
  keyInfo(): KeyInfo;
}

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
  /**
   * Wall-clock milliseconds when the exchange starts. Default: 2026-01-01T00:00Z, so that nothing depends on the day;
   * clients that send deadlines by the real clock need `Date.now()` here.
   */
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
  /**
   * What becomes of a call that arrives while another one of its lane is in service. Default: `refuse`. Kraken
   * itself refuses only too many at once; `tolerate` leaves it to the journal to name them.
   */
  readonly overlap?: 'refuse' | 'tolerate';
  /**
   * What becomes of a nonce that was accepted before and lies within its key's window. Default: `accept`, the
   * plain reading of the window and what Deltix warns of; Kraken does not say. Only 1,024 are remembered.
   */
  readonly nonceReplay?: 'accept' | 'reject';
  /** Which of Kraken's documents says what a permission allows. Default: `endpoint-pages`. */
  readonly permissionTable?: PermissionTable;
  /** What a key is told that may not be used from an address. Default: `EAPI:Invalid key`; Kraken does not say. */
  readonly refusedAddressError?: string;
  /** Kraken's limits on how much one may call. Default: `off`. */
  readonly limits?: 'off' | 'on' | LimitsOptions;
  /**
   * Told of what a venue throws, which is a defect of the venue: the client gets `EGeneral:Internal error`, and the
   * exchange goes on. Default: nobody is told.
   */
  readonly onInternalError?: (error: unknown) => void;
  /** What goes wrong in this exchange, and when. Default: nothing. */
  readonly faults?: FaultPlan;
  /**
   * How many records the journal keeps. Those with a violation, a rejection or a fault stay longest: until there are
   * twice as many records. One still in service always stays. Default: 100,000, which is about 40 MB. A judge that
   * reads the journal needs it whole: see `journalDropped`.
   */
  readonly journalRecordsMax?: number;
  /**
   * Told of every private call once it has ended, in the order of arrival: a call that ends before one that arrived
   * before it waits for that one. Must not throw. Default: nobody is told.
   */
  readonly onRecord?: (record: JournalRecord) => void;
  /** Fixes the market of the default venue. Default: the venue's own. */
  readonly seed?: number;
  /** What stands behind the endpoints; a function is called when it is first needed. Default: a seeded market. */
  readonly venue?: AnyVenue | ((hooks: VenueHooks) => AnyVenue);
}

/** Options with every default filled in. */
export interface ExchangeSettings {
  readonly scope: LaneScope;
  readonly wallMsAtStart: number;
  readonly verifySignatures: boolean;
  readonly nonceCommit: NonceCommit;
  readonly signatureError: string;
  readonly missingNonceError: string;
  readonly overlap: 'refuse' | 'tolerate';
  readonly nonceReplay: 'accept' | 'reject';
  readonly permissionTable: PermissionTable;
  readonly refusedAddressError: string;
  /** `null`: off. */
  readonly limits: LimitsSettings | null;
  readonly onInternalError: (error: unknown) => void;
  readonly faults: FaultPlan | null;
  readonly journalRecordsMax: number;
  readonly onRecord: ((record: JournalRecord) => void) | null;
  /** The venue was handed in as it is: every venue that is created is the same. */
  readonly venueIsReady: boolean;
  readonly createVenue: (hooks: VenueHooks) => AnyVenue;
}

const JOURNAL_RECORDS_MAX = 100_000;

/** Fills in the defaults. */
export function parseExchangeOptions(options: ExchangeOptions): ExchangeSettings {
  const venue = options.venue ?? ((hooks: VenueHooks) => createVenue(venueOptions(options, hooks)));
  return Object.freeze({
    scope: options.scope ?? 'global',
    wallMsAtStart: options.wallMsAtStart ?? Date.UTC(2026, 0, 1),
    verifySignatures: options.verifySignatures ?? true,
    nonceCommit: options.nonceCommit ?? 'after-signature',
    signatureError: options.signatureError ?? KRAKEN_ERRORS.invalidSignature,
    missingNonceError: options.missingNonceError ?? KRAKEN_ERRORS.invalidNonce,
    overlap: options.overlap ?? 'refuse',
    nonceReplay: options.nonceReplay ?? 'accept',
    permissionTable: options.permissionTable ?? 'endpoint-pages',
    refusedAddressError: options.refusedAddressError ?? KRAKEN_ERRORS.invalidKey,
    limits: parseLimits(options.limits ?? 'off'),
    onInternalError: options.onInternalError ?? (() => undefined),
    faults: options.faults ?? null,
    journalRecordsMax: options.journalRecordsMax ?? JOURNAL_RECORDS_MAX,
    onRecord: options.onRecord ?? null,
    venueIsReady: typeof venue !== 'function',
    createVenue: typeof venue === 'function' ? venue : () => venue,
  });
}

function venueOptions({ seed }: ExchangeOptions, hooks: VenueHooks): VenueOptions {
  return seed === undefined ? hooks : { seed, ...hooks };
}
