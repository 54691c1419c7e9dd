import { AsyncLocalStorage } from 'node:async_hooks';
import { channel } from 'node:diagnostics_channel';
import type { KrakenErrorInfo } from './kraken-error.ts';
import type { FailureCause } from './retry-decision.ts';
import type { Runtime } from '../runtime.ts';

/** What every event says. */
export interface CallEventBase {
  /** Numbers the calls of a process, to tell the events of one from those of another. */
  readonly callId: number;
  /** The client's `accountIdentifier`. */
  readonly account: string;
  /** `Balance`, `AddOrder`, … */
  readonly method: string;
  /** Milliseconds on the runtime's monotonic clock. */
  readonly atMs: number;
}

/** One step of a call. Holds no secret, no signature, no API key, and nothing of a request's or reply's body. */
export type CallStep =
  /** Asked for; waits for its turn. */
  | { readonly type: 'queued' }
  /** Its turn has come. */
  | { readonly type: 'turn'; readonly waitedMs: number }
  | { readonly type: 'nonce'; readonly attempt: number; readonly nonce: bigint }
  | { readonly type: 'sent'; readonly attempt: number }
  /** A complete HTTP reply has come, perhaps after the caller left. */
  | { readonly type: 'replied'; readonly attempt: number; readonly status: number; readonly afterMs: number }
  /** Kraken sent warnings beside the result. */
  | { readonly type: 'warned'; readonly warnings: readonly KrakenErrorInfo[] }
  /** Will be sent again, with a fresh nonce, after `delayMs` outside the lane; in it, inside a turn of the program's own. */
  | {
      readonly type: 'retried';
      readonly attempt: number;
      readonly cause: FailureCause;
      readonly delayMs: number;
    }
  /** The caller was told that it failed, but the lane stays taken, for at most `settlingMs` more. */
  | { readonly type: 'lane-held'; readonly settlingMs: number; readonly errorCode: string }
  /** Over, and the lane is left. `errorCode` is undefined when it succeeded. */
  | { readonly type: 'settled'; readonly errorCode: string | undefined; readonly afterMs: number };

/** A step, and of which call. */
export type CallEvent = CallEventBase & CallStep;

/** The name of the `node:diagnostics_channel` on which every {@link CallEvent} of the process is published. */
export const CALL_CHANNEL = 'nonceproof:call';

/** Whose calls are observed, and who listens besides the channel. */
interface ObservedCaller {
  readonly account: string;
  readonly runtime: Runtime;
  readonly onEvent: ((event: CallEvent) => void) | undefined;
}

const callChannel = channel(CALL_CHANNEL);
let lastCallId = 0;

/**
 * Returns what announces the steps of one call, or `undefined` when nobody listens as the call begins: then an
 * event costs nothing.
 *
 * Listeners run in the async context of whoever made the call. In the context of the call's own turn, a call
 * that a listener makes would be nested in a call that is in service, and be let in: an overlap.
 */
export function observeCall(caller: ObservedCaller, method: string): ((step: CallStep) => void) | undefined {
  const { account, onEvent, runtime } = caller;
  if (onEvent === undefined && !callChannel.hasSubscribers) return undefined;
  const inCallersContext = AsyncLocalStorage.snapshot();
  lastCallId += 1;
  const callId = lastCallId;
  return (step) => {
    const event: CallEvent = { callId, account, method, atMs: runtime.clock.monotonicMs(), ...step };
    inCallersContext(announce, event, onEvent);
  };
}

/** A listener's exception is the listener's: it is reported as uncaught and does not touch the call. */
function announce(event: CallEvent, onEvent: ((event: CallEvent) => void) | undefined): void {
  callChannel.publish(event);
  try {
    onEvent?.(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
