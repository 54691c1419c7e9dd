import type { AdmissionRule, JournalRecord } from '../../mock-kraken/index.ts';
import { count } from '../rules/words.ts';
import { forEachLine } from './lines.ts';
import type { Line } from './lines.ts';
import { parseLine } from './parse-line.ts';
import { TRACE_LINE } from './trace-line.ts';
import type { TraceLine } from './trace-line.ts';

/** How many lines are named for each kind of defect. */
const LINES_NAMED_MAX = 5;

/** What became of a file. */
export interface TraceReading {
  /** Calls that were handed over. */
  readonly calls: number;
  /** What is wrong with the file, in sentences with line numbers; empty for a whole one. */
  readonly defects: readonly string[];
}

/**
 * Reads `trace.ndjson` and hands over its calls one by one, in arrival order, without keeping any.
 *
 * Not handed over but reported: lines that are not JSON or not of the shape in `trace.schema.json`, and lines
 * that arrived before the one above them (the rules read a history in arrival order, and would see what is not
 * there). Reported as well: `seq` that skips or does not rise, for then calls are missing. Empty lines are none.
 *
 * Times may have any origin. When the first is beyond 2^53, all are told from there.
 */
export async function readTrace(
  chunks: AsyncIterable<Uint8Array | string>,
  onCall: (call: JournalRecord) => void,
): Promise<TraceReading> {
  const reader = new TraceReader(onCall);
  await forEachLine(chunks, (line, lineNumber) => reader.onLine(line, lineNumber));
  return reader.reading();
}

class TraceReader {
  readonly #onCall: (call: JournalRecord) => void;
  readonly #unreadable = new NamedLines();
  readonly #outOfOrder = new NamedLines();
  readonly #seqBroken = new NamedLines();
  #calls = 0;
  #originNs: bigint | null = null;
  #lastArrivedNs = -Infinity;
  #lastSeq: number | null = null;

  constructor(onCall: (call: JournalRecord) => void) {
    this.#onCall = onCall;
  }

  onLine(line: Line, lineNumber: number): void {
    if (line !== null && line.trim() === '') return;
    const parsed = parseLine(line, TRACE_LINE);
    const call = 'value' in parsed ? this.#toRecord(parsed.value) : parsed.reason;
    if (typeof call === 'string') this.#unreadable.add(lineNumber, call);
    else this.#onRecord(call, lineNumber);
  }

  reading(): TraceReading {
    const defects = [
      ...this.#unreadable.sentence((lines) => `${lines} could not be read`),
      ...this.#outOfOrder.sentence((lines) => `Left out, for it arrived before the line above, ${lines}`),
      ...this.#seqBroken.sentence(
        (lines) => `Calls are missing or mixed up: seq does not go up by one at ${lines}`,
      ),
    ];
    return { calls: this.#calls, defects };
  }

  #onRecord(call: JournalRecord, lineNumber: number): void {
    this.#checkSeq(call.seq, lineNumber);
    if (call.arrivedNs < this.#lastArrivedNs) {
      this.#outOfOrder.add(lineNumber, `#${call.seq}`);
      return;
    }
    this.#lastArrivedNs = call.arrivedNs;
    this.#calls += 1;
    this.#onCall(call);
  }

  #checkSeq(seq: number, lineNumber: number): void {
    if (this.#lastSeq !== null && seq !== this.#lastSeq + 1) {
      this.#seqBroken.add(lineNumber, `#${seq} after #${this.#lastSeq}`);
    }
    this.#lastSeq = seq;
  }

  /** The call with its times on one origin, or why they cannot be. */
  #toRecord(line: TraceLine): JournalRecord | string {
    const arrivedNs = this.#onOrigin(line.arrivedNs);
    const departedNs = line.departedNs === null ? null : this.#onOrigin(line.departedNs);
    if (!Number.isSafeInteger(arrivedNs)) return 'arrivedNs is more than 104 days from the first';
    if (departedNs !== null && !Number.isSafeInteger(departedNs))
      return 'departedNs is more than 104 days away';
    if (departedNs !== null && departedNs < arrivedNs) return 'departedNs is before arrivedNs';
    const repliedNs = line.repliedNs === undefined ? undefined : this.#onOrigin(line.repliedNs);
    if (repliedNs !== undefined && !Number.isSafeInteger(repliedNs))
      return 'repliedNs is more than 104 days away';
    const committedNs = line.committedNs === undefined ? undefined : this.#onOrigin(line.committedNs);
    if (committedNs !== undefined && (committedNs < arrivedNs || committedNs > (departedNs ?? Infinity)))
      return 'committedNs is not between arrivedNs and departedNs';
    return recordOf(line, { arrivedNs, departedNs, repliedNs, committedNs });
  }

  #onOrigin(time: number | string): number {
    this.#originNs ??= Number.isSafeInteger(Number(time)) ? 0n : BigInt(time);
    if (typeof time === 'number' && this.#originNs === 0n) return time;
    return Number(BigInt(time) - this.#originNs);
  }
}

/** A call's times, all on one origin. */
type CallTimes = Pick<JournalRecord, 'arrivedNs' | 'departedNs' | 'repliedNs' | 'committedNs'>;

/** A record in the making. */
type Draft = { -readonly [Field in keyof JournalRecord]: JournalRecord[Field] };

/** Field by field: a spread would make it five times slower, and its result slower to judge. */
function recordOf(
  line: TraceLine,
  { arrivedNs, departedNs, repliedNs, committedNs }: CallTimes,
): JournalRecord {
  const record: Draft = {
    seq: line.seq,
    account: line.account,
    key: line.key,
    method: line.method,
    nonce: typeof line.nonce === 'number' ? String(line.nonce) : line.nonce,
    arrivedNs,
    departedNs,
    outcome: line.outcome,
    error: line.error,
    violations: line.violations.filter(isAdmissionRule),
    fault: line.fault,
    effect: line.effect,
    tag: line.tag ?? null,
    clientRef: line.clientRef ?? null,
  };
  if (line.intents !== undefined) record.intents = line.intents;
  if (line.shows !== undefined) record.shows = line.shows;
  if (line.replyLost !== undefined) record.replyLost = line.replyLost;
  if (line.intents === undefined && line.bodyDigest !== undefined) addOlderDigest(record, line.bodyDigest);
  if (repliedNs !== undefined) record.repliedNs = repliedNs;
  if (line.duplicateOf !== undefined) record.duplicateOf = line.duplicateOf;
  if (line.nonceParsed !== undefined) record.nonceParsed = line.nonceParsed;
  if (committedNs !== undefined) record.committedNs = committedNs;
  return record;
}

/** An older recording has a digest of a nameless order's whole body, and does not say which replies were lost. */
function addOlderDigest(record: Draft, digest: string): void {
  const { outcome, fault, effect } = record;
  record.intents = [{ digest, likeness: digest, id: effect?.ids[0] ?? null }];
  if (outcome === 'faulted' && fault !== 'slow-drip') record.replyLost = true;
}

const ADMISSION_RULES: readonly string[] = [
  'nonce-increasing',
  'nonce-reused',
  'nonce-exact',
  'no-overlap',
] satisfies AdmissionRule[];

function isAdmissionRule(id: string): id is AdmissionRule {
  return ADMISSION_RULES.includes(id);
}

/** Counts lines, and keeps the numbers of the first few with a word on each. */
class NamedLines {
  readonly #named: string[] = [];
  #count = 0;

  add(lineNumber: number, remark: string): void {
    this.#count += 1;
    if (this.#named.length < LINES_NAMED_MAX) this.#named.push(`line ${lineNumber} (${remark})`);
  }

  /** Empty when there was none. */
  sentence(phrase: (lines: string) => string): readonly string[] {
    if (this.#count === 0) return [];
    const others = this.#count - this.#named.length;
    const rest = others === 0 ? '' : ` and ${count(others, 'other')}`;
    return [`${phrase(count(this.#count, 'line'))}: ${this.#named.join(', ')}${rest}.`];
  }
}
