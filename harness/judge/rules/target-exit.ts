import type { TargetExit } from './rule.ts';
import { formatDuration, formatInteger } from '../../format.ts';

/** Whether the target ended by itself with status 0. */
export function endedWell({ endedBy, signal, status }: TargetExit): boolean {
  return endedBy === null && signal === null && status === 0;
}

/** Whether the harness ended the target as the run was meant to end. */
export function endedAsPlanned({ endedBy }: TargetExit): boolean {
  return endedBy === 'planned-stop';
}

/** Whether the harness ended the target. */
export function wasStopped({ endedBy }: TargetExit): boolean {
  return endedBy === 'time-limit' || endedBy === 'interrupt' || endedBy === 'planned-stop';
}

/** The end of a target in words that follow `The target`: `ended with status 3`. */
export function describeExit({ endedBy, ranMs, signal, status, timeoutMs }: TargetExit): string {
  if (endedBy === 'planned-stop') {
    const after = ranMs === undefined ? '' : ` after ${formatDuration(ranMs * 1e6)}`;
    const killed = signal === 'SIGKILL' ? ', by SIGKILL, since SIGTERM did not end it in time' : '';
    return `was stopped as planned${after}${killed}`;
  }
  if (endedBy === 'time-limit') {
    return `was still running after ${formatInteger(timeoutMs / 1_000)} s, its time limit, and was ended`;
  }
  if (endedBy === 'interrupt') {
    return signal === null && status === null
      ? 'was not started, for nonceproof was interrupted'
      : 'was ended early, for nonceproof was interrupted';
  }
  if (endedBy === 'uncaught-error') return 'ended by an error of its own that nothing caught';
  if (signal !== null) return `was ended by ${signal}`;
  return `ended with status ${status}${status === NODE_STUCK_STATUS ? ' (Node: something was awaited that can never come)' : ''}`;
}

/** Node's status when a module awaits a promise that nothing can settle (Node docs, process exit codes). */
export const NODE_STUCK_STATUS = 13;
