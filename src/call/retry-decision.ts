import type { CallParams } from './request-body.ts';

/**
 * When a private call is made again. One table, read from top to bottom; the first row that fits decides.
 *
 * Two things never happen, whatever the row: a nonce is sent twice, and something that may have taken effect is
 * done again without asking the exchange first, unless doing it twice is doing it once.
 */

/**
 * What a method changes.
 * - `nothing`: it only reads; doing it twice is doing it once.
 * - `order`: an AddOrder whose `cl_ord_id` the exchange can be asked for.
 * - `cancel`: a cancel of orders that it names, each by an id that no other order has. Idempotent.
 * - `something`: everything else (edits, withdrawals, transfers, orders without an id of ours, cancels of
 *   whatever is open or carries a `userref`: an order placed in between would be among them). Kraken knows no
 *   reference by which to ask what became of it.
 */
export type MethodEffect = 'nothing' | 'order' | 'cancel' | 'something';

/** What went wrong. */
export type FailureCause =
  /** No byte was delivered: connection refused, name not found, connecting took too long. */
  | 'not-sent'
  /** No answer of Kraken's: connection lost, time limit, error page, cut-off reply; or `EGeneral:Internal error`, `EService:Unavailable`, `EService:Busy`. */
  | 'unknown'
  /** `EAPI:Invalid nonce`. */
  | 'invalid-nonce'
  /** A limit of the matching engine, which is behind the check of the nonce. */
  | 'rate-limited'
  /** A limit of the API (counter, concurrency, HTTP status 429), which may be checked before the nonce is. */
  | 'throttled'
  /** `EGeneral:Temporary lockout`. */
  | 'locked-out'
  /** `EService:Deadline elapsed` or `EGeneral:Invalid arguments:deadline`, of a deadline that the client chose. */
  | 'deadline'
  /** Any other error answer. */
  | 'refused'
  /** The exchange was asked after the order's deadline, and has no such order. */
  | 'order-absent';

/** What the table decides on. */
export interface Failure {
  readonly effect: MethodEffect;
  readonly cause: FailureCause;
  /** How often this call has failed for this cause: 1 at first. */
  readonly times: number;
  /** How long Kraken said to wait, if it did. */
  readonly toldToWaitMs?: number | undefined;
}

/** `retry`: with a fresh nonce, after `delayMs`. `ask`: whether the order exists. `give-up`: the caller decides. */
export type Decision =
  | { readonly action: 'retry'; readonly delayMs: number }
  | { readonly action: 'ask' }
  | { readonly action: 'give-up' };

/** One line of the table. A failure that has come more than `timesMax` times is given up. */
export interface RetryRow {
  readonly cause: FailureCause;
  readonly effect: MethodEffect | 'any';
  readonly action: Decision['action'];
  readonly timesMax?: number;
  /** Before the first retry; doubles with each further one. What Kraken said goes first. */
  readonly delayMs?: number;
  readonly why: string;
}

/** The table. */
export const RETRY_TABLE: readonly RetryRow[] = [
  {
    cause: 'not-sent',
    effect: 'any',
    action: 'retry',
    timesMax: 3,
    delayMs: 250,
    why: 'Nothing reached the exchange, so nothing can have happened.',
  },
  {
    cause: 'invalid-nonce',
    effect: 'nothing',
    action: 'retry',
    timesMax: 1,
    delayMs: 0,
    why: 'Reading twice does no harm. Once only: many of them lead to a ban (authentication guide).',
  },
  {
    cause: 'invalid-nonce',
    effect: 'cancel',
    action: 'retry',
    timesMax: 1,
    delayMs: 0,
    why: 'Cancelling twice is cancelling once. Once only, as for reads.',
  },
  {
    cause: 'invalid-nonce',
    effect: 'order',
    action: 'ask',
    why: 'A proxy may have delivered the same bytes twice: Kraken executes the first and answers the second so. Its cl_ord_id tells.',
  },
  {
    cause: 'invalid-nonce',
    effect: 'something',
    action: 'give-up',
    why: 'It may have been delivered twice, like an order, and the exchange cannot be asked.',
  },
  {
    cause: 'rate-limited',
    effect: 'any',
    action: 'retry',
    timesMax: 3,
    delayMs: 3_000,
    why: 'Kraken did not execute it. 3 s pay for one call even in the slowest tier (0.33 a second).',
  },
  {
    cause: 'throttled',
    effect: 'nothing',
    action: 'retry',
    timesMax: 3,
    delayMs: 3_000,
    why: 'Reading twice does no harm. 3 s pay for one call even in the slowest tier (0.33 a second).',
  },
  {
    cause: 'throttled',
    effect: 'cancel',
    action: 'retry',
    timesMax: 3,
    delayMs: 3_000,
    why: 'Cancelling twice is cancelling once. The delay is that of a read.',
  },
  {
    cause: 'throttled',
    effect: 'order',
    action: 'ask',
    why: 'It may answer a second delivery while Kraken executes the first. Its cl_ord_id tells.',
  },
  {
    cause: 'throttled',
    effect: 'something',
    action: 'give-up',
    why: 'It may answer a second delivery, as for an order, and the exchange cannot be asked.',
  },
  {
    cause: 'deadline',
    effect: 'any',
    action: 'retry',
    timesMax: 1,
    delayMs: 0,
    why: 'Kraken did not execute it. The next deadline is chosen by the time that this very answer shows.',
  },
  {
    cause: 'locked-out',
    effect: 'any',
    action: 'give-up',
    why: 'Each further attempt starts the lockout anew (errors guide).',
  },
  {
    cause: 'refused',
    effect: 'any',
    action: 'give-up',
    why: 'Kraken understood and said no; it would say so again.',
  },
  {
    cause: 'unknown',
    effect: 'nothing',
    action: 'retry',
    timesMax: 2,
    delayMs: 250,
    why: 'Reading twice does no harm. The nonce may be used up: a fresh one goes out.',
  },
  {
    cause: 'unknown',
    effect: 'cancel',
    action: 'retry',
    timesMax: 2,
    delayMs: 250,
    why: 'Cancelling twice is cancelling once: an order that is gone the second time is what was asked for.',
  },
  {
    cause: 'unknown',
    effect: 'order',
    action: 'ask',
    why: 'It may be live. Its cl_ord_id tells, once its deadline has passed.',
  },
  {
    cause: 'unknown',
    effect: 'something',
    action: 'give-up',
    why: 'It may have happened, and the exchange cannot be asked: withdrawals and transfers have no reference of ours.',
  },
  {
    cause: 'order-absent',
    effect: 'order',
    action: 'retry',
    timesMax: 1,
    delayMs: 0,
    why: 'Neither open nor closed after its deadline: the engine refuses it from now on. Same cl_ord_id, fresh nonce.',
  },
];

/** Looks the failure up in {@link RETRY_TABLE}; what is not in it is given up. */
export function decideRetry(failure: Failure): Decision {
  const row = RETRY_TABLE.find(
    (candidate) =>
      candidate.cause === failure.cause &&
      (candidate.effect === 'any' || candidate.effect === failure.effect),
  );
  if (row?.action === 'ask') return { action: 'ask' };
  if (row?.action !== 'retry' || failure.times > (row.timesMax ?? 0)) return { action: 'give-up' };
  const delayMs = failure.toldToWaitMs ?? (row.delayMs ?? 0) * 2 ** (failure.times - 1);
  return { action: 'retry', delayMs };
}

/** Methods that change nothing at the exchange (Kraken docs, REST endpoints). */
const READS: ReadonlySet<string> = new Set([
  'Balance',
  'BalanceEx',
  'ClosedOrders',
  'CreditLines',
  'DepositMethods',
  'DepositStatus',
  'Earn/AllocateStatus',
  'Earn/Allocations',
  'Earn/DeallocateStatus',
  'Earn/Strategies',
  'ExportStatus',
  'GetApiKeyInfo',
  'GetWebSocketsToken',
  'Ledgers',
  'Level3',
  'ListWalletAccounts',
  'OpenOrders',
  'OpenPositions',
  'OrderAmends',
  'QueryLedgers',
  'QueryOrders',
  'QueryTrades',
  'RetrieveExport',
  'TradeBalance',
  'TradeVolume',
  'TradesHistory',
  'WithdrawAddresses',
  'WithdrawInfo',
  'WithdrawMethods',
  'WithdrawStatus',
]);

/** A user reference rather than an order id: Kraken takes either in the same place (Kraken docs, CancelOrder). */
const USER_REFERENCE = /^\s*[+-]?\d+\s*$/;

/** Where the cancels name orders: by Kraken's id, or by the client's (Kraken docs, CancelOrder, CancelOrderBatch). */
const ORDER_NAMES: ReadonlyMap<string, { readonly txid: string; readonly clOrdId: string }> = new Map([
  ['CancelOrder', { txid: 'txid', clOrdId: 'cl_ord_id' }],
  ['CancelOrderBatch', { txid: 'orders', clOrdId: 'cl_ord_ids' }],
]);

/** What a call changes, by its method and what it names; an unknown method is taken to change something. */
export function callEffect(method: string, params: CallParams): Exclude<MethodEffect, 'order'> {
  if (READS.has(method)) return 'nothing';
  return namesItsOrders(method, params) ? 'cancel' : 'something';
}

/** Whether it names orders, and none of them by a user reference. */
function namesItsOrders(method: string, params: CallParams): boolean {
  const named = ORDER_NAMES.get(method);
  if (named === undefined) return false;
  const txids = namesIn(params[named.txid]);
  const names = [...txids, ...namesIn(params[named.clOrdId])];
  const areTexts = names.every((name) => typeof name === 'string');
  return names.length > 0 && areTexts && !txids.some((txid) => USER_REFERENCE.test(String(txid)));
}

function namesIn(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value.split(',');
  return value === undefined ? [] : [value].flat();
}
