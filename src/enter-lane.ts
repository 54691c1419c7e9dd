import { CallCancelledError, CallError, CallNotStartedError } from './call-errors.ts';
import type { Caller } from './caller.ts';
import type { Turn } from './coordinator.ts';
import type { RateBudget } from './rate-budget.ts';

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
  const { method, signal, isInLane } = wait;
  try {
    if (signal?.aborted) throw signal.reason;
    const { budget } = caller.keyState;
    const mustWait = budget !== undefined && isInLane !== true;
    const leftMs = mustWait ? await waitForRoom(caller, wait, budget) : wait.queueTimeoutMs;
    const waitTimeoutMs = leftMs === Infinity ? undefined : leftMs;
    const label = `${caller.account} ${method}`;
    return await caller.coordinator.turn(
      caller.laneKey,
      (turn) => {
        hasBegun = true;
        return body(turn);
      },
      { signal, waitTimeoutMs, label },
    );
  } catch (error) {
    if (hasBegun) throw error;
    throw notBegun(caller, wait, error);
  }
}

/** What is left of the time to wait once the rate budget has room. */
async function waitForRoom({ runtime }: Caller, wait: LaneWait, budget: RateBudget): Promise<number> {
  const { method, queueTimeoutMs, signal } = wait;
  const startedAtMs = runtime.clock.monotonicMs();
  await budget.enter(method, { signal, waitTimeoutMs: queueTimeoutMs });
  return Math.max(0, queueTimeoutMs - (runtime.clock.monotonicMs() - startedAtMs));
}

function notBegun({ account }: Caller, { method, signal }: LaneWait, error: unknown): CallError {
  if (!signal?.aborted) return new CallNotStartedError({ account, method }, error);
  return new CallCancelledError({ account, method, outcome: 'not-executed' }, signal.reason);
}
