import type { JournalRecord } from '../../mock-kraken/index.ts';
import type { Counts } from './verdict.ts';

/** Counts the calls of a history. */
export class CallCounter {
  readonly #accounts = new Set<string>();
  #calls = 0;
  #accepted = 0;
  #rejected = 0;

  onCall(call: JournalRecord): void {
    this.#calls += 1;
    if (call.account !== null) this.#accounts.add(call.account);
    if (call.outcome === 'accepted') this.#accepted += 1;
    if (call.outcome === 'rejected') this.#rejected += 1;
  }

  counts(publicCalls: number): Counts {
    return {
      accounts: this.#accounts.size,
      calls: this.#calls,
      accepted: this.#accepted,
      rejected: this.#rejected,
      faulted: this.#calls - this.#accepted - this.#rejected,
      publicCalls,
    };
  }
}
