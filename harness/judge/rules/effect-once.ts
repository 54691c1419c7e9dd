import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { ClientCall } from '../history/index.ts';
import { AskedAgain, losesReply, madeBy } from './asked-again.ts';
import type { Repeat, RepeatKind } from './asked-again.ts';
import { BoundedMap } from './bounded-map.ts';
import { held, inconclusive, notApplicable, violated } from './outcome.ts';
import type { Rule, RuleObserver, RuleOutcome, RunEnd } from './rule.ts';
import { callName, count } from '../../format.ts';

/** How many intents are remembered; about 100 bytes each. */
const INTENT_COUNT_MAX = 1_000_000;

/** Methods that have an effect whenever they succeed; `CancelAll` and the like may find nothing to do. */
const EFFECTIVE_METHODS: ReadonlySet<string> = new Set([
  'AddOrder',
  'AddOrderBatch',
  'AmendOrder',
  'CancelOrder',
  'EditOrder',
  'Withdraw',
  'WalletTransfer',
  'AccountTransfer',
  'Earn/Allocate',
  'Earn/Deallocate',
]);

const NOTHING = 'No call took effect, and no client was told that one did.';

/**
 * Every intent that changes something takes effect at most once, whatever name or deadline it is sent under, and
 * everything that the client was told succeeded did take effect.
 *
 * Two effects belong to one intent when their calls carry the same `tag`; when they are orders of one account with the
 * same `clientRef` (`cl_ord_id`); or when the account asked for the same again after the reply to the first was lost
 * and before anything told of the first, see {@link AskedAgain}. Batches are read order by order. `userref` is no
 * evidence: it need not be unique (Kraken docs, AddOrder). Kraken asks a `cl_ord_id` to be unique among *open* orders
 * only; here it stands for one intent for ever, because a retry looks like a reuse.
 *
 * After a lost reply, the same method, pair and side with another price or size is in doubt, and so is an amend that
 * sets the same terms again: `inconclusive`. A repeat of what had no effect is no violation, whether the client knew
 * that or was lucky; the latter is said. A cancellation sent twice is one.
 *
 * What the client was told is known only of client modules: that a call succeeded, or that it certainly had no
 * effect. Either must be true. A dry run (`validate`) must not be among the calls: it succeeds without effect.
 */
export const effectOnce: Rule = {
  id: 'effect-once',
  holdsWhen: 'every intent takes effect at most once, and all that was said to succeed took effect',
  observe: ({ clientSide }) => observeEffects({ clientSide, intentCountMax: INTENT_COUNT_MAX }),
};

interface EffectOptions {
  readonly clientSide?: boolean | undefined;
  /** How many intents are remembered. */
  readonly intentCountMax: number;
}

/** Returns an observer of {@link effectOnce} with a memory of that size. */
export function observeEffects({ clientSide, intentCountMax }: EffectOptions): RuleObserver {
  return new EffectOnce(clientSide !== false, intentCountMax);
}

interface Breach {
  readonly seqs: readonly number[];
  readonly explanation: string;
}

/** An effect that may be of the same intent as one before. */
interface DoubtfulRepeat {
  readonly call: JournalRecord;
  readonly kind: Exclude<RepeatKind, 'same'>;
  /** `seq` of the one before. */
  readonly of: number;
}

/** One effect of a call: an order of a batch is one. */
interface OneEffect {
  readonly id: string;
  /** `cl_ord_id` of an order, `null` otherwise. */
  readonly ref: string | null;
}

class EffectOnce implements RuleObserver {
  /** The call of the first effect of each intent, by its number. */
  readonly #seqOfTag: BoundedMap<number>;
  readonly #seqOfClientRef: BoundedMap<number>;
  readonly #askedAgain = new AskedAgain();
  /** What the first effect of each tag made; `null` when no client side will be compared. */
  readonly #idsOfTag: Map<string, readonly string[]> | null;
  #effects = 0;
  /** Effects of which nothing says what they are: no tag, no `cl_ord_id`, and not what was asked for. */
  #unnamed = 0;
  /** Effects whose reply was lost and whose record does not say what was asked for. */
  #unseen = 0;
  #doubtful: DoubtfulRepeat | null = null;
  #tagSeen = false;
  #violations = 0;
  #first: Breach | null = null;

  constructor(clientSide: boolean, intentCountMax: number) {
    this.#seqOfTag = new BoundedMap(intentCountMax);
    this.#seqOfClientRef = new BoundedMap(intentCountMax);
    this.#idsOfTag = clientSide ? new Map() : null;
  }

  onCall(call: JournalRecord): boolean {
    // What a middlebox delivered again may take effect within a nonce window: that is not the client's doing.
    if (call.duplicateOf !== undefined) return false;
    if (call.tag !== null) this.#tagSeen = true;
    const repeats = this.#askedAgain.onCall(call, madeBy(call));
    if (call.effect === null) return false;
    const effects = effectsOf(call);
    this.#count(call, effects);
    const sameTag = this.#rememberTag(call);
    if (sameTag !== undefined)
      this.#breach(twice(call, sameTag, { why: `tag ${call.tag}`, ids: call.effect.ids }));
    const broken = effects.filter((effect, place) => this.#isRepeat(call, effect, repeats[place], sameTag));
    return sameTag !== undefined || broken.length > 0;
  }

  finish({ clientCalls }: RunEnd): RuleOutcome {
    const told = (clientCalls ?? []).filter(wasToldOfAnEffect);
    if (this.#tagSeen && this.#idsOfTag !== null) for (const call of told) this.#checkTold(call);
    for (const call of clientCalls ?? []) if (call.toldOutcome === 'not-executed') this.#checkDenied(call);
    if (this.#first !== null) return violated(this.#violations, this.#first.seqs, this.#first.explanation);
    if (this.#effects === 0 && told.length === 0) return notApplicable(NOTHING);
    return this.#doubt(told) ?? held(this.#explainHeld(told));
  }

  #count(call: JournalRecord, effects: readonly OneEffect[]): void {
    this.#effects += effects.length;
    if (call.tag !== null || call.intents !== undefined) return;
    if (effects.every(({ ref }) => ref === null)) this.#unnamed += effects.length;
    if (call.effect?.kind !== 'cancel' && losesReply(call)) this.#unseen += effects.length;
  }

  /** Returns the call in which the same tag took effect before. */
  #rememberTag({ seq, tag, effect }: JournalRecord): number | undefined {
    if (tag === null) return undefined;
    if (this.#idsOfTag?.has(tag) === false) this.#idsOfTag.set(tag, effect?.ids ?? []);
    return setFirst(this.#seqOfTag, tag, seq);
  }

  /** Remembers one effect, and tells whether it is a second one. With `sameTag` its call has been convicted already. */
  #isRepeat(
    call: JournalRecord,
    { id, ref }: OneEffect,
    repeat: Repeat | null | undefined,
    sameTag: number | undefined,
  ): boolean {
    const first =
      ref === null ? undefined : setFirst(this.#seqOfClientRef, `${call.account ?? ''}\n${ref}`, call.seq);
    const sameRef = first === call.seq ? undefined : first;
    const same = repeat?.kind === 'same' ? repeat.of : undefined;
    if (repeat && repeat.kind !== 'same') this.#doubtful ??= { call, kind: repeat.kind, of: repeat.of };
    const before = sameRef ?? same;
    if (before === undefined || sameTag !== undefined) return false;
    this.#breach(twice(call, before, { why: sameRef === undefined ? SAME : `cl_ord_id ${ref}`, ids: [id] }));
    return true;
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
    const isComplete = [this.#seqOfTag, this.#seqOfClientRef, this.#askedAgain].every(
      ({ complete }) => complete,
    );
    if (!isComplete) {
      return inconclusive(`There were ${count(this.#effects, 'effect')}: the oldest intents were forgotten.`);
    }
    if (told.length > 0 && !this.#tagSeen) {
      return inconclusive(
        `The client was told of ${count(told.length, 'effect')}, but no call carries the tag it was asked with: ` +
          'the client does not pass unknown parameters on.',
      );
    }
    if (this.#doubtful !== null) return inconclusive(explainDoubt(this.#doubtful));
    if (this.#unseen > 0) return inconclusive(explainUnseen(this.#unseen));
    return this.#unnamed === this.#effects ? notApplicable(explainUnnamed(this.#effects)) : null;
  }

  #explainHeld(told: readonly ClientCall[]): string {
    const { lost, blind } = this.#askedAgain;
    const parts = [
      `${count(this.#effects - this.#unnamed, 'effect')}, each of another intent`,
      told.length === 0 ? '' : `${count(told.length, 'reported success', 'reported successes')} took effect`,
      lost === 0
        ? ''
        : `${count(lost, 'effect')} lost the reply, none was asked for again before it was seen`,
      blind === 0 ? '' : `${count(blind, 'repeat')} sent blindly, harmless because the first had no effect`,
      this.#unnamed === 0 ? '' : `${count(this.#unnamed, 'more', 'more')} without a name not looked at`,
    ];
    return parts.filter((part) => part !== '').join('; ');
  }
}

/** The effects of a call one by one: what came of each thing it asked for, or all of it where that is not recorded. */
function effectsOf(call: JournalRecord): readonly OneEffect[] {
  const made = madeBy(call);
  const isOrder = call.effect?.kind === 'order';
  if (made.length > 0)
    return made.map(({ id, clientRef }) => ({ id, ref: isOrder ? (clientRef ?? call.clientRef) : null }));
  return [{ id: call.effect?.ids.join(' ') ?? '', ref: isOrder ? call.clientRef : null }];
}

/** Returns what is there already; stores `seq` otherwise. */
function setFirst(seqs: BoundedMap<number>, name: string, seq: number): number | undefined {
  const before = seqs.get(name);
  if (before === undefined) seqs.set(name, seq);
  return before;
}

/** A cancel that says that it cancelled nothing tells of no effect: its order was closed already. */
function wasToldOfAnEffect({ method, outcome, toldCount, txids }: ClientCall): boolean {
  if (outcome !== 'succeeded') return false;
  return txids.length > 0 || (EFFECTIVE_METHODS.has(method) && toldCount !== 0);
}

const SAME =
  'the same but for nonce, deadline and names, asked for again after the first reply was lost and before anything ' +
  'told of the first';

function twice(
  call: JournalRecord,
  before: number,
  { why, ids }: { readonly why: string; readonly ids: readonly string[] },
): Breach {
  const explanation =
    `${callName(call)} took effect a second time for the same intent (${why}), now as ${ids.join(' ')} ` +
    `(#${call.seq}, #${before}).`;
  return { seqs: [call.seq, before], explanation };
}

function explainDenied(call: ClientCall, seq: number): string {
  return `${call.account}'s ${call.method} (tag ${call.tag}) was told that it had no effect, but it took effect (#${seq}).`;
}

function explainDoubt({ call, kind, of }: DoubtfulRepeat): string {
  const what = `${callName(call)} (#${call.seq}) took effect after the reply to #${of} was lost`;
  return `${what}, and ${DOUBTS[kind]} Ask what became of the first before anything like it is sent.`;
}

const DOUBTS: Readonly<Record<Exclude<RepeatKind, 'same'>, string>> = {
  'same-amend': 'sets the same terms again: whether that changed anything more cannot be seen.',
  asked:
    'asks for the same; a query was answered in between, but the history does not say what the answer contained: ' +
    'whether it is a repeat cannot be seen.',
  similar:
    'asks for the same but for its price, size or another detail; nothing had told of the first: it may be a repeat ' +
    'that follows the market.',
};

function explainUnseen(effects: number): string {
  return (
    `${count(effects, 'effect')} lost the reply, and the history does not say what was asked for (an older recording, ` +
    'or one made elsewhere): whether it was sent again under another name cannot be seen.'
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
