import type { Caller } from './caller.ts';
import type { CallParams, LateParam } from './request-body.ts';

/** Methods with a `deadline`, after which the engine refuses them (Kraken docs, trading endpoints). */
const WITH_DEADLINE: ReadonlySet<string> = new Set(['AddOrder', 'AddOrderBatch', 'AmendOrder', 'EditOrder']);

/**
 * Whether a call gets a deadline of ours: with it the engine cannot apply the call long after the lane was
 * given up. The caller's own goes first.
 */
export function needsDeadline(method: string, params: CallParams): boolean {
  return WITH_DEADLINE.has(method) && params['deadline'] === undefined;
}

/** The deadline for a call that is sent now. */
export function deadlineParam(caller: Caller): LateParam {
  const atMs = caller.exchangeClock.nowMs() + caller.limits.orderDeadlineMs;
  return ['deadline', new Date(atMs).toISOString()];
}
