import type { Refusal } from './verdict.ts';

/** Bounds the memory: a recording may hold any text as an error. */
const ERRORS_MAX = 100;

/** Counts refusals by the exchange's words. */
export class RefusalCounter {
  readonly #byError = new Map<string, Refusal>();
  /** All of them, those of strings beyond the bound included. */
  calls = 0;

  add(refusal: Refusal): void {
    this.calls += refusal.calls;
    const known = this.#byError.get(refusal.error);
    if (known !== undefined)
      this.#byError.set(refusal.error, { ...known, calls: known.calls + refusal.calls });
    else if (this.#byError.size < ERRORS_MAX) this.#byError.set(refusal.error, refusal);
  }

  /** Most frequent first. */
  list(): readonly Refusal[] {
    return [...this.#byError.values()].toSorted((a, b) => b.calls - a.calls);
  }
}
