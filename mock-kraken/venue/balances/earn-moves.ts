/** The latest allocation and deallocation of each account in each strategy: what their status speaks of. */
export class EarnMoves {
  readonly #latest = new Map<string, string>();

  /** @param name - what is moved, and where to */
  note(account: string, name: string, id: string): void {
    this.#latest.set(`${account}\n${name}`, id);
  }

  /** The id of the latest move of this name; `undefined` when there was none. */
  latest(account: string, name: string): string | undefined {
    return this.#latest.get(`${account}\n${name}`);
  }
}
