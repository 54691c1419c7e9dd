import type { JournalRecord } from '../mock-kraken/index.ts';

/** `1,204 calls`, `1 call`; the plural is the noun with an s unless given. */
export function count(n: number, noun: string, plural: string = `${noun}s`): string {
  return `${formatInteger(n)} ${n === 1 ? noun : plural}`;
}

/** `1,204`. */
export function formatInteger(n: number): string {
  // Every rule says in words what it held over, of every schedule of an exploration: small numbers must be quick.
  return Number.isInteger(n) && n >= 0 && n < 1_000 ? String(n) : n.toLocaleString('en-US');
}

const DURATION_UNITS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
] as const;

/** Two or three significant digits and a unit: `2.1 ms`, `310 µs`, `12 s`, `40 ns`. */
export function formatDuration(ns: number): string {
  for (const [unit, size] of DURATION_UNITS) {
    // 0.9995 would print as 1000 of the smaller unit.
    if (ns < size * 0.9995) continue;
    const value = ns / size;
    return `${value < 9.95 ? value.toFixed(1) : formatInteger(Math.round(value))} ${unit}`;
  }
  return `${Math.round(ns)} ns`;
}

/** The account's name, or words for a caller whose API key names none. */
export function accountName(call: JournalRecord): string {
  return call.account ?? (call.key === null ? 'somebody without an API key' : `the unknown key ${call.key}`);
}

/** `USER_7's AddOrder`. */
export function callName(call: JournalRecord): string {
  return call.account === null
    ? `${call.method} of ${accountName(call)}`
    : `${call.account}'s ${call.method}`;
}

/** `USER_7's AddOrder (#118)`. */
export function callNameWithSeq(call: JournalRecord): string {
  return `${callName(call)} (#${call.seq})`;
}

/** `2.1 ms after MASTER's Balance`, `at the same moment as MASTER's Balance`. */
export function arrivedAfter(later: JournalRecord, earlier: JournalRecord): string {
  const ns = later.arrivedNs - earlier.arrivedNs;
  return ns === 0
    ? `at the same moment as ${callName(earlier)}`
    : `${formatDuration(ns)} after ${callName(earlier)}`;
}
