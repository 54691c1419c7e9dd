/** Why a command is to end before its work is done: the reason of its `AbortSignal`. */
export interface Interruption {
  /** The process ends with it, whatever the command found. */
  readonly status: number;
  /** A sentence without its full stop, for a reader of the verdict. */
  readonly observed: string;
  /** nonceproof itself failed: nothing that it observed can be relied on. */
  readonly isFailure: boolean;
}

const UNKNOWN: Interruption = { status: 130, observed: 'nonceproof was interrupted', isFailure: false };

/** Why a signal was aborted; `null` when it was not. */
export function interruptionOf(signal: AbortSignal | undefined): Interruption | null {
  if (signal?.aborted !== true) return null;
  const reason = signal.reason as Partial<Interruption>;
  return reason.observed === undefined ? UNKNOWN : { ...UNKNOWN, ...reason };
}
