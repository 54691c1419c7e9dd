import { BoundedMap } from './bounded-map.ts';
import { DecayingCounter } from './decaying-counter.ts';
import type { LimitsSettings } from './limits-options.ts';

/** Public calls are counted per address. Kraken support, 2017, in KrakenCore#1; not in the current documents. */
export class PublicLimit {
  readonly #settings: LimitsSettings;
  readonly #counters: BoundedMap<DecayingCounter>;

  constructor(settings: LimitsSettings) {
    this.#settings = settings;
    this.#counters = new BoundedMap(() => new DecayingCounter(settings.publicCallsPerS));
  }

  /** Counts a call, unless it is one too many. */
  charge(address: string, atMs: number): string | null {
    const counter = this.#counters.get(address);
    if (counter.at(atMs) + 1 > this.#settings.publicBurstMax) return this.#settings.publicLimitError;
    counter.add(1, atMs);
    return null;
  }
}
