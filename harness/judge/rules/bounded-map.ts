/**
 * A map that forgets its oldest entry when it is full, and says whether it ever did: what is not found in it is
 * known to be absent only while `complete`.
 */
export class BoundedMap<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #sizeMax: number;
  #complete = true;

  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax;
  }

  /** Whether nothing was forgotten. */
  get complete(): boolean {
    return this.#complete;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  set(key: string, value: Value): void {
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#sizeMax) return;
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
    this.#complete = false;
  }
}
