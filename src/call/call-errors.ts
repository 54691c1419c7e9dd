import type { CallIdentity } from '../account/index.ts';
import { NonceproofError } from '../errors.ts';
import type { KrakenErrorInfo } from './kraken-error.ts';

/**
 * What a failed call did. `not-executed`: nothing, and it is known. `unknown`: it may have taken effect; ask the
 * exchange before doing it again.
 */
export type CallOutcome = 'not-executed' | 'unknown';

/** Which call failed, and what is known of its effect. */
export interface CallErrorFacts extends CallIdentity {
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

  constructor(
    facts: CallErrorFacts & { readonly code?: string; readonly whatToDo?: string },
    errors: readonly KrakenErrorInfo[],
  ) {
    const observed = errors.map((error) => error.raw).join(', ');
    const whatToDo =
      facts.whatToDo ??
      (facts.outcome === 'unknown' ? ASK_FIRST : 'It had no effect; the error says what to change.');
    super(
      facts.code ?? 'kraken_api_error',
      `Failed to call ${facts.method} for ${facts.account}: Kraken answered ${observed}. ${whatToDo}`,
      facts,
    );
    this.errors = errors;
  }
}

/** `EOrder:Unknown order`: no open order has the name (seen in client code; Kraken's error list leaves it out). */
export function saysUnknownOrder(error: CallError): boolean {
  const errors = error instanceof KrakenApiError ? error.errors : [];
  return errors.some(({ category, message }) => category === 'Order' && message === 'Unknown order');
}

/**
 * Kraken refused the nonce. The client never sends a nonce that is not above its own earlier ones, so either the
 * key was used with higher ones elsewhere, or the request was delivered twice and this answers the second
 * delivery. A read is sent once more with a fresh nonce first; whatever changes something is not, because the
 * first delivery may have been executed.
 */
export class InvalidNonceError extends KrakenApiError {
  constructor(facts: CallErrorFacts, errors: readonly KrakenErrorInfo[]) {
    const isOpen = facts.outcome === 'unknown';
    const effect = isOpen ? ASK_FIRST : 'It had no effect.';
    const causes = [
      ...(isOpen ? ['a proxy between here and Kraken delivered it twice (switch its retries off)'] : []),
      'another process or program uses this API key (give each its own)',
      'the key was used before with a finer unit or a clock further ahead (only a new key helps)',
      'this clock was set back (set it right)',
    ];
    const whatToDo = `${effect} Likely causes: ${causes.join('; ')}.`;
    super({ ...facts, code: 'invalid_nonce', whatToDo }, errors);
  }
}

/** What {@link UnreadableReplyError} tells of a reply. */
interface UnreadableReply {
  readonly status: number;
  readonly bodyLength: number;
  readonly bodyStart?: string;
  readonly isComplete?: boolean;
  readonly retryAfterS: number | undefined;
}

/**
 * A reply that is not Kraken's: an HTML page of a proxy, cut-off or broken JSON, no envelope. Of broken JSON nothing
 * is kept, because it can hold a token.
 */
export class UnreadableReplyError extends CallError {
  /** HTTP status. */
  readonly status: number;
  /** Length of the body in UTF-16 units. */
  readonly bodyLength: number;
  /** How the body begins, printable; empty where it may be Kraken's own JSON, which can hold secrets. */
  readonly bodyStart: string;
  /** A 2xx that came to its end: the call is not in service any more. */
  readonly isComplete: boolean;
  /** Seconds from `Retry-After`, when the reply had it. */
  readonly retryAfterS: number | undefined;

  constructor(facts: CallErrorFacts, reply: UnreadableReply) {
    const { bodyStart, bodyLength, isComplete, retryAfterS, status } = reply;
    const begins = bodyStart === undefined || bodyStart === '' ? '' : `, which begin with “${bodyStart}”`;
    const observed = `the reply (HTTP status ${status}, ${bodyLength} characters${begins}) is not Kraken's JSON`;
    const whatToDo = facts.outcome === 'unknown' ? ASK_FIRST : 'It had no effect; try again later.';
    super(
      'unreadable_reply',
      `Failed to call ${facts.method} for ${facts.account}: ${observed}. ${whatToDo}`,
      facts,
    );
    this.status = status;
    this.bodyLength = bodyLength;
    this.bodyStart = bodyStart ?? '';
    this.isComplete = isComplete ?? false;
    this.retryAfterS = retryAfterS;
  }
}

/** The call's turn did not come: time limit of the queue, lane full, coordinator out of order. See `cause`. */
export class CallNotStartedError extends CallError {
  constructor(call: CallIdentity, cause: unknown) {
    const observed = cause instanceof Error ? cause.message : 'its turn did not come.';
    super(
      'call_not_started',
      `Failed to start ${call.method} for ${call.account}: ${observed} It had no effect.`,
      {
        ...call,
        outcome: 'not-executed',
        cause,
      },
    );
  }
}

/** Nothing is sent with this key for a while, after a lockout or many refusals: sending would prolong it. */
export class KeyRestingError extends CallError {
  /** Try again after so many milliseconds. */
  readonly retryAfterMs: number;

  constructor(call: CallIdentity, retryAfterMs: number) {
    const seconds = Math.ceil(retryAfterMs / 1000);
    super(
      'key_resting',
      `Failed to send ${call.method} for ${call.account}: Kraken locked the key out, or refused it several times in a row, and each further attempt prolongs that. It had no effect; try again in ${seconds} s.`,
      { ...call, outcome: 'not-executed' },
    );
    this.retryAfterMs = retryAfterMs;
  }
}

/** No byte of the call was delivered: the exchange could not be reached, or the turn failed before. See `cause`. */
export class CallNotSentError extends CallError {
  constructor(facts: CallIdentity, cause: unknown) {
    super(
      'call_not_sent',
      `Failed to send ${facts.method} for ${facts.account}: nothing was delivered. It had no effect; see the cause, and check the network and the base URL.`,
      { ...facts, outcome: 'not-executed', cause },
    );
  }
}

/** The connection ended, or was given up, before the reply was complete. */
export class ReplyLostError extends CallError {
  constructor(facts: CallErrorFacts, cause: unknown) {
    const whatToDo = facts.outcome === 'unknown' ? ASK_FIRST : 'It only reads; try again.';
    super(
      'reply_lost',
      `Failed to read the reply to ${facts.method} for ${facts.account}: the connection broke. ${whatToDo}`,
      { ...facts, cause },
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
