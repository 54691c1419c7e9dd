/**
 * What the venue remembers of the past: closed orders, trades, ledger rows. Bounded over all accounts
 * together; when it is full, the oldest record goes, whoever's it is.
 *
 * Invariant: `#all` and the maps in `#byAccount` hold the same records, each in the order they came in.
 */
export class Records<R extends { readonly account: string }> {
  readonly #recordsMax: number;
  readonly #all = new Map<string, R>();
  readonly #byAccount = new Map<string, Map<string, R>>();

  constructor(recordsMax: number) {
    this.#recordsMax = recordsMax;
  }

  add(id: string, record: R): void {
    this.#all.set(id, record);
    this.#ownedBy(record.account).set(id, record);
    if (this.#all.size > this.#recordsMax) this.#dropOldest();
  }

  /** The record, if this account owns it. */
  get(account: string, id: string): R | undefined {
    return this.#byAccount.get(account)?.get(id);
  }

  /** The account's records, oldest first. */
  of(account: string): Iterable<R> {
    return this.#byAccount.get(account)?.values() ?? [];
  }

  #ownedBy(account: string): Map<string, R> {
    const owned = this.#byAccount.get(account) ?? new Map<string, R>();
    this.#byAccount.set(account, owned);
    return owned;
  }

  #dropOldest(): void {
    for (const [id, record] of this.#all) {
      this.#all.delete(id);
      this.#byAccount.get(record.account)?.delete(id);
      return;
    }
  }
}
