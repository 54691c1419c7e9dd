import type { RunData } from '../run-data.ts';

/** The calls of a run in typed arrays; call n is the n-th to arrive. */
export interface Calls {
  readonly count: number;
  readonly account: Uint32Array;
  /** Nanoseconds since the first arrival. */
  readonly arrivedNs: Float64Array;
  /** `Infinity` when it was never answered. */
  readonly departedNs: Float64Array;
  readonly outcome: Uint8Array;
  /** Bit n: the n-th rule was broken. */
  readonly broken: Uint16Array;
  /** When the last call arrived or was answered, whichever is later. */
  readonly endNs: number;
  /**
   * Calls that broke a rule or are named by the verdict, in order. Calls that were only rejected are among them
   * only where there is nothing else: a rejection mostly follows from another call's violation.
   */
  readonly suspects: Uint32Array;
  /** The calls of each account, in order of arrival. */
  readonly rows: readonly AccountRow[];
}

/** One account's calls. */
export interface AccountRow {
  readonly calls: Uint32Array;
  /** For each entry of `calls`, the latest departure so far: what makes a window of time quick to find. */
  readonly departedByNs: Float64Array;
}

/** Unpacks the columns. */
export function unpackCalls({ columns, rules, first, accounts }: RunData): Calls {
  const count = columns.seq.length;
  const arrivedNs = new Float64Array(count);
  const departedNs = new Float64Array(count);
  let nowNs = 0;
  let endNs = 0;
  for (let n = 0; n < count; n += 1) {
    nowNs += columns.arrivedAfter[n] ?? 0;
    const service = columns.service[n] ?? -1;
    arrivedNs[n] = nowNs;
    departedNs[n] = service < 0 ? Infinity : nowNs + service;
    endNs = Math.max(endNs, service < 0 ? nowNs : nowNs + service);
  }
  const broken = Uint16Array.from(columns.broken);
  markFirst(broken, { rules, first });
  const account = Uint32Array.from(columns.account);
  return {
    count,
    account,
    arrivedNs,
    departedNs,
    outcome: Uint8Array.from(columns.outcome),
    broken,
    endNs: Math.max(endNs, 1),
    suspects: suspectsOf(broken, 1 << rules.indexOf('all-accepted')),
    rows: rowsOf({ account, departedNs, accounts: accounts.length }),
  };
}

/** The offending call of a rule's first violation is marked even where the rule told only at the end. */
function markFirst(broken: Uint16Array, { rules, first }: Pick<RunData, 'rules' | 'first'>): void {
  for (const [bit, rule] of rules.entries()) {
    const offender = first[rule]?.[0];
    if (offender !== undefined) broken[offender] = (broken[offender] ?? 0) | (1 << bit);
  }
}

function suspectsOf(broken: Uint16Array, rejectedBit: number): Uint32Array {
  const rows = Uint32Array.from(broken.keys());
  const worse = rows.filter((n) => ((broken[n] ?? 0) & ~rejectedBit) !== 0);
  return worse.length > 0 ? worse : rows.filter((n) => broken[n] !== 0);
}

function rowsOf(parts: {
  readonly account: Uint32Array;
  readonly departedNs: Float64Array;
  readonly accounts: number;
}): readonly AccountRow[] {
  const calls: number[][] = Array.from({ length: parts.accounts }, () => []);
  for (const [n, account] of parts.account.entries()) calls[account]?.push(n);
  return calls.map((ofAccount) => {
    let latest = -Infinity;
    const departedByNs = Float64Array.from(ofAccount, (n) => {
      latest = Math.max(latest, parts.departedNs[n] ?? 0);
      return latest;
    });
    return { calls: Uint32Array.from(ofAccount), departedByNs };
  });
}

/** For each call, until when some call that arrived before it was in service; 0 where there was none. */
export function busyUntil({ count, departedNs }: Calls): Float64Array {
  const busy = new Float64Array(count);
  for (let n = 1; n < count; n += 1) busy[n] = Math.max(busy[n - 1] ?? 0, departedNs[n - 1] ?? 0);
  return busy;
}

/** The first position at which a rising array is at least `value`. */
export function lowerBound(rising: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const CANONICAL = /^(0|[1-9]\d{0,19})$/;

/** Every nonce as it was sent. */
export function unpackNonces({ columns }: RunData): readonly (string | null)[] {
  let last = 0n;
  return columns.nonce.map((step) => {
    if (typeof step === 'number') last += BigInt(step);
    else if (step === null || !CANONICAL.test(step)) return step;
    else last = BigInt(step);
    return last.toString();
  });
}
