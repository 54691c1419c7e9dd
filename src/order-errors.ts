import { ASK_FIRST, CallError } from './call-errors.ts';
import type { CallIdentity } from './call-errors.ts';

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
