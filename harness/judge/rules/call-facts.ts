import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { readNonce } from './nonce-text.ts';

/**
 * What several rules need to know of a call, worked out once for all of them. Keys and accounts are numbered in
 * the order of their first call, so that what is kept of each can stand in an array; a rule that sees every call
 * meets a new one exactly when the index is the length of its array.
 */
export interface CallFacts {
  /** As `readNonce` returns it: `null` when it is no nonce. */
  readonly nonce: string | null;
  /** 0, 1, 2 … for each API key; -1 when the call has none. */
  readonly keyIndex: number;
  /** 0, 1, 2 … for each account; -1 when the call has none. */
  readonly accountIndex: number;
}

/** Works out the facts of each call of one history, in order. */
export class CallReader {
  readonly #keys = new Map<string, number>();
  readonly #accounts = new Map<string, number>();
  /** By key index: whose key it was the last time. A key hardly ever changes hands, and asking a map is slow. */
  readonly #ownerOfKey: Owner[] = [];

  read(call: JournalRecord): CallFacts {
    const keyIndex = indexOf(this.#keys, call.key);
    return {
      nonce: readNonce(call.nonce),
      keyIndex,
      accountIndex: this.#accountIndex(call.account, keyIndex),
    };
  }

  #accountIndex(account: string | null, keyIndex: number): number {
    if (keyIndex < 0) return indexOf(this.#accounts, account);
    const owner = this.#ownerOfKey[keyIndex];
    if (owner !== undefined && owner.account === account) return owner.accountIndex;
    const accountIndex = indexOf(this.#accounts, account);
    this.#ownerOfKey[keyIndex] = { account, accountIndex };
    return accountIndex;
  }
}

interface Owner {
  readonly account: string | null;
  readonly accountIndex: number;
}

function indexOf(indexes: Map<string, number>, name: string | null): number {
  if (name === null) return -1;
  const known = indexes.get(name);
  if (known !== undefined) return known;
  indexes.set(name, indexes.size);
  return indexes.size - 1;
}
