import type { JournalRecord } from '../../mock-kraken/index.ts';
import type { ClientCall } from '../history/client-call.ts';
import { BoundedMap } from './bounded-map.ts';
import { held, inconclusive, notApplicable, violated } from './outcome.ts';
import type { Rule, RuleObserver, RuleOutcome, RunEnd } from './rule.ts';
import { callName, count } from './words.ts';

/** How many intents are remembered; about 200 bytes each. */
const INTENT_COUNT_MAX = 1_000_000;

/** Methods that have an effect whenever they succeed; `CancelAll` and the like may find nothing to do. */
const EFFECTIVE_METHODS: ReadonlySet<string> = new Set([
  'AddOrder',
  'AddOrderBatch',
  'AmendOrder',
  'CancelOrder',
  'EditOrder',
]);

/**
 * Every order intent takes effect at most once, and everything that the client was told succeeded did take
 * effect.
 *
 * Two effects belong to one intent when their calls carry the same `tag`, or when they are orders of one account
 * with the same `clientRef` (`cl_ord_id`). `userref` is no evidence: it need not be unique (Kraken docs,
 * AddOrder). A client that repeats an order under neither is not found out by a recorded file alone.
 *
 * What the client was told is known only of client modules. A dry run (`validate`) must not be among the calls:
 * it succeeds without effect.
 */
export const effectOnce: Rule = {
  id: 'effect-once',
  holdsWhen: 'every order intent takes effect at most once, and all that was said to succeed took effect',
  observe: () => new EffectOnce(),
};

interface FirstEffect {
  readonly seq: number;
  readonly ids: readonly string[];
}

interface Breach {
  readonly seqs: readonly number[];
  readonly explanation: string;
}

class EffectOnce implements RuleObserver {
  readonly #byTag = new BoundedMap<FirstEffect>(INTENT_COUNT_MAX);
  readonly #byClientRef = new BoundedMap<FirstEffect>(INTENT_COUNT_MAX);
  #effects = 0;
  #unnamed = 0;
  #tagSeen = false;
  #attempts = 0;
  #violations = 0;
  #first: Breach | null = null;

  onCall(call: JournalRecord): boolean {
    if (EFFECTIVE_METHODS.has(call.method)) this.#attempts += 1;
    if (call.tag !== null) this.#tagSeen = true;
    if (call.effect === null) return false;
    this.#effects += 1;
    const effect: FirstEffect = { seq: call.seq, ids: call.effect.ids };
    const ref = call.effect.kind === 'order' ? clientRefOf(call) : null;
    if (call.tag === null && ref === null) this.#unnamed += 1;
    const sameTag = call.tag === null ? undefined : remember(this.#byTag, call.tag, effect);
    const sameRef = ref === null ? undefined : remember(this.#byClientRef, ref, effect);
    const before = sameTag ?? sameRef;
    if (before === undefined) return false;
    this.#breach({ seqs: [call.seq, before.seq], explanation: explainTwice(call, before) });
    return true;
  }

  finish({ clientCalls }: RunEnd): RuleOutcome {
    const told = (clientCalls ?? []).filter(wasToldOfAnEffect);
    if (this.#tagSeen) for (const call of told) this.#checkTold(call);
    if (this.#first !== null) return violated(this.#violations, this.#first.seqs, this.#first.explanation);
    if (this.#effects === 0 && told.length === 0) return notApplicable(this.#explainNothing());
    return this.#doubt(told) ?? held(this.#explainHeld(told));
  }

  #breach(breach: Breach): void {
    this.#violations += 1;
    this.#first ??= breach;
  }

  #checkTold(call: ClientCall): void {
    const effect = this.#byTag.get(call.tag);
    if (effect === undefined) {
      if (this.#byTag.complete) this.#breach({ seqs: [], explanation: explainNoEffect(call) });
      return;
    }
    const wrong = call.txids.find((txid) => !effect.ids.includes(txid));
    if (wrong !== undefined) this.#breach({ seqs: [effect.seq], explanation: explainWrongId(call, wrong) });
  }

  #doubt(told: readonly ClientCall[]): RuleOutcome | null {
    if (!this.#byTag.complete || !this.#byClientRef.complete) {
      return inconclusive(`More than ${count(INTENT_COUNT_MAX, 'intent')}: the oldest were forgotten.`);
    }
    if (told.length > 0 && !this.#tagSeen) {
      return inconclusive(
        `The client was told of ${count(told.length, 'effect')}, but no call carries the tag it was asked with: ` +
          'the client does not pass unknown parameters on.',
      );
    }
    if (this.#unnamed === this.#effects) return notApplicable(explainUnnamed(this.#effects));
    return null;
  }

  #explainNothing(): string {
    if (this.#attempts === 0) return 'No order was placed, changed or cancelled.';
    return `None of the ${count(this.#attempts, 'order call')} took effect, and nobody was told that one did.`;
  }

  #explainHeld(told: readonly ClientCall[]): string {
    const unnamed =
      this.#unnamed === 0 ? '' : `, ${count(this.#unnamed, 'more')} without a name not looked at`;
    const success =
      told.length === 0
        ? ''
        : `; ${count(told.length, 'reported success', 'reported successes')} took effect`;
    return `${count(this.#effects - this.#unnamed, 'effect')}, each of another intent${success}${unnamed}`;
  }
}

/** Returns what is there already; stores `effect` otherwise. */
function remember(map: BoundedMap<FirstEffect>, name: string, effect: FirstEffect): FirstEffect | undefined {
  const before = map.get(name);
  if (before === undefined) map.set(name, effect);
  return before;
}

function clientRefOf(call: JournalRecord): string | null {
  return call.clientRef === null ? null : `${call.account ?? ''}\n${call.clientRef}`;
}

function wasToldOfAnEffect(call: ClientCall): boolean {
  return call.outcome === 'succeeded' && (call.txids.length > 0 || EFFECTIVE_METHODS.has(call.method));
}

function explainTwice(call: JournalRecord, before: FirstEffect): string {
  const name = call.tag === null ? `cl_ord_id ${call.clientRef}` : `tag ${call.tag}`;
  return `${callName(call)} took effect a second time for the same intent (${name}): ${idsOf(before)} and ${idsOf(call.effect)} (#${call.seq}, #${before.seq}).`;
}

function idsOf(effect: { readonly ids: readonly string[] } | null): string {
  return effect === null || effect.ids.length === 0 ? 'no id' : effect.ids.join(' ');
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
