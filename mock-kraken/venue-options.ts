import { type Catalog, catalogWith } from './venue/catalog/index.ts';
import type { NewPair } from './venue/catalog/index.ts';
import type { KeyInfo, PrivateRequest } from './venue-interface.ts';
import { KRAKEN_ERRORS } from './kraken-errors.ts';

/** How a venue is set up. Everything has a default. */
export interface VenueOptions {
  /** Whole number that the market and all ids come from. Default 42. */
  readonly seed?: number;
  /** Share of a trade's worth that a maker pays, e.g. `0.0025`, the default and Kraken's first tier. */
  readonly makerFee?: string;
  /** Share that a taker pays. Default `0.0040`, Kraken's first tier. */
  readonly takerFee?: string;
  /**
   * Which asset a sell order's fee is taken in when `oflags` does not say. Disputed: Kraken's AddOrder page
   * says base, answers shown by clients say quote. Default `quote`.
   */
  readonly sellFeeIn?: 'base' | 'quote';
  /**
   * What a volume below the minimum is answered with. Disputed: Kraken's list of spot errors has
   * `EOrder:Order minimum not met` (default); clients saw `EGeneral:Invalid arguments:volume` until 2024 and
   * `EGeneral:Invalid arguments:volume minimum not met` in 2025 and 2026.
   */
  readonly orderMinimumError?: string;
  /**
   * Facts of the API key a request came with, for `GetApiKeyInfo`: keys belong to admission, the venue does
   * not know them. Without it the endpoint answers with placeholders.
   */
  readonly keyInfo?: (account: string, request: PrivateRequest) => KeyInfo;
  /** Case of the names in the answer of `GetApiKeyInfo`, which is disputed. Default `snake`. */
  readonly keyInfoCase?: 'snake' | 'camel';
  /** Closed orders remembered, over all accounts. Default 10,000; beyond, the oldest are forgotten. Full,
   * with the trades and rows below, they take about 50 MB. */
  readonly closedOrdersMax?: number;
  /** Trades remembered, over all accounts. Default 10,000. */
  readonly tradesMax?: number;
  /** Ledger rows remembered, over all accounts. Default 20,000. */
  readonly ledgerRowsMax?: number;
  /** Export reports kept, over all accounts. Default 100; beyond, the oldest are forgotten. */
  readonly exportsMax?: number;
  /**
   * How long an export report is `Queued`, in milliseconds. Default 2,000; Kraken's own took 5 to 30 seconds (the
   * times in Kraken's ExportStatus page, and in answers shown by clients).
   */
  readonly exportQueuedMs?: number;
  /** How long it is `Processing` after that. Default 1,000. */
  readonly exportProcessingMs?: number;
  /**
   * Open orders over all accounts, as a guard of memory and of time; Kraken's own limits are admission's (225 for a
   * pair in its highest tier). Default 10,000, which take about 15 MB, and an answer of `OpenOrders` 6 MB; beyond,
   * `EOrder:Orders limit exceeded`.
   */
  readonly openOrdersMax?: number;
  /** Pairs of a scenario's own, beside Kraken's. Default none. */
  readonly pairs?: readonly NewPair[];
}

/** Options with every default filled in. */
export type VenueSettings = Required<Omit<VenueOptions, 'keyInfo' | 'pairs'>> &
  Pick<VenueOptions, 'keyInfo'> & { readonly catalog: Catalog };

const defaults = {
  seed: 42,
  makerFee: '0.0025',
  takerFee: '0.0040',
  sellFeeIn: 'quote',
  orderMinimumError: KRAKEN_ERRORS.orderMinimum,
  keyInfoCase: 'snake',
  closedOrdersMax: 10_000,
  tradesMax: 10_000,
  ledgerRowsMax: 20_000,
  exportsMax: 100,
  exportQueuedMs: 2_000,
  exportProcessingMs: 1_000,
  openOrdersMax: 10_000,
} as const;

/** The options with their defaults. */
export function settingsOf({ pairs, ...options }: VenueOptions): VenueSettings {
  return { ...defaults, ...options, catalog: catalogWith(pairs) };
}
