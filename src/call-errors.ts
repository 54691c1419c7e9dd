import { NonceproofError } from './errors.ts';
import type { KrakenErrorInfo } from './kraken-error.ts';

/**
 * What a failed call did. `not-executed`: nothing, and it is known. `unknown`: it may have taken effect; ask the
 * exchange before doing it again.
 */
export type CallOutcome = 'not-executed' | 'unknown';

/** Which call failed, and what is known of its effect. */
export interface CallErrorFacts {
  /** The client's `accountIdentifier`. */
  readonly account: string;
  /** `Balance`, `AddOrder`, … */
  readonly method: string;
  readonly outcome: CallOutcome;
}

/** A call that failed. Its subclasses say how; `outcome` says what to do. */
export abstract class CallError extends NonceproofError {
  readonly account: string;
  readonly method: string;
  readonly outcome: CallOutcome;

  constructor(code: string, message: string, facts: CallErrorFacts & { readonly cause?: unknown }) {
    super(code, message, facts.cause);
    this.account = facts.account;
    this.method = facts.method;
    this.outcome = facts.outcome;
  }
}

/** Ends the message of every error whose outcome is unknown. */
export const ASK_FIRST = 'It may have taken effect: ask the exchange before doing it again.';

/** Kraken answered with at least one error. */
export class KrakenApiError extends CallError {
  /** All of them, warnings too, in Kraken's order. */
  readonly errors: readonly KrakenErrorInfo[];

  constructor(facts: CallErrorFacts, errors: readonly KrakenErrorInfo[]) {
    const observed = errors.map((error) => error.raw).join(', ');
    const whatToDo =
      facts.outcome === 'unknown' ? ASK_FIRST : 'It had no effect; see the error for what to change.';
    super(
      'kraken_api_error',
      `Failed to call ${facts.method} for ${facts.account}: Kraken answered ${observed}. ${whatToDo}`,
      facts,
    );
    this.errors = errors;
  }
}

/**
 * A reply that is not Kraken's: an HTML page of a proxy, cut-off or broken JSON, no envelope. What it says is
 * not kept, because a cut-off reply can hold a token.
 */
export class UnreadableReplyError extends CallError {
  /** HTTP status. */
  readonly status: number;
  /** Length of the body in UTF-16 units. */
  readonly bodyLength: number;
  /** Seconds from `Retry-After`, when the reply had it. */
  readonly retryAfterS: number | undefined;

  constructor(
    facts: CallErrorFacts,
    reply: { readonly status: number; readonly bodyLength: number; readonly retryAfterS: number | undefined },
  ) {
    const observed = `the reply (HTTP status ${reply.status}, ${reply.bodyLength} characters) is not Kraken's JSON`;
    const whatToDo = facts.outcome === 'unknown' ? ASK_FIRST : 'It had no effect; try again later.';
    super(
      'unreadable_reply',
      `Failed to call ${facts.method} for ${facts.account}: ${observed}. ${whatToDo}`,
      facts,
    );
    this.status = reply.status;
    this.bodyLength = reply.bodyLength;
    this.retryAfterS = reply.retryAfterS;
  }
}

/** The exchange could not be reached; no byte of the call was delivered. */
export class CallNotSentError extends CallError {
  constructor(facts: Omit<CallErrorFacts, 'outcome'>, cause: unknown) {
    super(
      'call_not_sent',
      `Failed to send ${facts.method} for ${facts.account}: the exchange cannot be reached. It had no effect; check the network and the base URL.`,
      { ...facts, outcome: 'not-executed', cause },
    );
  }
}

/** The connection ended, or was given up, before the reply was complete. */
export class ReplyLostError extends CallError {
  constructor(facts: Omit<CallErrorFacts, 'outcome'>, cause: unknown) {
    super(
      'reply_lost',
      `Failed to read the reply to ${facts.method} for ${facts.account}: the connection broke. ${ASK_FIRST}`,
      { ...facts, outcome: 'unknown', cause },
    );
  }
}

/** The caller's time limit passed after the call was sent. The lane stays taken until the call is settled. */
export class CallTimeoutError extends CallError {
  readonly timeoutMs: number;

  constructor(facts: CallErrorFacts, timeoutMs: number) {
    const whatToDo = facts.outcome === 'unknown' ? ASK_FIRST : 'It had no effect; try again later.';
    super(
      'call_timed_out',
      `Failed to complete ${facts.method} for ${facts.account}: no result within ${timeoutMs} ms. ${whatToDo}`,
      facts,
    );
    this.timeoutMs = timeoutMs;
  }
}

/** The caller's `AbortSignal` fired. With outcome `not-executed` the call was never sent. */
export class CallCancelledError extends CallError {
  constructor(facts: CallErrorFacts, reason: unknown) {
    const whatToDo = facts.outcome === 'unknown' ? ASK_FIRST : 'It was never sent.';
    super(
      'call_cancelled',
      `Failed to complete ${facts.method} for ${facts.account}: the caller cancelled it. ${whatToDo}`,
      { ...facts, cause: reason },
    );
  }
}
