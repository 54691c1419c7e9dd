import { ASK_FIRST, CallError, KrakenApiError } from '../call/index.ts';
import type { CallIdentity } from '../account/index.ts';
import type { KrakenErrorInfo } from '../call/index.ts';

/**
 * The order may or may not exist, and the exchange could not be asked. Ask it later, by `clOrdId`, among open and
 * then closed orders, before placing the order again.
 */
export class OrderOutcomeUnknownError extends CallError {
  readonly clOrdId: string;

  constructor(call: CallIdentity, facts: { readonly clOrdId: string; readonly cause: unknown }) {
    const { cause, clOrdId } = facts;
    super(
      'order_outcome_unknown',
      `Failed to learn what became of the order ${clOrdId} for ${call.account}: the exchange gave no answer. ${ASK_FIRST}`,
      { ...call, outcome: 'unknown', cause },
    );
    this.clOrdId = clOrdId;
  }
}

/** The order was sent and lost, each time, and the exchange says that it does not exist. */
export class OrderAbsentError extends CallError {
  readonly clOrdId: string;

  constructor(call: CallIdentity, facts: { readonly clOrdId: string; readonly cause: unknown }) {
    const { cause, clOrdId } = facts;
    super(
      'order_absent',
      `Failed to place the order ${clOrdId} for ${call.account}: it got lost on the way, and the exchange has no such order. It had no effect; place it again.`,
      { ...call, outcome: 'not-executed', cause },
    );
    this.clOrdId = clOrdId;
  }
}

/**
 * An open order already has the `cl_ord_id` that the caller gave, and it was not placed by this call. After a
 * restart it may well be the same order: see `mayExist` of `placeOrder`.
 */
export class OrderIdInUseError extends KrakenApiError {
  readonly clOrdId: string;

  constructor(
    call: CallIdentity,
    facts: { readonly clOrdId: string; readonly errors: readonly KrakenErrorInfo[] },
  ) {
    const { clOrdId, errors } = facts;
    const whatToDo = `An open order has the id ${clOrdId} already, and this call placed no other. If it may be this very order, sent earlier, place it with mayExist; else give each order an id of its own.`;
    super({ ...call, outcome: 'not-executed', code: 'order_id_in_use', whatToDo }, errors);
    this.clOrdId = clOrdId;
  }
}

/**
 * A cancel of several orders found those that were open; one whose placing was in doubt could not be cancelled, and
 * may be open.
 */
export class CancelIncompleteError extends CallError {
  readonly clOrdId: string | undefined;

  constructor(call: CallIdentity, facts: { readonly clOrdId: string | undefined; readonly cause: unknown }) {
    const { cause, clOrdId } = facts;
    super(
      'cancel_incomplete',
      `Failed to cancel every order for ${call.account}: ${call.method} cancelled what was open, but the order ${clOrdId ?? 'that was being placed'}, whose placing was in doubt, may be open. Cancel it when its placing has ended.`,
      { ...call, outcome: 'unknown', cause },
    );
    this.clOrdId = clOrdId;
  }
}
