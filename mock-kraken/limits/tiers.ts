/** How far Kraken trusts an account: it decides how much it may call. */
export type Tier = 'starter' | 'intermediate' | 'pro';

/** A counter that calls raise and time lowers. */
export interface CounterLimit {
  /** A call that would raise the counter above this is refused. */
  readonly max: number;
  /** How much it sinks each second. */
  readonly decayPerS: number;
}

/** What one tier may do. */
export interface TierLimits {
  /** REST call counter of a key. Kraken docs, REST rate limits (2023 and 2026; the page of 2026-05-27 has no starter row). */
  readonly rest: CounterLimit;
  /** Matching engine counter of an account in a pair. Kraken docs, trading rate limits. */
  readonly engine: CounterLimit;
  /** Open orders of an account in a pair. Kraken docs, trading rate limits. */
  readonly openOrdersMax: number;
}

/** The numbers of every tier. */
export const TIERS: Readonly<Record<Tier, TierLimits>> = {
  starter: {
    rest: { max: 15, decayPerS: 0.33 },
    engine: { max: 60, decayPerS: 1 },
    openOrdersMax: 60,
  },
  intermediate: {
    rest: { max: 20, decayPerS: 0.5 },
    engine: { max: 125, decayPerS: 2.34 },
    openOrdersMax: 80,
  },
  pro: {
    rest: { max: 20, decayPerS: 1 },
    engine: { max: 180, decayPerS: 3.75 },
    openOrdersMax: 225,
  },
};
