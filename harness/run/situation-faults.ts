import type { FaultPlan, PlannedFault } from '../../mock-kraken/index.ts';
import type { Situation } from './targets/index.ts';

/** Of so many calls one fails, beginning with the first; and how many in all. */
const FAILING_EVERY = 6;
const FAILURES = 20;

/** Breaks a connection once the exchange has served the call: the client learns nothing, and knows that it does not. */
const LOST = 'reset-after-apply';

/** The faults that bring situations about; `null` when none of them needs one. */
export function situationFaults(situations: readonly Situation[]): FaultPlan | null {
  const faults = situations.flatMap((situation) => FAULTS[situation] ?? []);
  return faults.length === 0 ? null : { version: 1, name: situations.join(' and '), faults };
}

/** Whatever a control changes; the first of each loses its reply. */
const CHANGES: readonly string[] = ['AddOrder', 'AddOrderBatch', 'WalletTransfer', 'Withdraw'];

const FAULTS: Readonly<Partial<Record<Situation, readonly PlannedFault[]>>> = {
  'call-fails': Array.from({ length: FAILURES }, (_, n) => ({ kind: LOST, nth: 1 + n * FAILING_EVERY })),
  // The seventh call is the first after everybody's balance and MASTER's order: those of the users wait behind it.
  'account-limit': [7, 8].map((nth) => ({ kind: 'rate-limit', nth, method: 'AddOrder' })),
  'reply-lost': CHANGES.map((method) => ({ kind: LOST, nth: 1, method })),
  'arrives-late': [{ kind: 'delay-arrival', nth: 1, method: 'AddOrder', ms: 3_000 }],
  'delivered-twice': [{ kind: 'duplicate-second-reply', nth: 1, method: 'AddOrder', ms: 0 }],
};
