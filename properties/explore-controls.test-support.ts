import type { Control } from '../harness/controls/index.ts';

/** Controls whose defect shows in a simulated world; the others need several processes, a restart or a real clock. */
export const IN_A_WORLD: ReadonlySet<string> = new Set([
  'no-lock',
  'lock-around-nonce-only',
  'busy-flag-set-late',
  'lease-lock',
  'p-queue-timeout',
  'async-lock-execution-time',
  'async-mutex-stray-release',
  'reentrancy-flag-parallel',
  'reentrancy-flag-detached',
  'reentrancy-drops-child',
  'nested-run-exclusive',
  'retry-outside-lock',
  'chain-poisoned',
  'chain-skips-queue',
  'priority-order',
  'two-instances',
  'web-lock-steal',
  'abort-leaves-slot',
  'lifo-lock',
  'lock-by-identity',
  'two-package-copies',
  'two-sockets',
]);

/** Calls per account: what the control says that it needs, within what is worth exploring. */
export function callsFor({ setting }: Pick<Control, 'setting'>): number {
  return Math.min(Math.max(setting?.calls ?? CALLS.min, CALLS.min), CALLS.max);
}

const CALLS = { min: 4, max: 6 };
