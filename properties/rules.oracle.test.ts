/**
 * Each rule reads a history once; here each stands beside the obvious definition, which looks at every pair of
 * calls. They must agree on the status, on the number of violations, and on the first call that is to blame.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClientCall } from '../harness/judge/history/index.ts';
import { RULES } from '../harness/judge/rules/index.ts';
import type { RuleId } from '../harness/judge/history/index.ts';
import type { RuleStatus } from '../harness/judge/rules/index.ts';
import { outcomeOf } from '../harness/judge/rules/history.test-support.ts';
import type { Effect, Intent, JournalRecord } from '../mock-kraken/index.ts';
import type { LaneScope } from '../src/index.ts';

const ACCOUNTS = ['MASTER', 'USER_1', 'USER_2'];
const TWO_POW_64 = 1n << 64n;

// ---- histories ------------------------------------------------------------------------------------------

/** Few different values, so that equal, lower and repeated nonces are common; and every kind of bad one. */
const nonce = fc.oneof(
  { weight: 8, arbitrary: fc.nat(12).map(String) },
  { weight: 3, arbitrary: fc.tuple(fc.nat(4), fc.nat(12)).map(([zeros, n]) => '0'.repeat(zeros) + n) },
  { weight: 2, arbitrary: fc.bigInt(TWO_POW_64 - 3n, TWO_POW_64 + 2n).map(String) },
  { weight: 2, arbitrary: fc.constantFrom('', '-1', '1.5', '0x1f', '１２', ' 1', '1e3', '0'.repeat(21)) },
  { weight: 1, arbitrary: fc.constant(null) },
);

/** What is asked for: few things, most of them alike, so that repeats are common. Not all of an order comes about. */
const intent = fc
  .record({ what: fc.constantFrom('a', 'a', 'b', 'c'), id: fc.nat(3), clientRef: fc.nat(9) })
  .map(({ what, id, clientRef }): Intent => ({
    digest: what,
    likeness: what === 'c' ? 'other' : 'alike',
    id: id === 0 ? null : `O${id}`,
    ...(clientRef < 3 ? { clientRef: `c${clientRef}` } : {}),
  }));

interface Change {
  readonly method: string;
  readonly kind: Effect['kind'];
  readonly intents: readonly Intent[];
  readonly isTagged: boolean;
  readonly isUndone: boolean;
  readonly replyLost: boolean;
}

const change: fc.Arbitrary<Change> = fc.record({
  method: fc.constantFrom('AddOrder', 'AddOrderBatch', 'Withdraw'),
  kind: fc.constantFrom('order', 'order', 'transfer', 'amend'),
  intents: fc.array(intent, { minLength: 1, maxLength: 3 }),
  isTagged: fc.boolean(),
  isUndone: fc.option(fc.constant(true), { freq: 4, nil: false }),
  replyLost: fc.boolean(),
});

interface Query {
  readonly method: string;
  readonly shows: readonly string[] | undefined;
  readonly replyLost: boolean;
}

const query: fc.Arbitrary<Query> = fc.record({
  method: fc.constantFrom('OpenOrders', 'WithdrawStatus'),
  shows: fc.option(fc.subarray(['O1', 'O2', 'O3']), { freq: 6, nil: undefined }),
  replyLost: fc.option(fc.constant(true), { freq: 4, nil: false }),
});

const asking = fc.oneof({ weight: 3, arbitrary: change }, { weight: 2, arbitrary: query });

/** The fields of a record that asks for a change or for what is there. */
function fieldsOf(
  asking: Change | Query,
  { outcome, tag }: Pick<JournalRecord, 'outcome' | 'tag'>,
): Partial<JournalRecord> {
  const heard = asking.replyLost ? { replyLost: true } : {};
  if ('shows' in asking) {
    const { method, shows } = asking;
    return { method, effect: null, ...(shows === undefined ? {} : { shows }), ...heard };
  }
  const { method, kind, intents, isTagged, isUndone } = asking;
  const ids = intents.flatMap(({ id }) => (isUndone ? [] : (id ?? [])));
  return {
    method,
    intents: intents.map((one) => ({ ...one, id: isUndone ? null : one.id })),
    effect: ids.length === 0 ? null : { kind, ids },
    tag: isTagged ? tag : null,
    outcome: outcome === 'rejected' ? 'accepted' : outcome,
    ...heard,
  };
}

/** Short times, so that calls often touch at one instant, nest, or take no time at all. */
const shape = fc.record({
  afterNs: fc.nat(4),
  serviceNs: fc.option(fc.nat(9), { freq: 8 }),
  owner: fc.option(fc.nat(ACCOUNTS.length - 1), { freq: 8 }),
  knownKey: fc.boolean(),
  method: fc.constantFrom('Balance', 'AddOrder', 'CancelOrder', 'OpenOrders'),
  nonce,
  /** How long before its end the client read another reply to it. */
  repliedEarlierNs: fc.option(fc.nat(9), { freq: 6, nil: null }),
  /** It is not the client's: a middlebox delivered a call before it again. */
  isDuplicate: fc.oneof(
    { weight: 7, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  outcome: fc.constantFrom('accepted', 'accepted', 'accepted', 'rejected', 'faulted'),
  fault: fc.option(fc.constantFrom('reset', 'lost-reply', 'slow-drip'), { freq: 5, nil: null }),
  effect: fc.option(
    fc.record({
      kind: fc.constantFrom('order', 'order', 'cancel'),
      ids: fc.subarray(['O1', 'O2', 'O3'], { minLength: 1 }),
    }),
    { nil: null },
  ),
  tag: fc.option(
    fc.nat(9).map((n) => `t${n}`),
    { nil: null },
  ),
  clientRef: fc.option(
    fc.nat(4).map((n) => `c${n}`),
    { nil: null },
  ),
  /** An order, a batch, a transfer, or a query of them. */
  asking: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: asking }),
} as const);

const history: fc.Arbitrary<readonly JournalRecord[]> = fc.array(shape, { maxLength: 40 }).map((shapes) => {
  let nowNs = 0;
  const calls: JournalRecord[] = [];
  shapes.forEach((shape, i) => {
    const { afterNs, serviceNs, owner, knownKey, asking, repliedEarlierNs, isDuplicate, ...rest } = shape;
    nowNs += afterNs;
    const account = owner === null || !knownKey ? null : (ACCOUNTS[owner] ?? null);
    const key = owner === null ? null : `key-${owner}`;
    const departedNs = serviceNs === null ? null : nowNs + serviceNs;
    const times = { arrivedNs: nowNs, departedNs, ...repliedBefore(nowNs, departedNs, repliedEarlierNs) };
    const facts = { seq: i + 1, account, key, ...times, error: null, violations: [] };
    const before = calls.at(-1);
    if (isDuplicate && before !== undefined) calls.push(deliveredAgain(before, facts));
    else calls.push({ ...rest, ...facts, ...(asking === null ? {} : fieldsOf(asking, rest)) });
  });
  return calls;
});

/** The same request as the one before, at a time of its own. */
function deliveredAgain(
  before: JournalRecord,
  { seq, arrivedNs, departedNs }: Pick<JournalRecord, 'seq' | 'arrivedNs' | 'departedNs'>,
): JournalRecord {
  const { repliedNs: _, ...same } = before;
  const times = { seq, arrivedNs, departedNs };
  return { ...same, ...times, outcome: 'faulted', duplicateOf: before.duplicateOf ?? before.seq };
}

function repliedBefore(
  arrivedNs: number,
  departedNs: number | null,
  ns: number | null,
): { repliedNs?: number } {
  return ns === null ? {} : { repliedNs: Math.max(arrivedNs, (departedNs ?? arrivedNs + 9) - ns) };
}

/** What the client was told, of calls that may or may not be in the history, in the order of asking. */
const clientCalls: fc.Arbitrary<readonly ClientCall[]> = fc
  .uniqueArray(
    fc.record({
      tag: fc.nat(12).map((n) => `t${n}`),
      account: fc.constantFrom(...ACCOUNTS),
      method: fc.constantFrom('Balance', 'AddOrder', 'CancelOrder'),
      lastsMs: fc.nat(3),
      outcome: fc.constantFrom('succeeded', 'succeeded', 'failed', 'unsettled'),
      toldOutcome: fc.constantFrom('not-executed', 'unknown', undefined),
      txids: fc.subarray(['O1', 'O2', 'O3']),
    } as const),
    { selector: ({ tag }) => tag },
  )
  .map((calls) =>
    calls.map(({ lastsMs, toldOutcome, ...call }, askedMs): ClientCall => {
      const settledMs = call.outcome === 'unsettled' ? null : askedMs + lastsMs;
      const said = call.outcome === 'failed' && toldOutcome !== undefined ? { toldOutcome } : {};
      return { ...call, askedMs, settledMs, error: null, ...said };
    }),
  );

// ---- the obvious definitions ----------------------------------------------------------------------------

/** What the definition says; `first` is not compared when the rule blames no call in particular. */
interface Expected {
  readonly status: RuleStatus;
  readonly violations?: number;
  readonly first?: number;
}

interface Situation {
  readonly calls: readonly JournalRecord[];
  readonly scope: LaneScope;
  readonly told: readonly ClientCall[] | null;
  readonly accounts: readonly string[] | null;
}

/** The value of a nonce by its definition, with arithmetic on big integers. */
function valueOf({ nonce }: JournalRecord): bigint | null {
  if (nonce === null || !/^[0-9]{1,20}$/.test(nonce)) return null;
  return BigInt(nonce) < TWO_POW_64 ? BigInt(nonce) : null;
}

/** Judges every call against every call before it. */
function byPairs(
  calls: readonly JournalRecord[],
  isBroken: (call: JournalRecord, before: JournalRecord) => boolean,
  areComparable: (call: JournalRecord, before: JournalRecord) => boolean,
): Expected {
  const broken = calls.filter((call, i) => calls.slice(0, i).some((before) => isBroken(call, before)));
  if (broken[0] !== undefined) return { status: 'violated', violations: broken.length, first: broken[0].seq };
  const comparable = calls.some((call, i) => calls.slice(0, i).some((before) => areComparable(call, before)));
  return { status: comparable ? 'held' : 'not-applicable' };
}

function sameKey(a: JournalRecord, b: JournalRecord): boolean {
  return a.key !== null && a.key === b.key;
}

function withNonce(calls: readonly JournalRecord[]): readonly JournalRecord[] {
  return calls.filter((call) => call.key !== null && valueOf(call) !== null);
}

function isLowerOrEqual(call: JournalRecord, before: JournalRecord): boolean {
  return (valueOf(call) ?? 0n) <= (valueOf(before) ?? 0n);
}

function expectedExact({ calls }: Situation): Expected {
  const excused = (call: JournalRecord): boolean =>
    call.nonce === null && (call.fault !== null || call.departedNs === null);
  const broken = calls.filter((call) => valueOf(call) === null && !excused(call));
  if (broken[0] !== undefined) return { status: 'violated', violations: broken.length, first: broken[0].seq };
  return { status: calls.some((call) => valueOf(call) !== null) ? 'held' : 'not-applicable' };
}

function expectedOverlap({ calls, scope }: Situation): Expected {
  const sameLane = (a: JournalRecord, b: JournalRecord): boolean => scope === 'global' || a.key === b.key;
  const inServiceWhen = ({ departedNs, repliedNs }: JournalRecord, ns: number): boolean =>
    ns < (repliedNs ?? departedNs ?? Infinity);
  return byPairs(calls, (a, b) => sameLane(a, b) && inServiceWhen(b, a.arrivedNs), sameLane);
}

function expectedAccepted({ calls }: Situation): Expected {
  const broken = calls.filter(({ outcome, fault }) => outcome === 'rejected' && fault === null);
  if (broken[0] !== undefined) return { status: 'violated', violations: broken.length, first: broken[0].seq };
  const accepted = calls.some(({ outcome, departedNs }) => outcome === 'accepted' && departedNs !== null);
  return { status: accepted ? 'held' : 'inconclusive' };
}

const EFFECTIVE = ['AddOrder', 'CancelOrder'];

/** One effect of a call. */
interface OneEffect {
  readonly call: JournalRecord;
  /** `null` when the history does not say what was asked for. */
  readonly intent: Intent | null;
}

function effectsOf(call: JournalRecord): readonly OneEffect[] {
  if (call.effect === null) return [];
  const made = call.effect.kind === 'cancel' ? [] : (call.intents ?? []).filter(({ id }) => id !== null);
  return made.length === 0 ? [{ call, intent: null }] : made.map((intent) => ({ call, intent }));
}

function refOf({ call, intent }: OneEffect): string | null {
  return call.effect?.kind === 'order' ? (intent?.clientRef ?? call.clientRef) : null;
}

function isReplyLost({ replyLost, outcome, fault, intents }: JournalRecord): boolean {
  if (replyLost === true) return true;
  return intents === undefined && outcome === 'faulted' && fault !== 'slow-drip';
}

function isHeard(call: JournalRecord): boolean {
  return call.outcome !== 'rejected' && call.departedNs !== null && !isReplyLost(call);
}

/** Whether a call after the first, answered before the second arrived, told of it. */
function wasTold(
  { call: first, intent }: OneEffect,
  second: JournalRecord,
  calls: readonly JournalRecord[],
): boolean {
  return calls.some(
    (call) =>
      call.seq > first.seq &&
      call.seq <= second.seq &&
      call.account === first.account &&
      isHeard(call) &&
      (call.departedNs ?? Infinity) <= second.arrivedNs &&
      [...(call.shows ?? []), ...(call.effect?.ids ?? [])].includes(intent?.id ?? ''),
  );
}

/** Whether a query between the two was answered of which the history does not say what it showed. */
function wasAsked(first: JournalRecord, second: JournalRecord, calls: readonly JournalRecord[]): boolean {
  return calls.some(
    (call) =>
      call.seq > first.seq &&
      call.seq < second.seq &&
      call.account === first.account &&
      ['OpenOrders', 'WithdrawStatus'].includes(call.method) &&
      isHeard(call) &&
      call.shows === undefined,
  );
}

interface Repeats {
  readonly same: ReadonlySet<OneEffect>;
  readonly doubtful: number;
}

/** Goes through the effects in order; each takes the oldest lost one of its like that nothing told of, or none. */
function repeatsIn(effects: readonly OneEffect[], calls: readonly JournalRecord[]): Repeats {
  const same = new Set<OneEffect>();
  const repeated = new Set<OneEffect>();
  let doubtful = 0;
  for (const effect of effects) {
    const { call, intent } = effect;
    if (intent === null || call.tag !== null) continue;
    const open = effects.filter(
      (before) =>
        before.call.seq < call.seq &&
        before.call.account === call.account &&
        isReplyLost(before.call) &&
        !repeated.has(before) &&
        !wasTold(before, call, calls),
    );
    const equal = open.find((before) => before.intent?.digest === intent.digest);
    const alike = open.some((before) => before.intent?.likeness === intent.likeness);
    const isAmend = call.effect?.kind === 'amend';
    if (equal !== undefined) repeated.add(equal);
    if (equal !== undefined && !isAmend && !wasAsked(equal.call, call, calls)) same.add(effect);
    else if (equal !== undefined || (alike && !isAmend)) doubtful += 1;
  }
  return { same, doubtful };
}

function expectedEffectOnce({ calls, told }: Situation): Expected {
  const changing = calls.filter(({ effect }) => effect !== null);
  const effects = changing.flatMap(effectsOf);
  const { same, doubtful } = repeatsIn(effects, calls);
  const byTag = changing.filter(
    ({ seq, tag }) => tag !== null && changing.some((before) => before.seq < seq && before.tag === tag),
  );
  const hasName = (effect: OneEffect, name: string | null): boolean =>
    name !== null && refOf(effect) === name;
  const byOther = effects.filter((effect) => {
    const { call } = effect;
    const earlier = effects.filter(
      (before) => before.call.seq < call.seq && before.call.account === call.account,
    );
    const isNamed = earlier.some((before) => hasName(before, refOf(effect)));
    return !byTag.includes(call) && (isNamed || same.has(effect));
  });
  const twice = [...byTag, ...byOther.map(({ call }) => call)].sort((a, b) => a.seq - b.seq);
  const claims = (told ?? []).filter(
    ({ outcome, method, txids }) =>
      outcome === 'succeeded' && (EFFECTIVE.includes(method) || txids.length > 0),
  );
  const tagsKnown = calls.some(({ tag }) => tag !== null);
  const empty = tagsKnown ? claims.filter((claim) => !tookEffect(claim, changing)) : [];
  const denied = (told ?? []).filter(
    ({ tag, toldOutcome }) => toldOutcome === 'not-executed' && changing.some((call) => call.tag === tag),
  );
  const violations = twice.length + empty.length + denied.length;
  if (violations > 0) {
    const first = twice[0] === undefined ? {} : { first: twice[0].seq };
    return { status: 'violated', violations, ...first };
  }
  if (claims.length > 0 && !tagsKnown) return { status: 'inconclusive' };
  const isSilent = ({ tag, intents }: JournalRecord): boolean => tag === null && intents === undefined;
  const unseen = changing.some(
    (call) => isSilent(call) && call.effect?.kind !== 'cancel' && isReplyLost(call),
  );
  if (doubtful > 0 || unseen) return { status: 'inconclusive' };
  const known = effects.some((effect) => !isSilent(effect.call) || refOf(effect) !== null);
  return { status: known || (effects.length === 0 && claims.length > 0) ? 'held' : 'not-applicable' };
}

function tookEffect({ tag, txids }: ClientCall, effects: readonly JournalRecord[]): boolean {
  const mine = effects.find((call) => call.tag === tag);
  return mine !== undefined && txids.every((txid) => mine.effect?.ids.includes(txid));
}

function expectedSettle({ calls, told }: Situation): Expected {
  if (told !== null) {
    const unsettled = told.filter(({ settledMs }) => settledMs === null).length;
    return unsettled > 0 ? { status: 'violated', violations: unsettled } : { status: 'held' };
  }
  if (calls.length === 0) return { status: 'not-applicable' };
  return { status: calls.some(({ departedNs }) => departedNs === null) ? 'inconclusive' : 'held' };
}

function expectedStarvation({ calls, scope, told, accounts }: Situation): Expected {
  const present = new Set(calls.flatMap(({ account }) => account ?? []));
  if (told === null) {
    if (present.size === 0) return { status: 'not-applicable' };
    return { status: (accounts ?? []).every((account) => present.has(account)) ? 'held' : 'inconclusive' };
  }
  if (told.length > 0 && calls.every(({ tag }) => tag === null)) return { status: 'inconclusive' };
  const stays = told.flatMap((asked) => {
    const record = calls.find(({ tag }) => tag === asked.tag);
    if (record === undefined && asked.outcome !== 'unsettled') return [];
    return [{ asked, arrivedNs: record?.arrivedNs ?? Infinity, departedNs: record?.departedNs ?? null }];
  });
  if (stays.length === 0) return { status: 'not-applicable' };
  const starved = stays.filter((stay, i) => {
    const later = stays
      .slice(i + 1)
      .filter(({ asked }) => scope === 'global' || asked.account === stay.asked.account);
    const untilNs = Math.min(stay.arrivedNs, behindOwnSince(told, told.indexOf(stay.asked), calls));
    return later.filter(({ departedNs }) => departedNs !== null && departedNs <= untilNs).length > 4;
  });
  return starved.length > 0 ? { status: 'violated', violations: starved.length } : { status: 'held' };
}

/** From when on a call waits for an earlier one of its account that was refused or repeated; `Infinity`: never. */
function behindOwnSince(told: readonly ClientCall[], index: number, calls: readonly JournalRecord[]): number {
  const asked = told[index];
  const before = told
    .slice(0, index)
    .flatMap((call, i) =>
      call.account === asked?.account && asked.askedMs <= (call.settledMs ?? Infinity)
        ? [Math.min(behindOwnSince(told, i, calls), troubleOf(call.tag, calls))]
        : [],
    );
  return Math.min(Infinity, ...before);
}

function troubleOf(tag: string, calls: readonly JournalRecord[]): number {
  const [first, ...again] = calls.filter((call) => call.tag === tag);
  if (first === undefined || (first.outcome === 'accepted' && again.length === 0)) return Infinity;
  return first.departedNs ?? first.arrivedNs;
}

function expectedExercised({ calls, scope, told, accounts }: Situation): Expected {
  const succeeded = (told ?? []).filter(({ outcome }) => outcome === 'succeeded');
  if (succeeded.length > calls.length)
    return { status: 'violated', violations: succeeded.length - calls.length };
  const tagsKnown = calls.some(({ tag }) => tag !== null);
  const unseen = succeeded.filter(
    ({ tag, account }) => calls.findLast((call) => call.tag === tag)?.account !== account,
  );
  if (tagsKnown && unseen.length > 0) return { status: 'violated', violations: unseen.length };
  const present = new Set(calls.flatMap(({ account }) => account ?? []));
  const shared = calls.some((a, i) => calls.slice(0, i).some((b) => scope === 'global' || sameKey(a, b)));
  const contended = (told ?? []).some((a, i) =>
    (told ?? []).slice(i + 1).some((b) => b.askedMs < (a.settledMs ?? Infinity)),
  );
  const enough =
    calls.length > 0 &&
    (accounts ?? []).every((account) => present.has(account)) &&
    shared &&
    (told === null || contended);
  return { status: enough && (succeeded.length === 0 || tagsKnown) ? 'held' : 'inconclusive' };
}

const DEFINITIONS: Readonly<Record<RuleId, (situation: Situation) => Expected>> = {
  'nonce-increasing': ({ calls }) =>
    byPairs(withNonce(calls), (a, b) => sameKey(a, b) && isLowerOrEqual(a, b), sameKey),
  'nonce-global-order': ({ calls, scope }) =>
    scope === 'key' ? { status: 'not-applicable' } : byPairs(withNonce(calls), isLowerOrEqual, () => true),
  'nonce-reused': ({ calls }) =>
    byPairs(withNonce(calls), (a, b) => sameKey(a, b) && valueOf(a) === valueOf(b), sameKey),
  'nonce-exact': expectedExact,
  'no-overlap': expectedOverlap,
  'all-accepted': expectedAccepted,
  'effect-once': expectedEffectOnce,
  'all-settle': expectedSettle,
  'no-starvation': expectedStarvation,
  exercised: expectedExercised,
};

/** Rules that look at what the client did do not look at what a middlebox did. */
function asSeenBy(id: RuleId, given: Situation): Situation {
  if (id === 'all-accepted' || id === 'all-settle' || id === 'no-starvation') return given;
  return { ...given, calls: given.calls.filter(({ duplicateOf }) => duplicateOf === undefined) };
}

// ---- the comparison -------------------------------------------------------------------------------------

const situation: fc.Arbitrary<Situation> = fc.record({
  calls: history,
  scope: fc.constantFrom('global', 'key'),
  told: fc.option(clientCalls),
  accounts: fc.option(fc.subarray(ACCOUNTS)),
});

/** What each rule can conclude at all; the histories must reach every one of these, or they are too tame. */
const REACHABLE: Readonly<Record<RuleId, readonly RuleStatus[]>> = {
  'nonce-increasing': ['held', 'not-applicable', 'violated'],
  'nonce-global-order': ['held', 'not-applicable', 'violated'],
  'nonce-reused': ['held', 'not-applicable', 'violated'],
  'nonce-exact': ['held', 'not-applicable', 'violated'],
  'no-overlap': ['held', 'not-applicable', 'violated'],
  'all-accepted': ['held', 'inconclusive', 'violated'],
  'effect-once': ['held', 'inconclusive', 'not-applicable', 'violated'],
  'all-settle': ['held', 'inconclusive', 'not-applicable', 'violated'],
  'no-starvation': ['held', 'inconclusive', 'not-applicable', 'violated'],
  exercised: ['held', 'inconclusive', 'violated'],
};

describe('the one-pass rule agrees with the quadratic definition:', () => {
  for (const rule of RULES) {
    test(rule.id, () => {
      const reached = new Set<RuleStatus>();
      const agrees = fc.property(situation, (given) => {
        const expected = DEFINITIONS[rule.id](asSeenBy(rule.id, given));
        const { status, violations, first } = outcomeOf(rule, given.calls, {
          ...given,
          clientCalls: given.told,
        });
        expect({ status, violations }).toEqual({
          status: expected.status,
          violations: expected.violations ?? 0,
        });
        if (expected.first !== undefined) expect(first[0]).toBe(expected.first);
        reached.add(status);
      });
      fc.assert(agrees, { seed: 20_261_126, numRuns: 3_000 });
      expect([...reached].sort()).toEqual(REACHABLE[rule.id]);
    });
  }
});
