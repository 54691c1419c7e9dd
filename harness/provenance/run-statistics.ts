import type { JournalRecord } from '../../mock-kraken/index.ts';
import type { ClientCall } from '../judge/history/index.ts';
import { isGreaterNonce, readNonce } from '../judge/rules/index.ts';
import { CallDurations } from './call-durations.ts';
import type { CallFigures } from './call-durations.ts';

/** The lowest and the highest nonce that could be read. */
export interface NonceRange {
  readonly lowest: string;
  readonly highest: string;
}

/** Figures of the calls of one method. */
export interface MethodFigures extends CallFigures {
  readonly method: string;
}

/** Figures of one run. */
export interface RunStatistics extends CallFigures {
  /** From the first arrival to the last departure. */
  readonly elapsedNs: number;
  readonly nonces: NonceRange | null;
  /** The first {@link METHODS_MAX} methods, most frequent first, and by name. */
  readonly methods: readonly MethodFigures[];
  /** All further methods together; `null`: there were none. */
  readonly otherMethods: CallFigures | null;
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

/** Methods with figures of their own. A target can make up any number of methods, and each takes some 100 KB. */
export const METHODS_MAX = 40;
/** Longer names are cut. */
const METHOD_CHARS_MAX = 64;

/** Gathers the figures while a history is read. Without the client's side memory is bounded. */
export class RunStatisticsCollector {
  readonly #all = new CallDurations();
  readonly #ofMethod = new Map<string, CallDurations>();
  readonly #ofOthers = new CallDurations();
  readonly #arrivedNsOfTag: Map<string, number> | null;
  #firstNs = Infinity;
  #lastNs = -Infinity;
  #lowest: string | null = null;
  #highest: string | null = null;

  constructor(options: { readonly clientSide: boolean }) {
    this.#arrivedNsOfTag = options.clientSide ? new Map() : null;
  }

  onCall(call: JournalRecord): void {
    const { arrivedNs, departedNs, tag, duplicateOf } = call;
    this.#firstNs = Math.min(this.#firstNs, arrivedNs);
    this.#lastNs = Math.max(this.#lastNs, departedNs ?? arrivedNs);
    for (const durations of [this.#all, this.#durationsOf(call.method)]) {
      durations.calls += 1;
      if (departedNs !== null && duplicateOf === undefined) durations.service.add(departedNs - arrivedNs);
    }
    if (tag !== null && this.#arrivedNsOfTag?.has(tag) === false) this.#arrivedNsOfTag.set(tag, arrivedNs);
    this.#onNonce(readNonce(call.nonce));
  }

  finish(client: ClientSide | null): RunStatistics {
    if (client !== null) this.#addClientSide(client);
    const elapsedNs = this.#all.calls === 0 ? 0 : this.#lastNs - this.#firstNs;
    const methods = [...this.#ofMethod].map(([method, one]) => ({ method, ...one.figures(elapsedNs) }));
    return {
      ...this.#all.figures(elapsedNs),
      elapsedNs,
      nonces:
        this.#lowest === null || this.#highest === null
          ? null
          : { lowest: this.#lowest, highest: this.#highest },
      methods: methods.sort((a, b) => b.calls - a.calls || (a.method < b.method ? -1 : 1)),
      otherMethods: this.#ofOthers.isEmpty ? null : this.#ofOthers.figures(elapsedNs),
    };
  }

  #durationsOf(name: string): CallDurations {
    const method = name.slice(0, METHOD_CHARS_MAX);
    const known = this.#ofMethod.get(method);
    if (known !== undefined) return known;
    if (this.#ofMethod.size === METHODS_MAX) return this.#ofOthers;
    const durations = new CallDurations();
    this.#ofMethod.set(method, durations);
    return durations;
  }

  #onNonce(nonce: string | null): void {
    if (nonce === null) return;
    if (this.#highest === null || isGreaterNonce(nonce, this.#highest)) this.#highest = nonce;
    if (this.#lowest === null || isGreaterNonce(this.#lowest, nonce)) this.#lowest = nonce;
  }

  /** A call that was sent again waited until it first arrived, and lasted until its caller was told. */
  #addClientSide({ calls, clockOffsetMs }: ClientSide): void {
    for (const { tag, method, askedMs, settledMs } of calls) {
      const arrivedNs = clockOffsetMs === null ? undefined : this.#arrivedNsOfTag?.get(tag);
      for (const durations of [this.#all, this.#durationsOf(method)]) {
        if (settledMs !== null) durations.total.add((settledMs - askedMs) * 1e6);
        if (arrivedNs !== undefined)
          durations.queueWait.add(arrivedNs - (askedMs + (clockOffsetMs ?? 0)) * 1e6);
      }
    }
  }
}
