/** A counter that sinks with time, never below zero. */
export class DecayingCounter {
  readonly #decayPerS: number;
  #value = 0;
  #atMs = 0;

  constructor(decayPerS: number) {
    this.#decayPerS = decayPerS;
  }

  /** Its value at a moment, in wall-clock milliseconds; a moment in the past counts as the last one. */
  at(ms: number): number {
    const elapsedMs = Math.max(0, ms - this.#atMs);
    this.#value = Math.max(0, this.#value - (elapsedMs / 1000) * this.#decayPerS);
    this.#atMs += elapsedMs;
    return this.#value;
  }

  /** Raises it, and says to what. */
  add(cost: number, atMs: number): number {
    this.#value = this.at(atMs) + cost;
    return this.#value;
  }
}
