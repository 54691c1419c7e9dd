/**
 * What can go wrong with the target's wall clock; monotonic time is left alone.
 * - `clock-back`, `clock-ahead`: it is stepped, by up to some seconds.
 * - `clock-stall`: it stands still for a while.
 * - `clock-restart`: it runs again from the moment the run began, as in a virtual machine that is restored.
 */
export const CLOCK_FAULT_KINDS = ['clock-back', 'clock-ahead', 'clock-stall', 'clock-restart'] as const;

export type ClockFaultKind = (typeof CLOCK_FAULT_KINDS)[number];
