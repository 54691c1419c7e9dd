import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import { BoundedMap } from './bounded-map.ts';
import { DecayingCounter } from './decaying-counter.ts';
import type { LimitsSettings } from './limits-options.ts';

/** Calls that only the matching engine counts. Kraken docs, REST rate limits; weights of ccxt for the newer ones. */
const FREE_METHODS: ReadonlySet<string> = new Set([
  'AddOrder',
  'AddOrderBatch',
  'AmendOrder',
  'EditOrder',
  'CancelOrder',
  'CancelOrderBatch',
]);

/** The REST call counter: each key has one, calls raise it, time lowers it. Kraken docs, REST rate limits. */
export class RestCounter {
  readonly #settings: LimitsSettings;
  readonly #counters: BoundedMap<DecayingCounter>;

  constructor(settings: LimitsSettings) {
    this.#settings = settings;
    this.#counters = new BoundedMap(() => new DecayingCounter(settings.tier.rest.decayPerS));
  }

  /**
   * Counts a call. One that is refused counts, too: Kraken docs, REST rate limits ("longer if calls continue").
   * @param key - anything that names the key
   */
  charge(key: string, method: string, atMs: number): string | null {
    const value = this.#counters.get(key).add(this.#costOf(method), atMs);
    return value > this.#settings.tier.rest.max ? KRAKEN_ERRORS.apiRateLimit : null;
  }

  #costOf(method: string): number {
    if (FREE_METHODS.has(method)) return 0;
    return this.#settings.historyMethods.includes(method) ? this.#settings.historyCost : 1;
  }
}
