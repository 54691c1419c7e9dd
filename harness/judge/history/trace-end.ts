import { z } from 'zod';

/** How a target ended, as a trace says it. */
export interface RecordedExit {
  /** `null` when a signal ended it, or when it was never started. */
  readonly status: number | null;
  readonly signal: string | null;
  /** What ended it; `null`: it ended by itself. */
  readonly endedBy: 'time-limit' | 'interrupt' | 'planned-stop' | 'uncaught-error' | null;
  readonly timeoutMs: number;
  /** Milliseconds from its start until it was ended. */
  readonly ranMs?: number | undefined;
  /** How long nothing was in service, up to the moment at which it was ended and at most before. */
  readonly stillness?: { readonly lastMs: number; readonly longestBeforeMs: number } | undefined;
}

/** What no record of a run shows: with it, a trace is judged as its run was. */
export interface TraceEnd {
  readonly exit: RecordedExit;
  /** Kinds of fault that struck the target's clock or its processes, and no call. */
  readonly struck: readonly string[];
  /** Why nothing could be concluded from the run, in sentences. */
  readonly defects: readonly string[];
}

/** A {@link TraceEnd}. */
export const TRACE_END: z.ZodType<TraceEnd> = z
  .object({
    exit: z
      .object({
        status: z.int().nullable(),
        signal: z.string().nullable(),
        endedBy: z.enum(['time-limit', 'interrupt', 'planned-stop', 'uncaught-error']).nullable(),
        timeoutMs: z.number(),
        ranMs: z.number().optional(),
        stillness: z.object({ lastMs: z.number(), longestBeforeMs: z.number() }).optional(),
      })
      .describe('how the target ended'),
    struck: z.array(z.string()).describe("faults of the target's clock or processes that struck"),
    defects: z.array(z.string()).describe('why nothing could be concluded from the run'),
  })
  .describe('what no record shows; absent where nothing was started');

/** Writes it field by field, so that what was read is written as it was. */
export function formatTraceEnd({ exit, struck, defects }: TraceEnd): string {
  const { status, signal, endedBy, timeoutMs, ranMs, stillness } = exit;
  const still =
    stillness === undefined
      ? {}
      : { stillness: { lastMs: stillness.lastMs, longestBeforeMs: stillness.longestBeforeMs } };
  return JSON.stringify({
    exit: { status, signal, endedBy, timeoutMs, ...(ranMs === undefined ? {} : { ranMs }), ...still },
    struck,
    defects,
  });
}
