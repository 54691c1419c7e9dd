import type { Intent, JournalRecord } from '../../../mock-kraken/index.ts';
import { BoundedMap } from './bounded-map.ts';

/** About 100 MB. */
const REMEMBERED_MAX = 200_000;

/** Queries whose answers tell what took effect (Kraken docs, REST endpoints). */
const QUERIES: ReadonlySet<string> = new Set([
  'ClosedOrders',
  'OpenOrders',
  'QueryOrders',
  'TradesHistory',
  'Ledgers',
  'WithdrawStatus',
]);

/** The one fault after the effect whose reply arrives whole. Older recordings do not say what was lost. */
const ARRIVES_WHOLE = 'slow-drip';

/**
 * How what took effect now relates to what took effect before and was never answered.
 * - `same`: the same was asked for again.
 * - `same-amend`: so was an amend. It sets the same terms, so that what came of it may well be the same.
 * - `asked`: the same, but a query was answered in between, and the history does not say what the answer contained.
 * - `similar`: the same but for its price, its size or another detail.
 */
export type RepeatKind = 'same' | 'same-amend' | 'asked' | 'similar';

/** Something that was asked for again before its first reply, or anything else, told of the first. */
export interface Repeat {
  readonly kind: RepeatKind;
  /** `seq` of the call that asked for it first. */
  readonly of: number;
}

/** One thing that a call made. */
export interface Made extends Intent {
  readonly id: string;
}

/** An effect whose reply was lost. */
interface Doubt extends Made {
  readonly seq: number;
  readonly account: string | null;
  /** When the first reply that told of it was decided; `Infinity` as long as none did. */
  toldNs: number;
}

/**
 * Finds what an account asks for again after the reply to the first was lost and before anything told of the first:
 * an answer that shows it, or a cancellation that hit it. Asking for the same twice means nothing by itself, a bot may
 * well buy the same amount every minute; it does when the client cannot know of the first.
 *
 * A call with a tag is told apart by that, and is never a repeat here. Each effect in doubt is repeated once: what
 * comes after is compared with the repeat. That the client has read a reply before its next call is taken for granted;
 * that the reply had been decided by then is checked.
 */
export class AskedAgain {
  /** Effects in doubt, the oldest first, each under its id, its digest and its likeness. */
  readonly #doubts = new Map<string, Set<Doubt>>();
  readonly #all = new Set<Doubt>();
  /** By account: the last query that was answered, and the last of which it is not recorded what the answer showed. */
  readonly #lastQuery = new Map<string | null, number>();
  readonly #lastUnrecorded = new Map<string | null, number>();
  /** A call that had no effect and was not answered, by account and digest. */
  readonly #unanswered: BoundedMap<number>;
  readonly #rememberedMax: number;
  #lost = 0;
  #blind = 0;
  #complete = true;

  /** @param rememberedMax - how many effects in doubt are remembered; about 500 bytes each */
  constructor(rememberedMax: number = REMEMBERED_MAX) {
    this.#rememberedMax = rememberedMax;
    this.#unanswered = new BoundedMap(rememberedMax);
  }

  /** Effects whose reply was lost. */
  get lost(): number {
    return this.#lost;
  }

  /** Repeats that did no harm only because the first had no effect: the client had not asked. */
  get blind(): number {
    return this.#blind;
  }

  /** Whether nothing was forgotten. */
  get complete(): boolean {
    return this.#complete;
  }

  /**
   * Takes the next call, whatever it is, with what it made.
   * @returns for each thing that it made: what that repeats, or `null`
   */
  onCall(call: JournalRecord, made: readonly Made[]): readonly (Repeat | null)[] {
    this.#noteAnswer(call);
    const isAmend = call.effect?.kind === 'amend';
    const repeats = made.map((one) => (call.tag === null ? this.#repeatOf(call, one, isAmend) : null));
    if (losesReply(call)) this.#noteLost(call, made);
    return repeats;
  }

  #repeatOf(call: JournalRecord, made: Made, isAmend: boolean): Repeat | null {
    this.#noteBlind(call, made);
    const same = this.#firstUntold(digestKey(call.account, made), call);
    if (same !== undefined) {
      this.#forget(same);
      if (isAmend) return { kind: 'same-amend', of: same.seq };
      const hasAsked = (this.#lastUnrecorded.get(call.account) ?? 0) > same.seq;
      return { kind: hasAsked ? 'asked' : 'same', of: same.seq };
    }
    if (isAmend) return null;
    const similar = this.#firstUntold(likenessKey(call.account, made), call);
    return similar === undefined ? null : { kind: 'similar', of: similar.seq };
  }

  /** The oldest effect in doubt of a key of which nothing told before the call arrived. */
  #firstUntold(key: string, { arrivedNs }: JournalRecord): Doubt | undefined {
    for (const doubt of this.#doubts.get(key) ?? []) {
      if (doubt.toldNs > arrivedNs) return doubt;
      this.#forget(doubt);
    }
    return undefined;
  }

  #noteAnswer(call: JournalRecord): void {
    const { account, departedNs, method, shows, effect, outcome } = call;
    if (departedNs === null || losesReply(call) || outcome === 'rejected') return;
    for (const id of [...(shows ?? []), ...(effect?.ids ?? [])]) {
      for (const doubt of this.#doubts.get(idKey(account, id)) ?? [])
        doubt.toldNs = Math.min(doubt.toldNs, departedNs);
    }
    if (!QUERIES.has(method)) return;
    this.#lastQuery.set(account, call.seq);
    if (shows === undefined) this.#lastUnrecorded.set(account, call.seq);
  }

  #noteLost({ seq, account, effect, intents }: JournalRecord, made: readonly Made[]): void {
    for (const one of made) this.#remember({ ...one, seq, account, toldNs: Infinity });
    if (effect !== null) return;
    for (const intent of intents ?? []) this.#unanswered.set(digestKey(account, intent), seq);
  }

  #remember(doubt: Doubt): void {
    this.#lost += 1;
    this.#all.add(doubt);
    for (const key of keysOf(doubt)) this.#doubts.set(key, (this.#doubts.get(key) ?? new Set()).add(doubt));
    const [oldest] = this.#all;
    if (this.#all.size <= this.#rememberedMax || oldest === undefined) return;
    this.#forget(oldest);
    this.#complete = false;
  }

  #forget(doubt: Doubt): void {
    this.#all.delete(doubt);
    for (const key of keysOf(doubt)) {
      const doubts = this.#doubts.get(key);
      doubts?.delete(doubt);
      if (doubts?.size === 0) this.#doubts.delete(key);
    }
  }

  #noteBlind({ account }: JournalRecord, made: Made): void {
    const key = digestKey(account, made);
    const before = this.#unanswered.get(key);
    if (before === undefined) return;
    if ((this.#lastQuery.get(account) ?? 0) < before) this.#blind += 1;
    this.#unanswered.delete(key);
  }
}

/** What a call made, one entry for each thing; empty when it made nothing or its record does not say what. */
export function madeBy({ effect, intents }: JournalRecord): readonly Made[] {
  if (effect === null || effect.kind === 'cancel' || intents === undefined) return [];
  return intents.filter(isMade);
}

function isMade(intent: Intent): intent is Made {
  return intent.id !== null;
}

/** Whether the client did not learn what became of its call. */
export function losesReply({ replyLost, outcome, fault, intents }: JournalRecord): boolean {
  if (replyLost !== undefined) return replyLost;
  return intents === undefined && outcome === 'faulted' && fault !== ARRIVES_WHOLE;
}

function idKey(account: string | null, id: string): string {
  return `id\n${account ?? ''}\n${id}`;
}

function digestKey(account: string | null, { digest }: Pick<Made, 'digest'>): string {
  return `digest\n${account ?? ''}\n${digest}`;
}

function likenessKey(account: string | null, { likeness }: Pick<Made, 'likeness'>): string {
  return `likeness\n${account ?? ''}\n${likeness}`;
}

function keysOf(doubt: Doubt): readonly string[] {
  const { account, id } = doubt;
  return [idKey(account, id), digestKey(account, doubt), likenessKey(account, doubt)];
}
