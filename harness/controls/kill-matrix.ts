import { RULE_IDS } from '../judge/history/index.ts';
import type { RuleId } from '../judge/history/index.ts';
import type { Verdict, VerdictWord } from '../judge/verdict/index.ts';
import type { Control, Reference } from './control.ts';

/**
 * The controls that `verify` runs before it trusts its own judgement: one for each of the rules that matter
 * most, none of which needs a package beyond the toolkit's own.
 */
export const QUICK_CONTROLS: readonly string[] = [
  'fallback-lock',
  'nonce-store',
  'millisecond-nonce',
  'params-reused',
  'json-number-nonce',
  'order-twice',
];

/** The references that `verify` runs beside them: a judge that convicts everybody is no better. */
export const QUICK_REFERENCES: readonly string[] = ['promise-chain'];

/**
 * What follows from a rule's violation by definition, with the reason. Read transitively.
 *
 * `nonce-global-order` stands under scope `global` only; under scope `key` it does not apply and cannot fire.
 */
export const IMPLIED: Readonly<Partial<Record<RuleId, Readonly<Partial<Record<RuleId, string>>>>>> = {
  'nonce-reused': {
    'nonce-increasing': 'a nonce sent twice is not greater than itself',
  },
  'nonce-increasing': {
    'nonce-global-order': 'order across all keys contains order on each key',
    'all-accepted': 'the exchange rejects a nonce that is not greater than the last accepted one',
  },
  'no-overlap': {
    'all-accepted': 'the exchange rejects a call that arrives while another is in service',
  },
};

/** A rule that fired beside the one that must, and why it could not help it. */
export interface Companion {
  readonly rule: RuleId;
  readonly reason: string;
}

/** One line of the kill matrix. */
export interface ControlRow {
  readonly id: string;
  readonly defect: string;
  /** The rule that must fire. */
  readonly rule: RuleId;
  /** The rules that fired, in the order of `RULE_IDS`. */
  readonly fired: readonly RuleId[];
  /** Those of `fired` that are explained, other than `rule`. */
  readonly companions: readonly Companion[];
  /** Those of `fired` that nothing explains. */
  readonly unexplained: readonly RuleId[];
  /**
   * `caught`: by its own rule, and whatever else fired is explained. `survived`: no rule fired. `wrong-rule`:
   * its own rule did not fire, or one fired that nothing explains.
   */
  readonly outcome: 'caught' | 'survived' | 'wrong-rule';
}

/** How a reference fared. Anything but `held` is an alarm, or an acquittal for want of evidence. */
export interface ReferenceRow {
  readonly id: string;
  readonly description: string;
  readonly verdict: VerdictWord;
  readonly fired: readonly RuleId[];
  readonly outcome: 'acquitted' | 'false-alarm' | 'inconclusive';
}

/** All of it, as `nonceproof controls --json` prints it. */
export interface KillMatrix {
  readonly controls: readonly ControlRow[];
  readonly references: readonly ReferenceRow[];
  /** Controls caught by their own rule. */
  readonly caught: number;
  /** References that raised no alarm. */
  readonly acquitted: number;
  /** Every control was caught, every reference acquitted, and there was at least one control. */
  readonly sound: boolean;
}

/** Judges the judge: compares what a control's run was found guilty of with what it is guilty of. */
export function judgeControl(control: Control, verdict: Pick<Verdict, 'rules'>): ControlRow {
  const { id, defect, rule } = control;
  const fired = firedRules(verdict);
  const explained = explainedBy(control);
  const companions = fired.flatMap((other) => companionOf(other, explained));
  const unexplained = fired.filter((other) => other !== rule && !explained.has(other));
  const outcome = outcomeOf(rule, { fired, unexplained });
  return { id, defect, rule, fired, companions, unexplained, outcome };
}

/** Judges the judge the other way round: a correct client must be acquitted. */
export function judgeReference(
  reference: Reference,
  verdict: Pick<Verdict, 'rules' | 'verdict'>,
): ReferenceRow {
  const { id, description } = reference;
  const outcomes = { held: 'acquitted', violated: 'false-alarm', inconclusive: 'inconclusive' } as const;
  return {
    id,
    description,
    verdict: verdict.verdict,
    fired: firedRules(verdict),
    outcome: outcomes[verdict.verdict],
  };
}

/** Adds up rows. */
export function killMatrix(controls: readonly ControlRow[], references: readonly ReferenceRow[]): KillMatrix {
  const caught = controls.filter(({ outcome }) => outcome === 'caught').length;
  const acquitted = references.filter(({ outcome }) => outcome === 'acquitted').length;
  const sound = caught > 0 && caught === controls.length && acquitted === references.length;
  return { controls, references, caught, acquitted, sound };
}

/** The matrix as a table of plain text, one line a control and a reference, and a last line that sums up. */
export function formatKillMatrix(matrix: KillMatrix): string {
  const controls = matrix.controls.map((row) => [row.outcome, row.id, row.rule, firedInWords(row)]);
  const references = matrix.references.map((row) => [row.outcome, row.id, 'none', listOf(row.fired)]);
  const header = ['', 'client', 'must fire', 'fired'];
  return `${alignColumns([header, ...controls, ...references]).join('\n')}\n\n${summaryOf(matrix)}`;
}

function firedRules({ rules }: Pick<Verdict, 'rules'>): readonly RuleId[] {
  const violated = new Set(rules.filter(({ status }) => status === 'violated').map(({ id }) => id));
  return RULE_IDS.filter((id) => violated.has(id));
}

/** What may fire beside a control's own rule: its `also`, and all that follows from either. */
function explainedBy({ rule, also = {} }: Control): ReadonlyMap<RuleId, string> {
  const explained = new Map(entriesOf(also));
  const sources: RuleId[] = [rule, ...explained.keys()];
  for (let source = sources.pop(); source !== undefined; source = sources.pop()) {
    for (const [consequence, reason] of entriesOf(IMPLIED[source] ?? {})) {
      if (explained.has(consequence)) continue;
      explained.set(consequence, reason);
      sources.push(consequence);
    }
  }
  explained.delete(rule);
  return explained;
}

function entriesOf(reasons: Readonly<Partial<Record<RuleId, string>>>): [RuleId, string][] {
  return Object.entries(reasons) as [RuleId, string][];
}

function companionOf(rule: RuleId, explained: ReadonlyMap<RuleId, string>): Companion[] {
  const reason = explained.get(rule);
  return reason === undefined ? [] : [{ rule, reason }];
}

function outcomeOf(rule: RuleId, found: Pick<ControlRow, 'fired' | 'unexplained'>): ControlRow['outcome'] {
  if (found.fired.length === 0) return 'survived';
  return found.fired.includes(rule) && found.unexplained.length === 0 ? 'caught' : 'wrong-rule';
}

/** Rules in parentheses are explained companions; a question mark marks those that nothing explains. */
function firedInWords({ fired, rule, unexplained }: ControlRow): string {
  const inWords = (id: RuleId): string =>
    id === rule ? id : unexplained.includes(id) ? `${id}?` : `(${id})`;
  return listOf(fired.map(inWords));
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(' ');
}

function alignColumns(lines: readonly (readonly string[])[]): readonly string[] {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function summaryOf({ controls, references, caught, acquitted }: KillMatrix): string {
  return `${caught} of ${controls.length} known-bad clients convicted by their own rule, ${acquitted} of ${references.length} correct clients acquitted.`;
}
