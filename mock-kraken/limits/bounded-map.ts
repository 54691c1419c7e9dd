/** Entries kept per limit: the oldest are forgotten first, so that made-up keys and addresses cannot fill the memory. */
const ENTRIES_MAX = 10_000;

/** A map that makes missing values and never grows beyond 10,000 of them. */
export class BoundedMap<V> {
  readonly #values = new Map<string, V>();
  readonly #create: () => V;

  constructor(create: () => V) {
    this.#create = create;
  }

  get(key: string): V {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const created = this.#create();
    this.#values.set(key, created);
    if (this.#values.size > ENTRIES_MAX) this.#forgetOldest();
    return created;
  }

  #forgetOldest(): void {
    for (const key of this.#values.keys()) {
      this.#values.delete(key);
      return;
    }
  }
}
