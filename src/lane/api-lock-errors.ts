import { NonceproofError } from '../errors.ts';
import type { TurnInfo } from './turn-info.ts';

/** A wait for the lane was cancelled by its `AbortSignal`; the turn never began and nothing was sent. */
export class ApiLockWaitCancelledError extends NonceproofError {
  readonly label: string;

  /** @param reason - the signal's reason, kept as `cause` */
  constructor(label: string, reason: unknown) {
    super(
      'lane_wait_cancelled',
      `Failed to enter the lane for ${label}: cancelled while waiting. Nothing was sent.`,
      reason,
    );
    this.label = label;
  }
}

/** A wait for the lane reached its time limit; the turn never began and nothing was sent. */
export class ApiLockWaitTimeoutError extends NonceproofError {
  readonly label: string;
  readonly waitTimeoutMs: number;
  /** Who held the lane when the wait was given up. */
  readonly holder: TurnInfo | undefined;

  constructor(
    label: string,
    facts: { readonly waitTimeoutMs: number; readonly holder: TurnInfo | undefined },
  ) {
    const { waitTimeoutMs, holder } = facts;
    const observed = holder
      ? `${holder.label} has held it for ${Math.round(holder.forMs)} ms`
      : 'it was free';
    super(
      'lane_wait_timed_out',
      `Failed to enter the lane for ${label} within ${waitTimeoutMs} ms: ${observed}. Nothing was sent; call again, or wait longer.`,
    );
    this.label = label;
    this.waitTimeoutMs = waitTimeoutMs;
    this.holder = holder;
  }
}

/** More callers wait for the lane than its limit allows; the turn never began and nothing was sent. */
export class ApiLockQueueFullError extends NonceproofError {
  readonly label: string;
  readonly waitersMax: number;

  constructor(label: string, waitersMax: number) {
    super(
      'lane_queue_full',
      `Failed to enter the lane for ${label}: ${waitersMax} callers wait already. Call less often, or raise waitersMax.`,
    );
    this.label = label;
    this.waitersMax = waitersMax;
  }
}

/** The pass of a turn was asked for by code that is in none, or of a lock whose lane nobody shares. */
export class NoPassError extends NonceproofError {
  constructor() {
    super(
      'no_pass',
      'Failed to find the pass of a turn: the running code is in no turn of a shared lane. Ask inside one.',
    );
  }
}
