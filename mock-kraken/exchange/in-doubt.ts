import { ownText } from '../kept-text.ts';

/** How many ids are kept for each account; far more than a client can lose replies to and go on. */
const IDS_PER_ACCOUNT_MAX = 10_000;

/** Text in quotes that may be an id, as short as ids are. */
const QUOTED = /"([\w-]{1,40})"/g;

/**
 * What took effect and has not reached its client in a whole reply: on its way, or lost. Asked with every later reply
 * of the account, it says which of that the reply tells of. Bounded: of each account the oldest are forgotten.
 */
export class InDoubt {
  readonly #idsOfAccount = new Map<string, Set<string>>();

  /** These took effect; the reply is not delivered yet. */
  add(account: string, ids: readonly string[]): void {
    const known = this.#idsOfAccount.get(account) ?? new Set();
    this.#idsOfAccount.set(account, known);
    for (const id of ids) known.add(id);
    for (const oldest of known) {
      if (known.size <= IDS_PER_ACCOUNT_MAX) return;
      known.delete(oldest);
    }
  }

  /** The account has been told of these. */
  settle(account: string, ids: readonly string[]): void {
    const known = this.#idsOfAccount.get(account);
    for (const id of ids) known?.delete(id);
    if (known?.size === 0) this.#idsOfAccount.delete(account);
  }

  /** Those ids of the account that stand in `body`, or are among `others`. */
  shownBy(account: string, body: string, others: readonly string[]): readonly string[] {
    const known = this.#idsOfAccount.get(account);
    if (known === undefined) return NONE;
    const shown = new Set(others.filter((id) => known.has(id)));
    for (const [, text] of body.matchAll(QUOTED))
      if (text !== undefined && known.has(text)) shown.add(ownText(text));
    return shown.size === 0 ? NONE : [...shown];
  }
}

const NONE: readonly string[] = Object.freeze([]);
