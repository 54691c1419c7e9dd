import type { JournalRecord, Outcome } from '../../../mock-kraken/index.ts';
import { RULE_IDS } from '../../judge/history/index.ts';
import { accountName } from '../../format.ts';
import type { Verdict } from '../../judge/verdict/index.ts';
import type { ClientSide } from '../../provenance/index.ts';
import type { BrokenRules } from './broken-rules.ts';
import type { RunData } from './run-data.ts';

/** What a run's data is made of. */
export interface RunParts {
  readonly verdict: Verdict;
  /** In arrival order. */
  readonly calls: readonly JournalRecord[];
  /** `null` where nobody knows when a call was asked for. */
  readonly client: ClientSide | null;
}

const OUTCOMES: readonly Outcome[] = ['accepted', 'rejected', 'faulted'];

/** What a run's data is made of, and which rules each call broke. */
export interface JudgedRunParts extends RunParts {
  /** One entry for each of `calls`. */
  readonly broken: BrokenRules;
}

/** Writes a run into columns. */
export function encodeRun({ verdict, calls, client, broken }: JudgedRunParts): RunData {
  const accounts = new Names(accountNames(calls));
  const methods = new Names();
  const errors = new Names(['']);
  const faults = new Names(['']);
  const rowOfSeq = new Map(calls.map(({ seq }, row) => [seq, row]));
  const columns = {
    seq: calls.map(({ seq }) => seq),
    account: calls.map((call) => accounts.indexOf(accountName(call))),
    method: calls.map(({ method }) => methods.indexOf(method)),
    arrivedAfter: calls.map(({ arrivedNs }, row) => arrivedNs - (calls[row - 1]?.arrivedNs ?? arrivedNs)),
    service: calls.map(({ arrivedNs, departedNs }) => (departedNs === null ? -1 : departedNs - arrivedNs)),
    nonce: encodeNonces(calls),
    outcome: calls.map(({ outcome }) => OUTCOMES.indexOf(outcome)),
    error: calls.map(({ error }) => errors.indexOf(error ?? '')),
    fault: calls.map(({ fault }) => faults.indexOf(fault ?? '')),
    broken,
    wait: client === null ? null : encodeWaits(calls, client),
  };
  return {
    scope: verdict.scope,
    accounts: accounts.all,
    methods: methods.all,
    errors: errors.all,
    faults: faults.all,
    rules: RULE_IDS,
    outcomes: OUTCOMES,
    first: Object.fromEntries(
      verdict.rules.map(({ id, first }) => [id, first.flatMap((seq) => rowOfSeq.get(seq) ?? [])]),
    ),
    columns,
  };
}

/** MASTER, USER_1, USER_2 … USER_10, and last whoever used a key that belongs to no account. */
function accountNames(calls: readonly JournalRecord[]): readonly string[] {
  const named = (known: boolean): string[] =>
    [...new Set(calls.filter(({ account }) => (account !== null) === known).map(accountName))].sort((a, b) =>
      a.localeCompare(b, 'en', { numeric: true }),
    );
  return [...named(true), ...named(false)];
}

/** Gives each name a number, in the order in which they come. */
class Names {
  readonly #indexes = new Map<string, number>();

  constructor(first: readonly string[] = []) {
    for (const name of first) this.indexOf(name);
  }

  get all(): readonly string[] {
    return [...this.#indexes.keys()];
  }

  indexOf(name: string): number {
    const index = this.#indexes.get(name) ?? this.#indexes.size;
    this.#indexes.set(name, index);
    return index;
  }
}

/** Nonces mostly rise by a little: the difference is a third as long as the nonce. */
function encodeNonces(calls: readonly JournalRecord[]): (number | string | null)[] {
  let last = 0n;
  return calls.map(({ nonce }) => {
    if (nonce === null || !/^(0|[1-9]\d{0,19})$/.test(nonce)) return nonce;
    const step = BigInt(nonce) - last;
    last = BigInt(nonce);
    return step > -(2n ** 53n) && step < 2n ** 53n ? Number(step) : nonce;
  });
}

function encodeWaits(calls: readonly JournalRecord[], client: ClientSide): readonly number[] | null {
  const { clockOffsetMs } = client;
  if (clockOffsetMs === null) return null;
  const askedNs = new Map(client.calls.map(({ tag, askedMs }) => [tag, (askedMs + clockOffsetMs) * 1e6]));
  return calls.map(({ tag, arrivedNs }) => {
    const asked = tag === null ? undefined : askedNs.get(tag);
    // A repeated call waits for its reply, not for the lane.
    if (tag !== null) askedNs.delete(tag);
    return asked === undefined ? -1 : Math.max(0, Math.round(arrivedNs - asked));
  });
}
