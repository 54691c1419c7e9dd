import { CallCancelledError, CallError, CallNotStartedError } from './call-errors.ts';
import type { Caller } from './caller.ts';
import type { Turn } from './coordinator.ts';

/** How to wait for the lane. */
export interface LaneWait {
  /** `Balance`, `AddOrder`, … */
  readonly method: string;
  readonly signal?: AbortSignal | undefined;
  /** `Infinity`: no limit. Room in the rate budget is waited for within it. */
  readonly queueTimeoutMs: number;
  /** Part of an operation that is in the lane already: it does not wait for the rate budget before the queue. */
  readonly isInLane?: boolean | undefined;
}

/**
 * Runs `body` in a turn of the caller's lane.
 * @throws {CallCancelledError} when `signal` came before the turn began
 * @throws {CallNotStartedError} when it did not begin for any other reason
 * @throws what `body` throws
 */
export async function enterLane<T>(
  caller: Caller,
  wait: LaneWait,
  body: (turn: Turn) => Promise<T>,
): Promise<T> {
  let hasBegun = false;
  const begin = (turn: Turn): Promise<T> => {
    hasBegun = true;
    return body(turn);
  };
  try {
    return await queue(caller, wait, begin);
  } catch (error) {
    if (hasBegun) throw error;
    throw notBegun(caller, wait, error);
  }
}

async function queue<T>(caller: Caller, wait: LaneWait, begin: (turn: Turn) => Promise<T>): Promise<T> {
  const { method, signal } = wait;
  if (signal?.aborted) throw signal.reason;
  let queueTimeoutMs = wait.queueTimeoutMs;
  if (caller.keyState.budget !== undefined && wait.isInLane !== true) {
    const { clock } = caller.runtime;
    const startedAtMs = clock.monotonicMs();
    await caller.keyState.budget.enter(method, { signal, waitTimeoutMs: queueTimeoutMs });
    queueTimeoutMs = Math.max(0, queueTimeoutMs - (clock.monotonicMs() - startedAtMs));
  }
  const waitTimeoutMs = queueTimeoutMs === Infinity ? undefined : queueTimeoutMs;
  return caller.coordinator.turn(caller.laneKey, begin, {
    signal,
    waitTimeoutMs,
    label: `${caller.account} ${method}`,
  });
}

function notBegun({ account }: Caller, { method, signal }: LaneWait, error: unknown): CallError {
  if (!signal?.aborted) return new CallNotStartedError({ account, method }, error);
  return new CallCancelledError({ account, method, outcome: 'not-executed' }, signal.reason);
}
