/**
 * Entries kept per limit, so that made-up keys and addresses cannot fill the memory. The least recently used are
 * forgotten first: what is in use is not pushed out by what is made up.
 */
const ENTRIES_MAX = 10_000;

/** A map that makes missing values and never grows beyond 10,000 of them. */
export class BoundedMap<V> {
  /** The least recently used come first. */
  readonly #values = new Map<string, V>();
  readonly #create: () => V;

  constructor(create: () => V) {
    this.#create = create;
  }

  get(key: string): V {
    const value = this.#values.get(key) ?? this.#create();
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > ENTRIES_MAX) this.#forgetOldest();
    return value;
  }

  #forgetOldest(): void {
    for (const key of this.#values.keys()) {
      this.#values.delete(key);
      return;
    }
  }
}
