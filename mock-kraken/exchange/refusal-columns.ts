import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import { TRADING_ERRORS } from '../venue/errors/index.ts';

/**
 * What an error speaks against.
 * - `call`: the way the exchange was called: key, signature, nonce, overlap, permission, limits, form of the request,
 *   a deadline that cannot be met.
 * - `content`: what the request asks for, or a state of the exchange that no way of calling changes. The call itself
 *   was in order: its nonce was used up.
 */
export type RefusalColumn = 'call' | 'content';

type Table = Readonly<Record<keyof typeof KRAKEN_ERRORS | keyof typeof TRADING_ERRORS, RefusalColumn>>;

/** Every error string of the mock in its column. A string without a column does not compile. */
const COLUMNS: Table = {
  invalidKey: 'call',
  invalidSignature: 'call',
  invalidNonce: 'call',
  apiRateLimit: 'call',
  badRequest: 'call',
  temporaryLockout: 'call',
  permissionDenied: 'call',
  /** With a field: see {@link CONTENT_FIELDS}. */
  invalidArguments: 'call',
  tooManyRequests: 'call',
  /** The client's clock, or how long it let the request wait, not the order. */
  deadlineElapsed: 'call',
  ordersLimit: 'call',
  orderRateLimit: 'call',

  /** A defect of the exchange's own. */
  internalError: 'content',
  /** The mock has fewer endpoints than Kraken: it cannot tell a typing error from one that it lacks. */
  unknownMethod: 'content',
  unavailable: 'content',
  busy: 'content',
  insufficientFunds: 'content',
  orderMinimum: 'content',
  costMinimum: 'content',
  tickSize: 'content',
  unknownOrder: 'content',
  orderNotEditable: 'content',
  unknownAsset: 'content',
  unknownAssetPair: 'content',

  cannotOpenPosition: 'content',
  reduceOnlyWithoutPosition: 'content',
  unknownPosition: 'content',
  postOnly: 'content',
  notEnoughLeaves: 'content',
  /** What a careful client hears that sends an order in doubt again under its old name. */
  clientOrderIdInUse: 'content',
  invalidAmount: 'content',
  unknownFundingAsset: 'content',
  noFundingMethod: 'content',
  unknownReference: 'content',
  maxFeeExceeded: 'content',
  belowEarnMinimum: 'content',
  exportNotReady: 'content',
};

/**
 * Fields of `EGeneral:Invalid arguments:<field>` that hold a quantity, a price or the name of something: Kraken's
 * string is the same for a value out of bounds, a name that does not exist and a text that cannot be read, so it
 * counts as content. Any other field makes the request malformed.
 */
const CONTENT_FIELDS: ReadonlySet<string> = new Set([
  'volume',
  'volume minimum not met',
  'displayvol',
  'price',
  'price2',
  'close[price]',
  'close[price2]',
  'order_qty',
  'display_qty',
  'limit_price',
  'trigger_price',
  'amount',
  'expiretm',
  'pair',
  'txid',
  'id',
  'refid',
  'strategy_id',
  'from',
  'to',
]);

/** Kraken's own classes of errors about content, for strings that the mock does not raise. Kraken docs, spot errors. */
const CONTENT_CLASSES: readonly string[] = [
  'EOrder',
  'EFunding',
  'EQuery',
  'ETrade',
  'EEarnings',
  'EService',
];

const BY_STRING: ReadonlyMap<string, RefusalColumn> = new Map(
  Object.entries({ ...KRAKEN_ERRORS, ...TRADING_ERRORS }).map(([name, error]) => [
    error,
    COLUMNS[name as keyof Table],
  ]),
);

const WITH_FIELD = `${KRAKEN_ERRORS.invalidArguments}:`;
const THROTTLED = /^EService: ?Throttled/;

/**
 * Returns the column of an error string, also of one that only a real Kraken raises: those by Kraken's class of the
 * error, and in doubt `call`.
 */
export function refusalColumn(error: string): RefusalColumn {
  const known = BY_STRING.get(error);
  if (known !== undefined) return known;
  if (error.startsWith(WITH_FIELD)) {
    return CONTENT_FIELDS.has(error.slice(WITH_FIELD.length)) ? 'content' : 'call';
  }
  if (THROTTLED.test(error)) return 'call';
  return CONTENT_CLASSES.includes(error.split(':', 1)[0] ?? '') ? 'content' : 'call';
}
