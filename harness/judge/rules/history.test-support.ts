import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { ClientCall } from '../history/index.ts';
import { CallReader } from './call-facts.ts';
import type { Rule, RuleContext, RuleOutcome, RunEnd } from './rule.ts';

/** A call of MASTER that was accepted: number `seq` of a run without overlap, in which nonces rise. */
export function aCall(seq: number, changes: Partial<JournalRecord> = {}): JournalRecord {
  const arrivedNs = seq * 10_000_000;
  return {
    seq,
    account: 'MASTER',
    key: 'key-0',
    method: 'Balance',
    nonce: String(1_795_353_736_170_000_000n + BigInt(seq) * 10_000_019n),
    arrivedNs,
    departedNs: arrivedNs + 5_000_000,
    outcome: 'accepted',
    error: null,
    violations: [],
    fault: null,
    effect: null,
    tag: null,
    clientRef: null,
    ...changes,
  };
}

/** The same of USER_1. */
export function aUserCall(seq: number, changes: Partial<JournalRecord> = {}): JournalRecord {
  return aCall(seq, { account: 'USER_1', key: 'key-1', ...changes });
}

/** An order of MASTER that took effect. */
export function anOrder(seq: number, changes: Partial<JournalRecord> = {}): JournalRecord {
  return aCall(seq, { method: 'AddOrder', effect: { kind: 'order', ids: [`O${seq}`] }, ...changes });
}

/** What MASTER was told of a call that it asked for `askedMs` into the run. */
export function aClientCall(tag: string, changes: Partial<ClientCall> = {}): ClientCall {
  const told = { account: 'MASTER', method: 'Balance', askedMs: 0, settledMs: 1_000 };
  return { tag, ...told, outcome: 'succeeded', error: null, txids: [], ...changes };
}

/** A rule's view of a whole history; scope `global` and a recorded file unless told otherwise. */
export function outcomeOf(
  rule: Rule,
  calls: readonly JournalRecord[],
  run: Partial<RuleContext & RunEnd> = {},
): RuleOutcome {
  const { exit = null, clientCalls = null, connectionsRefused, faultsElsewhere } = run;
  const observer = rule.observe(contextOf(run));
  const reader = new CallReader();
  for (const call of calls) observer.onCall(call, reader.read(call));
  return observer.finish({ exit, clientCalls, connectionsRefused, faultsElsewhere });
}

/** Returns `seq` of each call of which a rule says at once that it broke it. */
export function brokenAtOnce(
  rule: Rule,
  calls: readonly JournalRecord[],
  run: Partial<RuleContext & RunEnd> = {},
): readonly number[] {
  const observer = rule.observe(contextOf(run));
  const reader = new CallReader();
  return calls.filter((call) => observer.onCall(call, reader.read(call))).map(({ seq }) => seq);
}

function contextOf(run: Partial<RuleContext & RunEnd>): RuleContext {
  const { scope = 'global', accounts = null, faultKinds = [], clientCalls = null } = run;
  const { absences = false, accountLimit = false, instances = 1, strict = false, originMs } = run;
  return {
    scope,
    accounts,
    absences,
    accountLimit,
    instances,
    faultKinds,
    strict,
    ...(originMs === undefined ? {} : { originMs }),
    clientSide: clientCalls !== null,
  };
}
