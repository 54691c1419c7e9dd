import type { RunOptions } from './run-options.ts';

/** The least time that a target has without faults. */
const TIMEOUT_MS_MIN = 120_000;
/** With faults a call can take seconds, and waits for those before it. */
export const TIMEOUT_MS_WITH_FAULTS = 600_000;

/**
 * What a call may take beside its service, in milliseconds: signing it, its way there and back, its turn in the
 * lane. The built-in client takes 5 ms on two processors; a machine that is busy with other work has ten times
 * that.
 */
const BESIDE_SERVICE_MS = 50;
/** Service times vary around their mean. */
const SERVICE_FACTOR = 2;

/** What the default time limit depends on. */
export type RunSize = Pick<RunOptions, 'users' | 'callsPerAccount' | 'serviceMs' | 'arrivalJitterMs'>;

/**
 * The time limit of a run unless one is given: {@link TIMEOUT_MS_MIN} (with faults {@link TIMEOUT_MS_WITH_FAULTS}),
 * and in addition, for each call, twice its service and jitter and {@link BESIDE_SERVICE_MS}, as if all calls were
 * made one after the other. A limit that is too long costs time only where a target hangs; one that is too short
 * ends targets which are right.
 */
export function defaultTimeoutMs(size: RunSize, { hasFaults }: { readonly hasFaults: boolean }): number {
  const calls = size.users * size.callsPerAccount;
  const callMs = SERVICE_FACTOR * (size.serviceMs + size.arrivalJitterMs) + BESIDE_SERVICE_MS;
  return (hasFaults ? TIMEOUT_MS_WITH_FAULTS : TIMEOUT_MS_MIN) + Math.ceil(calls * callMs);
}

/** A run as `verify` makes it unless told otherwise. */
export const DEFAULT_RUN: RunOptions = {
  users: 100,
  callsPerAccount: 10,
  scope: 'global',
  serviceMs: 5,
  // Plain loopback never reorders: a client that sends without waiting would look perfect on it.
  arrivalJitterMs: 5,
  processes: 1,
  threads: 1,
  coordinator: 'local',
  nemesis: [],
  perAccount: false,
  allowNet: false,
  seed: 42,
  strict: false,
  timeoutMs: TIMEOUT_MS_MIN,
  clock: 'honest',
  faults: null,
  situations: [],
};
