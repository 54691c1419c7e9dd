import type { PrivateCall } from './wire.ts';

/** A call whose caller waits for `settle`. */
export interface Asked {
  readonly call: PrivateCall;
  /** Tells the caller how it went. */
  settle(reply: Promise<unknown>): Promise<void>;
}

/**
 * Collects the calls that are asked for in one tick and hands them over together, as data loaders and request
 * batchers do.
 */
export function createBatcher(
  flush: (batch: readonly Asked[]) => void,
): (call: PrivateCall) => Promise<unknown> {
  let batch: Asked[] = [];
  const flushLater = (): void =>
    queueMicrotask(() => {
      const asked = batch;
      batch = [];
      flush(asked);
    });
  return (call) =>
    new Promise((resolve, reject) => {
      if (batch.length === 0) flushLater();
      batch.push({ call, settle: (reply) => reply.then(resolve, reject) });
    });
}
