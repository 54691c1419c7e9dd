import type { Effect, JournalRecord } from '../../mock-kraken/index.ts';
import type { ClientCall } from '../history/client-call.ts';
import { BoundedMap } from './bounded-map.ts';
import { held, inconclusive, notApplicable, violated } from './outcome.ts';
import { RepeatedOrders } from './repeated-orders.ts';
import type { Rule, RuleObserver, RuleOutcome, RunEnd } from './rule.ts';
import { callName, count } from './words.ts';

/** How many intents are remembered; about 100 bytes each. */
const INTENT_COUNT_MAX = 1_000_000;

/** Methods that have an effect whenever they succeed; `CancelAll` and the like may find nothing to do. */
const EFFECTIVE_METHODS: ReadonlySet<string> = new Set([
  'AddOrder',
  'AddOrderBatch',
  'AmendOrder',
  'CancelOrder',
  'EditOrder',
]);

const NOTHING = 'No call took effect, and nobody was told that one did.';

/**
 * Every order intent takes effect at most once, and everything that the client was told succeeded did take
 * effect.
 *
 * Two effects belong to one intent when their calls carry the same `tag`, or when they are orders of one account
 * with the same `clientRef` (`cl_ord_id`). `userref` is no evidence: it need not be unique (Kraken docs,
 * AddOrder). Kraken asks a `cl_ord_id` to be unique among *open* orders only; here it stands for one intent for
 * ever, because a retry looks like a reuse. Orders with neither are one intent when they are equal but for their
 * nonce and the reply to the first was lost; if the account asked for its orders in between, nobody can tell.
 *
 * What the client was told is known only of client modules: that a call succeeded, or that it certainly had no
 * effect. Either must be true. A dry run (`validate`) must not be among the calls: it succeeds without effect.
 */
export const effectOnce: Rule = {
  id: 'effect-once',
  holdsWhen: 'every order intent takes effect at most once, and all that was said to succeed took effect',
  observe: ({ clientSide }) => new EffectOnce(clientSide !== false),
};

interface Breach {
  readonly seqs: readonly number[];
  readonly explanation: string;
}

class EffectOnce implements RuleObserver {
  /** The call of the first effect of each intent, by its number. */
  readonly #seqOfTag = new BoundedMap<number>(INTENT_COUNT_MAX);
  readonly #seqOfClientRef = new BoundedMap<number>(INTENT_COUNT_MAX);
  readonly #repeatedOrders = new RepeatedOrders();
  /** What the first effect of each tag made; `null` when nobody will ask. */
  readonly #idsOfTag: Map<string, readonly string[]> | null;
  #effects = 0;
  #unnamed = 0;
  /** A repeat that may be an order of its own: the first such call. */
  #doubtful: JournalRecord | null = null;
  #tagSeen = false;
  #violations = 0;
  #first: Breach | null = null;

  constructor(clientSide: boolean) {
    this.#idsOfTag = clientSide ? new Map() : null;
  }

  onCall(call: JournalRecord): boolean {
    // What a middlebox delivered again may take effect within a nonce window: that is not the client's doing.
    if (call.duplicateOf !== undefined) return false;
    if (call.tag !== null) this.#tagSeen = true;
    const repeat = this.#repeatedOrders.onCall(call);
    if (call.effect === null) return false;
    this.#effects += 1;
    if (repeat?.hasAsked === true) this.#doubtful ??= call;
    const repeated = repeat?.hasAsked === false ? repeat.of : undefined;
    const before = this.#remember(call, call.effect) ?? repeated;
    if (before === undefined) return false;
    this.#breach({ seqs: [call.seq, before], explanation: explainTwice(call, before) });
    return true;
  }

  finish({ clientCalls }: RunEnd): RuleOutcome {
    const told = (clientCalls ?? []).filter(wasToldOfAnEffect);
    if (this.#tagSeen && this.#idsOfTag !== null) for (const call of told) this.#checkTold(call);
    for (const call of clientCalls ?? []) if (call.toldOutcome === 'not-executed') this.#checkDenied(call);
    if (this.#first !== null) return violated(this.#violations, this.#first.seqs, this.#first.explanation);
    if (this.#effects === 0 && told.length === 0) return notApplicable(NOTHING);
    return this.#doubt(told) ?? held(this.#explainHeld(told));
  }

  /** Returns the call in which the same intent took effect before. */
  #remember(call: JournalRecord, { kind, ids }: Effect): number | undefined {
    const { seq, tag } = call;
    const ref = kind === 'order' ? clientRefOf(call) : null;
    if (tag === null && ref === null) this.#unnamed += 1;
    if (tag !== null && this.#idsOfTag?.has(tag) === false) this.#idsOfTag.set(tag, ids);
    const sameTag = tag === null ? undefined : setFirst(this.#seqOfTag, tag, seq);
    const sameRef = ref === null ? undefined : setFirst(this.#seqOfClientRef, ref, seq);
    return sameTag ?? sameRef;
  }

  #breach(breach: Breach): void {
    this.#violations += 1;
    this.#first ??= breach;
  }

  #checkTold(call: ClientCall): void {
    const ids = this.#idsOfTag?.get(call.tag);
    if (ids === undefined) {
      this.#breach({ seqs: [], explanation: explainNoEffect(call) });
      return;
    }
    const wrong = call.txids.find((txid) => !ids.includes(txid));
    const seq = this.#seqOfTag.get(call.tag);
    const seqs = seq === undefined ? [] : [seq];
    if (wrong !== undefined) this.#breach({ seqs, explanation: explainWrongId(call, wrong) });
  }

  #checkDenied(call: ClientCall): void {
    const seq = this.#idsOfTag?.has(call.tag) === true ? this.#seqOfTag.get(call.tag) : undefined;
    if (seq !== undefined) this.#breach({ seqs: [seq], explanation: explainDenied(call, seq) });
  }

  #doubt(told: readonly ClientCall[]): RuleOutcome | null {
    const isComplete = [this.#seqOfTag, this.#seqOfClientRef, this.#repeatedOrders].every(
      ({ complete }) => complete,
    );
    if (!isComplete) {
      return inconclusive(`More than ${count(INTENT_COUNT_MAX, 'intent')}: the oldest were forgotten.`);
    }
    if (told.length > 0 && !this.#tagSeen) {
      return inconclusive(
        `The client was told of ${count(told.length, 'effect')}, but no call carries the tag it was asked with: ` +
          'the client does not pass unknown parameters on.',
      );
    }
    if (this.#doubtful !== null) return inconclusive(explainDoubt(this.#doubtful));
    if (this.#unnamed === this.#effects && this.#repeatedOrders.lost === 0)
      return notApplicable(explainUnnamed(this.#effects));
    return null;
  }

  #explainHeld(told: readonly ClientCall[]): string {
    const unnamed = this.#unnamed === 0 ? '' : `, ${this.#explainUnnamed()}`;
    const success =
      told.length === 0
        ? ''
        : `; ${count(told.length, 'reported success', 'reported successes')} took effect`;
    return `${count(this.#effects - this.#unnamed, 'effect')}, each of another intent${success}${unnamed}`;
  }

  #explainUnnamed(): string {
    const unnamed = `${count(this.#unnamed, 'more', 'more')} without a name`;
    const { lost } = this.#repeatedOrders;
    return lost === 0
      ? `${unnamed} not looked at`
      : `${unnamed}, of which ${count(lost, 'order')} lost the reply and ${lost === 1 ? 'was' : 'were'} not repeated`;
  }
}

/** Returns what is there already; stores `seq` otherwise. */
function setFirst(seqs: BoundedMap<number>, name: string, seq: number): number | undefined {
  const before = seqs.get(name);
  if (before === undefined) seqs.set(name, seq);
  return before;
}

function clientRefOf(call: JournalRecord): string | null {
  return call.clientRef === null ? null : `${call.account ?? ''}\n${call.clientRef}`;
}

function wasToldOfAnEffect(call: ClientCall): boolean {
  return call.outcome === 'succeeded' && (call.txids.length > 0 || EFFECTIVE_METHODS.has(call.method));
}

function explainTwice(call: JournalRecord, before: number): string {
  const name = nameOf(call);
  const made = call.effect === null ? '' : call.effect.ids.join(' ');
  return `${callName(call)} took effect a second time for the same intent (${name}), now as ${made} (#${call.seq}, #${before}).`;
}

function nameOf({ tag, clientRef }: JournalRecord): string {
  if (tag !== null) return `tag ${tag}`;
  return clientRef === null
    ? 'the same order but for its nonce, after its reply was lost'
    : `cl_ord_id ${clientRef}`;
}

function explainDenied(call: ClientCall, seq: number): string {
  return `${call.account}'s ${call.method} (tag ${call.tag}) was told that it had no effect, but it took effect (#${seq}).`;
}

function explainDoubt(call: JournalRecord): string {
  return (
    `${callName(call)} (#${call.seq}) is the same as an order before it whose reply was lost, and the orders were asked for in ` +
    'between: whether it is a repeat cannot be seen. Give each order a cl_ord_id.'
  );
}

function explainNoEffect(call: ClientCall): string {
  return `${call.account}'s ${call.method} (tag ${call.tag}) was told that it succeeded, but it never took effect.`;
}

function explainWrongId(call: ClientCall, txid: string): string {
  return `${call.account}'s ${call.method} (tag ${call.tag}) was told of ${txid}, which is not what took effect.`;
}

function explainUnnamed(effects: number): string {
  return `${count(effects, 'effect')}, none with a tag or a cl_ord_id: whether an intent took effect twice cannot be seen.`;
}
