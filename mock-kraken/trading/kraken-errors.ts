/**
 * Every error string that the venue can answer with. Sources are named by document: "errors guide" and
 * "spot errors" are Kraken's documentation pages of that name; other origins are named at the line.
 */
export const krakenErrors = {
  /** Also for public methods. Seen by clients; in the error maps of ccxt and Kraken.Net. */
  unknownMethod: 'EGeneral:Unknown method',
  /** Spot errors. */
  internalError: 'EGeneral:Internal error',
  /** Seen by clients; in the error maps of ccxt, Kraken.Net and python-kraken-sdk. */
  unknownAsset: 'EQuery:Unknown asset',
  /** Same origin. */
  unknownAssetPair: 'EQuery:Unknown asset pair',
  /** Spot errors: the account, not Kraken's pool, lacks the money. */
  insufficientFunds: 'EOrder:Insufficient funds',
  /** Spot errors. Older answers said `EGeneral:Invalid arguments:volume`: see `VenueOptions.orderMinimumError`. */
  orderMinimum: 'EOrder:Order minimum not met',
  /** Spot errors. */
  costMinimum: 'EOrder:Cost minimum not met',
  /** Spot errors. */
  tickSize: 'EOrder:Tick size check failed',
  /** Spot errors: the client may not open a margin position. The venue models no margin. */
  cannotOpenPosition: 'EOrder:Cannot open position',
  /** Spot errors: a `reduce_only` order without a position. */
  reduceOnlyWithoutPosition: 'EOrder:Reduce only:No position exists',
  /** Spot errors: a `settle-position` order, or a volume of 0, without a position. */
  unknownPosition: 'EOrder:Unknown position',
  /** Spot errors. */
  ordersLimit: 'EOrder:Orders limit exceeded',
  /** Error maps of ccxt and Kraken.Net. */
  unknownOrder: 'EOrder:Unknown order',
  /** Error maps of ccxt and Kraken.Net. */
  invalidOrder: 'EOrder:Invalid order',
  /** Error maps of Kraken.Net and python-kraken-sdk. */
  orderNotEditable: 'EOrder:Order not editable',
  /** An open order already has this `cl_ord_id`. The string is an inference: no source shows Kraken's own. */
  clientOrderIdInUse: 'EOrder:Invalid order',
  /** Spot errors: the engine got to the order after its `deadline`. */
  deadlineElapsed: 'EService:Deadline elapsed',
  /** Error maps of ccxt and Kraken.Net. */
  unknownWithdrawKey: 'EFunding:Unknown withdraw key',
  /** Same origin. */
  invalidAmount: 'EFunding:Invalid amount',
  /** Same origin. */
  noFundingMethod: 'EFunding:No funding method',
  /** Same origin. */
  unknownReference: 'EFunding:Unknown reference id',
  /** Spot errors: the withdrawal fee is above the client's `max_fee`. */
  maxFeeExceeded: 'EFunding:Max fee exceeded',
} as const;

/** `EGeneral:Invalid arguments:volume` (spot errors). */
export function invalidArguments(field: string): string {
  return `EGeneral:Invalid arguments:${field}`;
}

/** `EOrder:Invalid price:XXBTZEUR price can only be specified up to 1 decimals.` (as seen by clients). */
export function tooManyPriceDecimals(pair: string, field: string, decimals: number): string {
  return `EOrder:Invalid price:${pair} ${field} can only be specified up to ${decimals} decimals.`;
}
