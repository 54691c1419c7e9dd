import type { JournalRecord } from '../../mock-kraken/index.ts';
import type { ClientCall } from '../history/client-call.ts';
import { isGreaterNonce, readNonce } from '../rules/nonce-text.ts';
import { LogHistogram } from './log-histogram.ts';

/** Quantiles of a duration in nanoseconds; p50 and p99 to within 1 %, the maximum exactly. */
export interface DurationSummary {
  readonly count: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly maxNs: number;
}

/** The lowest and the highest nonce that could be read. */
export interface NonceRange {
  readonly lowest: string;
  readonly highest: string;
}

/** Figures of one run. */
export interface RunStatistics {
  readonly calls: number;
  /** From the first arrival to the last departure. */
  readonly elapsedNs: number;
  /** `null` when nothing lasted long enough to say. */
  readonly callsPerSecond: number | null;
  /** From asking to arrival; `null` when the client's side is not known or its clock cannot be matched. */
  readonly queueWait: DurationSummary | null;
  /** From arrival to departure; `null` when no call departed. */
  readonly service: DurationSummary | null;
  readonly nonces: NonceRange | null;
}

/** What the client's side adds. */
export interface ClientSide {
  readonly calls: readonly ClientCall[];
  /**
   * What to add to `askedMs` to get milliseconds since the exchange started; `null` when nobody knows, and then
   * there is no queue wait.
   */
  readonly clockOffsetMs: number | null;
}

/** Gathers the figures while a history is read. Without the client's side memory is bounded. */
export class RunStatisticsCollector {
  readonly #service = new LogHistogram();
  readonly #arrivedNsOfTag: Map<string, number> | null;
  #calls = 0;
  #firstNs = Infinity;
  #lastNs = -Infinity;
  #lowest: string | null = null;
  #highest: string | null = null;

  constructor(options: { readonly clientSide: boolean }) {
    this.#arrivedNsOfTag = options.clientSide ? new Map() : null;
  }

  onCall(call: JournalRecord): void {
    const { arrivedNs, departedNs, tag, duplicateOf } = call;
    this.#calls += 1;
    this.#firstNs = Math.min(this.#firstNs, arrivedNs);
    this.#lastNs = Math.max(this.#lastNs, departedNs ?? arrivedNs);
    if (departedNs !== null && duplicateOf === undefined) this.#service.add(departedNs - arrivedNs);
    if (tag !== null && this.#arrivedNsOfTag?.has(tag) === false) this.#arrivedNsOfTag.set(tag, arrivedNs);
    this.#onNonce(readNonce(call.nonce));
  }

  finish(client: ClientSide | null): RunStatistics {
    const elapsedNs = this.#calls === 0 ? 0 : this.#lastNs - this.#firstNs;
    return {
      calls: this.#calls,
      elapsedNs,
      callsPerSecond: elapsedNs > 0 ? (this.#calls * 1e9) / elapsedNs : null,
      queueWait: client === null ? null : this.#queueWait(client),
      service: summarize(this.#service),
      nonces:
        this.#lowest === null || this.#highest === null
          ? null
          : { lowest: this.#lowest, highest: this.#highest },
    };
  }

  #onNonce(nonce: string | null): void {
    if (nonce === null) return;
    if (this.#highest === null || isGreaterNonce(nonce, this.#highest)) this.#highest = nonce;
    if (this.#lowest === null || isGreaterNonce(this.#lowest, nonce)) this.#lowest = nonce;
  }

  #queueWait({ calls, clockOffsetMs }: ClientSide): DurationSummary | null {
    if (clockOffsetMs === null || this.#arrivedNsOfTag === null) return null;
    const waits = new LogHistogram();
    for (const { tag, askedMs } of calls) {
      const arrivedNs = this.#arrivedNsOfTag.get(tag);
      if (arrivedNs !== undefined) waits.add(arrivedNs - (askedMs + clockOffsetMs) * 1e6);
    }
    return summarize(waits);
  }
}

function summarize(durations: LogHistogram): DurationSummary | null {
  if (durations.count === 0) return null;
  const [p50Ns, p99Ns] = [durations.quantile(0.5), durations.quantile(0.99)];
  return { count: durations.count, p50Ns, p99Ns, maxNs: durations.max };
}
