import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { rejectionOf } from '../rules/index.ts';
import type { CallFacts } from '../rules/index.ts';
import { RefusalCounter } from './refusal-counter.ts';
import type { Counts, Refusal } from './verdict.ts';

/** Counts the calls of a history. */
export class CallCounter {
  readonly #refusals = new RefusalCounter();
  #accounts = 0;
  #calls = 0;
  #accepted = 0;
  #rejected = 0;

  onCall(call: JournalRecord, { accountIndex }: CallFacts): void {
    this.#calls += 1;
    this.#accounts = Math.max(this.#accounts, accountIndex + 1);
    if (call.outcome === 'accepted') this.#accepted += 1;
    if (call.outcome !== 'rejected') return;
    this.#rejected += 1;
    if (rejectionOf(call) === 'content')
      this.#refusals.add({ error: call.error ?? '', calls: 1, first: call.seq });
  }

  counts(publicCalls: number): Counts {
    return {
      accounts: this.#accounts,
      calls: this.#calls,
      accepted: this.#accepted,
      rejected: this.#rejected,
      refused: this.#refusals.calls,
      faulted: this.#calls - this.#accepted - this.#rejected,
      publicCalls,
    };
  }

  refusals(): readonly Refusal[] {
    return this.#refusals.list();
  }
}
