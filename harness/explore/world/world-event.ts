import type { WorldEventKind } from './world-operation.ts';

/**
 * Something that happened in a run: an event of the schedule, or one of its consequences (`sent`, `settled`).
 * Recorded only when somebody is to read it.
 */
export interface WorldEvent {
  /** 1, 2, 3 …: the event of the schedule that this is, or that brought it about. */
  readonly step: number;
  /** Virtual nanoseconds since the world began. */
  readonly atNs: number;
  readonly kind: WorldEventKind | 'sent' | 'settled';
  readonly account: string | null;
  readonly method: string | null;
  /** Of the workload's call that this belongs to; `null` when the client does not pass it on. */
  readonly tag: string | null;
  /** Of the request that this is about. */
  readonly nonce: string | null;
  /** How it went: an error, or other calls in service at that moment, or how long a timer had waited. */
  readonly detail: string | null;
}
