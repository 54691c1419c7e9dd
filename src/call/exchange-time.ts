import type { ClientContext } from './client-context.ts';
import { publicCall } from './public-call.ts';

/** A public call that takes longer says too little about the time. */
const QUESTION_TIMEOUT_MS = 5_000;

/**
 * Asks the exchange for its time, which needs no nonce and no lane, and teaches the answer to the clock that the
 * clients share. Resolves when it is over, whatever came of it, or as soon as `signal` aborts.
 */
export function learnExchangeTime(caller: ClientContext, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  const asked = caller.exchangeClock.ask(() => askForTime(caller));
  if (signal === undefined) return asked;
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    void asked.then(resolve);
  });
}

/** `unixtime` counts only where the reply has no `Date`, as behind a transport that drops the headers. */
async function askForTime(caller: ClientContext): Promise<void> {
  const { exchangeClock } = caller;
  const sentAt = exchangeClock.moment();
  const result = await publicCall(caller, { method: 'Time', params: {}, timeoutMs: QUESTION_TIMEOUT_MS });
  if (!exchangeClock.isWellKnown) exchangeClock.observeSecond(unixTimeOf(result) * 1000, sentAt);
}

function unixTimeOf(result: unknown): number {
  const { unixtime } = (result ?? {}) as { readonly unixtime?: unknown };
  return typeof unixtime === 'number' ? unixtime : Number.NaN;
}
