/**
 * Kraken error strings that only the venue raises; those it shares with admission are in `KRAKEN_ERRORS`.
 * "Client maps" are the error tables of ccxt, Kraken.Net and python-kraken-sdk; "seen" means shown by users in
 * public repositories in 2026, in no document of Kraken's.
 */
export const TRADING_ERRORS = {
  // Orders. Kraken docs, spot errors, unless said otherwise.
  /** The client may not open a margin position. The venue models no margin. */
  cannotOpenPosition: 'EOrder:Cannot open position',
  /** A `reduce_only` order without a position. */
  reduceOnlyWithoutPosition: 'EOrder:Reduce only:No position exists',
  /** A `settle-position` order without a position. */
  unknownPosition: 'EOrder:Unknown position',
  /** A post-only order that would take. Seen; nautilus_trader has it as a constant. */
  postOnly: 'EOrder:Post only order',
  /** An edit to a volume that has already been executed. Client maps. */
  notEnoughLeaves: 'EOrder:Not enough leaves qty',
  /** An open order of the account already has this `cl_ord_id`. Seen. */
  clientOrderIdInUse: 'EGeneral:Invalid arguments:cl_ord_id not unique',

  // Funding. Client maps, unless said otherwise.
  /** Also more than the account has to spare: ccxt reads it as insufficient funds. */
  invalidAmount: 'EFunding:Invalid amount',
  unknownFundingAsset: 'EFunding:Unknown asset',
  noFundingMethod: 'EFunding:No funding method',
  unknownReference: 'EFunding:Unknown reference id',
  /** The fee is above the client's `max_fee`. Kraken docs, spot errors. */
  maxFeeExceeded: 'EFunding:Max fee exceeded',

  /** Kraken docs, spot errors: less than the strategy's minimum. */
  belowEarnMinimum: 'EEarnings:Below min:amount',
  /** An export report that is not processed yet. Seen: three public clients wait while it comes. */
  exportNotReady: 'EExport:Not ready',
} as const;

/** `EOrder:Invalid price:XXBTZEUR price can only be specified up to 1 decimals.` (seen, in this wording). */
export function tooManyPriceDecimals(pair: string, field: string, decimals: number): string {
  return `EOrder:Invalid price:${pair} ${field} can only be specified up to ${decimals} decimals.`;
}
