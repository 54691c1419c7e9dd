/**
 * What the venue remembers of the past: closed orders, trades, ledger rows. Bounded over all accounts
 * together; when it is full, the oldest record goes, whoever's it is.
 *
 * Invariant: `#ring` names exactly the records in `#byAccount`; once it is full, `#oldest` is where its oldest
 * stands, and the next record takes that place.
 */
export class Records<R extends { readonly account: string }> {
  readonly #recordsMax: number;
  readonly #ring: { readonly id: string; readonly account: string }[] = [];
  readonly #byAccount = new Map<string, Map<string, R>>();
  #oldest = 0;

  constructor(recordsMax: number) {
    this.#recordsMax = recordsMax;
  }

  add(id: string, record: R): void {
    this.#remember(id, record.account);
    this.#ownedBy(record.account).set(id, record);
  }

  /** The record, if this account owns it. */
  get(account: string, id: string): R | undefined {
    return this.#byAccount.get(account)?.get(id);
  }

  /** The account's records, oldest first. */
  of(account: string): Iterable<R> {
    return this.#byAccount.get(account)?.values() ?? [];
  }

  #remember(id: string, account: string): void {
    if (this.#ring.length < this.#recordsMax) {
      this.#ring.push({ id, account });
      return;
    }
    const forgotten = this.#ring[this.#oldest];
    if (forgotten !== undefined) this.#byAccount.get(forgotten.account)?.delete(forgotten.id);
    this.#ring[this.#oldest] = { id, account };
    this.#oldest = (this.#oldest + 1) % this.#recordsMax;
  }

  #ownedBy(account: string): Map<string, R> {
    const owned = this.#byAccount.get(account) ?? new Map<string, R>();
    this.#byAccount.set(account, owned);
    return owned;
  }
}
