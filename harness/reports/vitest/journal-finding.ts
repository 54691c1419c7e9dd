import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { LaneScope } from '../../../src/index.ts';
import { CallReader, inNonceOrder, RULES, RULES_IN_NONCE_ORDER } from '../../judge/rules/index.ts';
import type { Rule, RuleOutcome } from '../../judge/rules/index.ts';
import type { RuleId } from '../../judge/history/index.ts';
import { count } from '../../format.ts';

/** What a journal shows of a rule: that it held, that it was broken, or neither. */
export interface JournalFinding {
  readonly rule: Rule;
  readonly word: 'held' | 'broken' | 'nothing';
  /** A sentence that a person understands. */
  readonly explanation: string;
}

/** Asks one rule about a journal. What is not there to be seen is never found to have held. */
export function findIn(journal: readonly JournalRecord[], id: RuleId, scope: LaneScope): JournalFinding {
  const rule = RULES.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new TypeError(`Failed to find rule ${id}.`);
  const mixedUp = explainMixedUp(journal);
  if (mixedUp !== null) return { rule, word: 'nothing', explanation: mixedUp };
  const outcome = outcomeOf(rule, journal, scope);
  if (outcome.status === 'violated') return { rule, word: 'broken', explanation: explainBroken(outcome) };
  const doubt = outcome.status === 'held' ? explainGaps(journal) : outcome.explanation;
  if (doubt !== null) return { rule, word: 'nothing', explanation: doubt };
  return { rule, word: 'held', explanation: outcome.explanation };
}

function outcomeOf(rule: Rule, journal: readonly JournalRecord[], scope: LaneScope): RuleOutcome {
  const observer = rule.observe({ scope, accounts: null, faultKinds: [], clientSide: false });
  const reader = new CallReader();
  const read = journal.map((call) => ({ call, facts: reader.read(call) }));
  for (const position of RULES_IN_NONCE_ORDER.has(rule.id) ? inNonceOrder(journal) : journal.keys()) {
    const at = read[position];
    if (at !== undefined) observer.onCall(at.call, at.facts);
  }
  return observer.finish({ exit: null, clientCalls: null });
}

function explainBroken({ violations, explanation }: RuleOutcome): string {
  return violations === 1 ? explanation : `${explanation} (${count(violations, 'time')} in all.)`;
}

/** Calls in another order would show what never was. */
function explainMixedUp(journal: readonly JournalRecord[]): string | null {
  const late = journal.find(({ seq }, index) => seq <= (journal[index - 1]?.seq ?? -Infinity));
  return late === undefined ? null : `The calls are not in the order of arrival: see #${late.seq}.`;
}

/** Nothing takes a violation back, but what looks well may not be well in the calls that are missing. */
function explainGaps(journal: readonly JournalRecord[]): string | null {
  const missing = (journal.at(-1)?.seq ?? 0) - journal.length;
  if (missing > 0) return `${count(missing, 'call')} of the journal are missing here. Hand over all of it.`;
  const inService = journal.filter(({ departedNs }) => departedNs === null).length;
  if (inService === 0) return null;
  return `${count(inService, 'call')} still in service. Let the client finish, then look again.`;
}
