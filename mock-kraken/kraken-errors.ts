/**
 * Every Kraken error string the mock can raise, word for word, each with where it was read. Documents are
 * those of docs.kraken.com and support.kraken.com as of 2026; "client maps" are the error tables of ccxt,
 * Kraken.Net and python-kraken-sdk, which know strings that Kraken's pages leave out.
 */
export const KRAKEN_ERRORS = {
  // Authentication. Kraken docs, spot errors and errors guide.
  /** Missing, malformed or unknown `API-Key`. Kraken docs, errors guide. */
  invalidKey: 'EAPI:Invalid key',
  /** Kraken docs, errors guide. Kraken support ("Common causes of invalid key") names {@link KRAKEN_ERRORS.invalidKey} instead. */
  invalidSignature: 'EAPI:Invalid signature',
  /** Nonce not greater than the last accepted one. Kraken docs, errors guide. Also for none: npm-kraken-api#20. */
  invalidNonce: 'EAPI:Invalid nonce',
  /** REST call counter above the tier's maximum. Kraken docs, rate limits. */
  apiRateLimit: 'EAPI:Rate limit exceeded',
  /** A body that cannot be read. Client maps; python-kraken-sdk#65. */
  badRequest: 'EAPI:Bad request',
  /** Kraken docs, spot errors and errors guide; Kraken support, API error codes. */
  temporaryLockout: 'EGeneral:Temporary lockout',
  /** The key is good but may not do this. Kraken docs, errors guide. */
  permissionDenied: 'EGeneral:Permission denied',

  // General.
  /** Kraken docs, spot errors. With a field: {@link invalidArguments}. */
  invalidArguments: 'EGeneral:Invalid arguments',
  /** Kraken docs, spot errors. */
  internalError: 'EGeneral:Internal error',
  /** No such endpoint. Client maps. */
  unknownMethod: 'EGeneral:Unknown method',
  /** Public limit. ccxt#27468. */
  tooManyRequests: 'EGeneral:Too many requests',

  // Service.
  /** Kraken docs, spot errors. */
  unavailable: 'EService:Unavailable',
  /** Client maps. */
  busy: 'EService:Busy',
  /** Kraken docs, spot errors and AddOrder. */
  deadlineElapsed: 'EService:Deadline elapsed',

  // Orders. Kraken docs, spot errors, unless said otherwise.
  insufficientFunds: 'EOrder:Insufficient funds',
  orderMinimum: 'EOrder:Order minimum not met',
  costMinimum: 'EOrder:Cost minimum not met',
  tickSize: 'EOrder:Tick size check failed',
  ordersLimit: 'EOrder:Orders limit exceeded',
  orderRateLimit: 'EOrder:Rate limit exceeded',
  /** Client maps. */
  unknownOrder: 'EOrder:Unknown order',
  /** Client maps. */
  orderNotEditable: 'EOrder:Order not editable',

  // Queries. Client maps.
  unknownAsset: 'EQuery:Unknown asset',
  unknownAssetPair: 'EQuery:Unknown asset pair',
} as const;

/** `EGeneral:Invalid arguments:<field>`. Kraken docs, spot errors. */
export function invalidArguments(field: string): string {
  return `${KRAKEN_ERRORS.invalidArguments}:${field}`;
}

/**
 * `EService: Throttled: <UNIX seconds>`: too many concurrent requests, try again after that time. The space
 * after `EService:` is Kraken's. Kraken docs, rate limits.
 * @param untilS - UNIX seconds
 */
export function throttled(untilS: number): string {
  return `EService: Throttled: ${untilS}`;
}
