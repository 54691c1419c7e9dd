import type { RunSettings } from './run-settings.ts';

/** With faults a call can take seconds, and waits for those before it. */
export const TIMEOUT_MS_WITH_FAULTS = 600_000;

/** A run as `verify` makes it unless told otherwise. */
export const DEFAULT_RUN: RunSettings = {
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
  timeoutMs: 120_000,
  clock: 'honest',
  faults: null,
  situations: [],
};
