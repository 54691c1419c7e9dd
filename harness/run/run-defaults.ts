import type { RunSettings } from './observe.ts';

/** A run as `verify` makes it unless told otherwise. */
export const DEFAULT_RUN: RunSettings = {
  users: 100,
  callsPerAccount: 10,
  scope: 'global',
  serviceMs: 5,
  // Plain loopback never reorders: a client that sends without waiting would look perfect on it.
  arrivalJitterMs: 5,
  processes: 1,
  seed: 42,
  timeoutMs: 120_000,
  clock: 'honest',
};
