import type { JournalRecord } from '../../mock-kraken/index.ts';
import { accountName } from '../format.ts';

/**
 * `trace.json`: the run in Chrome's Trace Event Format (the document "Trace Event Format" of the Chromium
 * project), which Perfetto, speedscope and `chrome://tracing` open. Times in microseconds from the first
 * arrival, one thread an account. Slices of one thread must nest, which calls that overlap do not: those of one
 * account that are in service together are spread over further threads of it.
 *
 * Of a very long run only the calls are here that `report.html` shows, too.
 *
 * A call that was never answered is drawn to the end of the run and says so.
 */
export function traceEventsReport(calls: readonly JournalRecord[], title: string): string {
  const threads = new Threads();
  const startNs = calls[0]?.arrivedNs ?? 0;
  const endNs = calls.reduce((end, call) => Math.max(end, call.departedNs ?? call.arrivedNs), startNs);
  const events = calls.flatMap((call) => callEvents(call, { tid: threads.threadOf(call), startNs, endNs }));
  const traceEvents = [metadata('process_name', 0, title), ...threads.names(), ...events];
  // One event a line: such files are searched with grep, too.
  return `{"displayTimeUnit":"ms","traceEvents":[\n${traceEvents.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;
}

/** One process: the target. */
const PID = 1;

type TraceEvent = Readonly<Record<string, unknown>>;

interface Placement {
  readonly tid: number;
  readonly startNs: number;
  readonly endNs: number;
}

function callEvents(call: JournalRecord, { tid, startNs, endNs }: Placement): readonly TraceEvent[] {
  const { seq, method, nonce, outcome, error, fault, violations, arrivedNs, departedNs } = call;
  const at = { pid: PID, tid, ts: micros(arrivedNs - startNs) };
  const args = { seq, nonce, outcome, error, fault, violations, answered: departedNs !== null };
  const marks = violations.map((rule) => ({
    name: rule,
    cat: 'violation',
    ph: 'i',
    s: 't',
    ...at,
    args: { seq },
  }));
  const dur = micros((departedNs ?? endNs) - arrivedNs);
  return [{ name: method, cat: outcome, ph: 'X', ...at, dur, args }, ...marks];
}

function micros(ns: number): number {
  return ns / 1_000;
}

function metadata(name: string, tid: number, text: string): TraceEvent {
  return { name, ph: 'M', pid: PID, tid, args: { name: text } };
}

/** Gives each call a thread of its account on which nothing else is in service. */
class Threads {
  readonly #threads: { readonly account: string; readonly nth: number; busyUntilNs: number }[] = [];
  readonly #ofAccount = new Map<string, number[]>();

  threadOf(call: JournalRecord): number {
    const account = accountName(call);
    const own = this.#ofAccount.get(account) ?? [];
    this.#ofAccount.set(account, own);
    const free = own.find((tid) => (this.#threads[tid]?.busyUntilNs ?? Infinity) <= call.arrivedNs);
    const tid = free ?? this.#open(account, own);
    const thread = this.#threads[tid];
    if (thread !== undefined) thread.busyUntilNs = call.departedNs ?? Infinity;
    return tid + 1;
  }

  names(): readonly TraceEvent[] {
    return this.#threads.map(({ account, nth }, tid) =>
      metadata('thread_name', tid + 1, nth === 1 ? account : `${account} (${nth} at a time)`),
    );
  }

  #open(account: string, own: number[]): number {
    own.push(this.#threads.length);
    this.#threads.push({ account, nth: own.length, busyUntilNs: -Infinity });
    return this.#threads.length - 1;
  }
}
