import type { ClientCall } from '../../judge/history/index.ts';
import type { TargetClient } from './client-module.ts';
import { orderIds } from './workload.ts';
import type { MakeCall } from './workload.ts';

/** The parameter that carries a call's tag to the exchange; Kraken ignores parameters it does not know. */
const TAG_PARAM = 'nonceproof_call';

/** What {@link recordCalls} needs. */
export interface RecorderOptions {
  readonly client: TargetClient;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** Told twice of each call: when it is asked for (`unsettled`), and when the caller was told. */
  readonly onCall: (call: ClientCall) => void;
  /** Put before the running number of each tag; tells apart the processes of one run. Default empty. */
  readonly tagPrefix?: string;
}

/** Makes calls through `client`, each with a tag of its own, and records what the caller is told. */
export function recordCalls(options: RecorderOptions): MakeCall {
  const { client, nowMs, onCall, tagPrefix = '' } = options;
  let count = 0;
  return async (account, method, params, callOptions) => {
    count += 1;
    const asked: ClientCall = {
      tag: `${tagPrefix}${count}`,
      account,
      method,
      askedMs: nowMs(),
      settledMs: null,
      outcome: 'unsettled',
      error: null,
      txids: [],
    };
    onCall(asked);
    try {
      const result = await client.call(account, method, { ...params, [TAG_PARAM]: asked.tag }, callOptions);
      const told = { txids: orderIds(result), ...countIn(result) };
      onCall({ ...asked, settledMs: nowMs(), outcome: 'succeeded', ...told });
      return result;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      onCall({
        ...asked,
        settledMs: nowMs(),
        outcome: 'failed',
        error: message,
        ...toldBy(error),
      });
      throw error;
    }
  };
}

/** What a cancel says of itself (Kraken docs, CancelOrder). */
function countIn(result: unknown): Pick<ClientCall, 'toldCount'> {
  const count: unknown =
    typeof result === 'object' && result !== null && 'count' in result ? result.count : undefined;
  return typeof count === 'number' ? { toldCount: count } : {};
}

/** Whether the client was certain; see `TargetClient.call`. */
function toldBy(error: unknown): Pick<ClientCall, 'toldOutcome'> {
  const outcome: unknown = error instanceof Error && 'outcome' in error ? error.outcome : undefined;
  return outcome === 'not-executed' || outcome === 'unknown' ? { toldOutcome: outcome } : {};
}
