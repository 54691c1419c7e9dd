import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import { TIERS, type Tier, type TierLimits } from './tiers.ts';

/** Kraken's limits, with what its documents leave open or contradict each other about. All have a default. */
export interface LimitsOptions {
  /** Tier of every account. Default: `intermediate`. */
  readonly tier?: Tier;
  /**
   * Cost of a call for ledger or trade history; other reads cost 1. Default: 2 (Kraken docs of 2023, REST rate
   * limits guide of 2026, kraken-cli). The page of 2026-05-27 and gocryptotrader#2259 say 4.
   */
  readonly historyCost?: number;
  /** Which calls those are. Default: Ledgers, QueryLedgers and TradesHistory (kraken-cli). */
  readonly historyMethods?: readonly string[];
  /** Fixed cost of EditOrder at the matching engine. Default: 1 (Kraken docs, 2026); the table of 2023 has none. */
  readonly editFixedCost?: number;
  /**
   * Whether CancelAll costs what cancelling each order would. Default: false; only the table of 2023 names it.
   */
  readonly cancelAllPenalised?: boolean;
  /**
   * Calls of one account in service at once; one more is answered `EService: Throttled`. Default: 10; Kraken
   * publishes no number. Only seen with `overlap: 'tolerate'`, because otherwise one more than 1 is refused.
   */
  readonly concurrentCallsMax?: number;
  /** Public calls per second from one address. Default: 1 (Kraken support, 2017: KrakenCore#1). */
  readonly publicCallsPerS?: number;
  /** Public calls that one address may make in a burst. Default: 15; Kraken publishes no number. */
  readonly publicBurstMax?: number;
  /** Default: `EGeneral:Too many requests` (ccxt#27468); freqtrade#1982 saw `EAPI:Rate limit exceeded`. */
  readonly publicLimitError?: string;
  /**
   * Failed authentications in a row (bad key, signature or nonce) that lead to a lockout. Default: 10; Kraken
   * publishes no number.
   */
  readonly authFailuresMax?: number;
  /**
   * How long a lockout lasts, each attempt meanwhile starting it anew. Default: 180,000 ("a few minutes", Kraken
   * docs, errors guide); Kraken support says 15 minutes.
   */
  readonly lockoutMs?: number;
  /** Who is locked out. Default: the API `key`; Kraken support says the `address`. */
  readonly lockoutOf?: 'key' | 'address';
}

/** Limits with every default filled in. */
export interface LimitsSettings extends Required<Omit<LimitsOptions, 'tier'>> {
  readonly tier: TierLimits;
}

const DEFAULTS: Omit<LimitsSettings, 'tier'> = {
  historyCost: 2,
  historyMethods: ['Ledgers', 'QueryLedgers', 'TradesHistory'],
  editFixedCost: 1,
  cancelAllPenalised: false,
  concurrentCallsMax: 10,
  publicCallsPerS: 1,
  publicBurstMax: 15,
  publicLimitError: KRAKEN_ERRORS.tooManyRequests,
  authFailuresMax: 10,
  lockoutMs: 180_000,
  lockoutOf: 'key',
};

/** Fills in the defaults; `null` for no limits. */
export function parseLimits(limits: 'off' | 'on' | LimitsOptions): LimitsSettings | null {
  if (limits === 'off') return null;
  const { tier = 'intermediate', ...options } = limits === 'on' ? {} : limits;
  return Object.freeze({ ...DEFAULTS, ...options, tier: TIERS[tier] });
}
