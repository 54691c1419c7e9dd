import type { AdmissionRule, JournalRecord } from '../../../mock-kraken/index.ts';
import { contradictionIn } from './contradiction.ts';
import { LastLineHash } from './last-line-hash.ts';
import type { HashedBytes } from './last-line-hash.ts';
import { bytesOf, forEachLine } from './lines.ts';
import type { Line } from './lines.ts';
import { NamedLines } from './named-lines.ts';
import { fit, parseJson } from './parse-line.ts';
import { RecordLedger } from './record-ledger.ts';
import type { TraceEnd } from './trace-end.ts';
import { FOOTER_LINE, HEADER_LINE } from './trace-frame.ts';
import type { TraceHeader } from './trace-frame.ts';
import { TRACE_LINE } from './trace-line.ts';
import type { TraceLine } from './trace-line.ts';
import { TraceSeal } from './trace-seal.ts';

/** What became of a file. */
export interface TraceReading {
  /** Calls that were handed over. */
  readonly calls: number;
  /** What is wrong with the file, in sentences with line numbers; empty for a whole one. */
  readonly defects: readonly string[];
  /** `null` when the first line is none. */
  readonly header: TraceHeader | null;
  /** What no record shows; `null` when the trace does not say it, or its seal is broken. */
  readonly end: TraceEnd | null;
  /**
   * Whether header and footer are there and say of the file what it is. `false` for an older file, which has neither;
   * where the seal is broken, `defects` say how.
   */
  readonly sealed: boolean;
  /** SHA-256 in hexadecimal: of a sealed file the one in its footer, of any other over all its bytes. */
  readonly sha256: string;
}

/** Takes what {@link readTrace} reads. */
export type OnTraceCall = (call: JournalRecord, lineNumber: number) => void;

/**
 * Reads `trace.ndjson` and hands over its calls one by one, in arrival order, without keeping any.
 *
 * Not handed over but reported: lines that are not JSON or not of the shape in `trace.schema.json`, and lines
 * that arrived before the one above them (the rules read a history in arrival order, and would see what is not
 * there). Reported as well: `seq` that does not begin at 1 or does not go up by one, for then calls are missing;
 * records that contradict themselves or each other; a header or footer that is missing, misplaced or says of the file
 * what it is not. Empty lines are none.
 *
 * A file with neither header nor footer is one of an older version or of another recorder: it is read and called
 * unsealed, for that nothing is missing at its end cannot be seen.
 *
 * Times may have any origin. When the first is beyond 2^53, all are told from there.
 * @param onHeader - called before the first call, when the file has a header
 */
export async function readTrace(
  chunks: AsyncIterable<Uint8Array | string>,
  onCall: OnTraceCall,
  onHeader: (header: TraceHeader) => void = () => undefined,
): Promise<TraceReading> {
  const reader = new TraceReader(onCall, onHeader);
  const hash = new LastLineHash();
  await forEachLine(hashed(chunks, hash), (line, lineNumber) => reader.onLine(line, lineNumber));
  return reader.reading(hash.finish());
}

async function* hashed(
  chunks: AsyncIterable<Uint8Array | string>,
  hash: LastLineHash,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    const bytes = bytesOf(chunk);
    hash.push(bytes);
    yield bytes;
  }
}

class TraceReader {
  readonly #onCall: OnTraceCall;
  readonly #onHeader: (header: TraceHeader) => void;
  readonly #seal = new TraceSeal();
  readonly #ledger = new RecordLedger();
  readonly #unreadable = new NamedLines();
  readonly #outOfOrder = new NamedLines();
  readonly #seqBroken = new NamedLines();
  readonly #contradicting = new NamedLines();
  #lines = 0;
  /** Lines that stand where records do, readable or not. */
  #records = 0;
  #calls = 0;
  #originNs: bigint | null = null;
  #lastArrivedNs = -Infinity;
  #lastSeq = 0;

  constructor(onCall: OnTraceCall, onHeader: (header: TraceHeader) => void) {
    this.#onCall = onCall;
    this.#onHeader = onHeader;
  }

  onLine(line: Line, lineNumber: number): void {
    this.#lines = lineNumber;
    if (typeof line === 'string' && line.trim() === '') return;
    const json = parseJson(line);
    if ('reason' in json) this.#onUnreadable(lineNumber, json.reason);
    else if (isFrame(json.value, 'header')) this.#readHeader(json.value, lineNumber);
    else if (isFrame(json.value, 'footer')) this.#readFooter(json.value, lineNumber);
    else this.#readRecord(json.value, lineNumber);
  }

  reading(bytes: HashedBytes): TraceReading {
    for (const { lineNumber, found } of this.#ledger.finish()) this.#contradicting.add(lineNumber, found);
    const seal = this.#seal.defects({ lines: this.#lines, records: this.#records, bytes });
    const defects = [
      ...this.#unreadable.sentence((lines) => `${lines} could not be read`),
      ...this.#outOfOrder.sentence((lines) => `Left out, for it arrived before the line above, ${lines}`),
      ...this.#seqBroken.sentence(
        (lines) => `Calls are missing or mixed up: seq does not go up by one at ${lines}`,
      ),
      ...this.#contradicting.sentence((lines) => `Records contradict themselves or others on ${lines}`),
      ...seal,
    ];
    const sealed = this.#seal.isThere && seal.length === 0;
    const footer = sealed ? this.#seal.footer : null;
    const sha256 = footer?.sha256 ?? bytes.all;
    return {
      calls: this.#calls,
      defects,
      header: this.#seal.header,
      end: footer?.end ?? null,
      sealed,
      sha256,
    };
  }

  #onUnreadable(lineNumber: number, reason: string): void {
    this.#records += 1;
    this.#unreadable.add(lineNumber, reason);
  }

  #readHeader(value: unknown, lineNumber: number): void {
    const parsed = fit(value, HEADER_LINE);
    if ('reason' in parsed) return this.#unreadable.add(lineNumber, parsed.reason);
    const { header } = parsed.value;
    if (this.#records === 0 && lineNumber === 1) this.#onHeader(header);
    this.#seal.onHeader(header, lineNumber);
  }

  #readFooter(value: unknown, lineNumber: number): void {
    const parsed = fit(value, FOOTER_LINE);
    if ('reason' in parsed) this.#unreadable.add(lineNumber, parsed.reason);
    else this.#seal.onFooter(parsed.value.footer, lineNumber);
  }

  #readRecord(value: unknown, lineNumber: number): void {
    const parsed = fit(value, TRACE_LINE);
    const call = 'value' in parsed ? this.#toRecord(parsed.value) : parsed.reason;
    if (typeof call === 'string') this.#onUnreadable(lineNumber, call);
    else this.#onRecord(call, lineNumber);
  }

  #onRecord(call: JournalRecord, lineNumber: number): void {
    this.#records += 1;
    this.#checkSeq(call.seq, lineNumber);
    const againstOthers = this.#ledger.add(call, lineNumber);
    const contradiction = contradictionIn(call) ?? againstOthers;
    if (contradiction !== null) this.#contradicting.add(lineNumber, `#${call.seq}: ${contradiction}`);
    if (call.arrivedNs < this.#lastArrivedNs) {
      this.#outOfOrder.add(lineNumber, `#${call.seq}`);
      return;
    }
    this.#lastArrivedNs = call.arrivedNs;
    this.#calls += 1;
    this.#onCall(call, lineNumber);
  }

  #checkSeq(seq: number, lineNumber: number): void {
    if (seq !== this.#lastSeq + 1) {
      const before = this.#lastSeq === 0 ? 'first, not #1' : `after #${this.#lastSeq}`;
      this.#seqBroken.add(lineNumber, `#${seq} ${before}`);
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

/** Whether a line is a header or a footer. A record has a `seq`, and may have fields of any other name. */
function isFrame(value: unknown, name: 'header' | 'footer'): boolean {
  return typeof value === 'object' && value !== null && name in value && !('seq' in value);
}
