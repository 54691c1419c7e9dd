import type { JournalRecord } from '../../mock-kraken/index.ts';
import type { CallFacts } from '../rules/index.ts';
import type { Counts } from './verdict.ts';

/** Counts the calls of a history. */
export class CallCounter {
  #accounts = 0;
  #calls = 0;
  #accepted = 0;
  #rejected = 0;

  onCall(call: JournalRecord, { accountIndex }: CallFacts): void {
    this.#calls += 1;
    this.#accounts = Math.max(this.#accounts, accountIndex + 1);
    if (call.outcome === 'accepted') this.#accepted += 1;
    if (call.outcome === 'rejected') this.#rejected += 1;
  }

  counts(publicCalls: number): Counts {
    return {
      accounts: this.#accounts,
      calls: this.#calls,
      accepted: this.#accepted,
      rejected: this.#rejected,
      faulted: this.#calls - this.#accepted - this.#rejected,
      publicCalls,
    };
  }
}
