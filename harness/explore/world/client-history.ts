import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { ClientCall } from '../../judge/history/index.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { WorldEvent } from './world-event.ts';

/** How a run of a client ended. */
export type RunEnding =
  /** The workload was over, the client closed, nothing in flight. */
  | 'completed'
  /** Calls were pending and nothing could happen any more, or nothing but timers that lead nowhere. */
  | 'stuck'
  /** The client threw where nobody could catch it: its process would have ended. */
  | 'crashed'
  /** Given up by whoever drove it. */
  | 'interrupted';

/** All that is known of one run of a client in a world: what the rules judge. */
export interface ClientHistory {
  readonly records: readonly JournalRecord[];
  readonly publicCalls: number;
  /** In the order of asking. */
  readonly clientCalls: readonly ClientCall[];
  readonly ending: RunEnding;
  /** What a crash said; `null` otherwise. */
  readonly crash: string | null;
  /** The faults that happened, in order. */
  readonly faults: readonly FaultKind[];
  /** Empty unless asked for. */
  readonly events: readonly WorldEvent[];
}
