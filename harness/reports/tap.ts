import type { RuleVerdict, Verdict } from '../judge/verdict/index.ts';
import { figureRows, figuresOf } from './content/index.ts';
import { provenanceFacts, scenarioFacts } from './content/index.ts';
import { remarkLines } from './content/index.ts';
import { forJson, forTap } from './content/index.ts';
import type { RunFacts } from './content/index.ts';
import { strengthWords } from './content/index.ts';

/**
 * The verdict in the Test Anything Protocol, version 14 (testanything.org): one test point a rule. A rule that is
 * inconclusive is not ok, for it is no pass; one that does not apply is skipped. A verdict that is inconclusive
 * although no rule is, is one more test point that is not ok.
 */
export function tapReport(verdict: Verdict, { title, statistics }: RunFacts): string {
  const points = [...verdict.rules.map(rulePoint), ...historyPoint(verdict)];
  return [
    'TAP version 14',
    `1..${points.length}`,
    `# nonceproof ${forTap(title)}: ${verdict.verdict} (${strengthWords(verdict)})`,
    ...points.map((point, i) => point(i + 1)),
    ...[...provenanceFacts(verdict), ...scenarioFacts(verdict)].map(
      ([name, text]) => `# ${forTap(`${name}: ${text}`)}`,
    ),
    ...figureRows(statistics).map((row) => `# ${forTap(`${row.name}: ${figuresOf(row)}`)}`),
    ...remarkLines(verdict).map((line) => `# ${forTap(line)}`),
    ...verdict.notes.map((note) => `# note: ${forTap(note)}`),
    ...(verdict.reproduce === '' ? [] : [`# ${forTap(verdict.reproduce)}`]),
    '',
  ].join('\n');
}

type TestPoint = (number: number) => string;

function rulePoint(rule: RuleVerdict): TestPoint {
  const { id, status, explanation } = rule;
  if (status === 'held') return (n) => `ok ${n} - ${id}`;
  if (status === 'not-applicable') return (n) => `ok ${n} - ${id} # SKIP ${forTap(explanation)}`;
  return (n) => `not ok ${n} - ${id}\n${diagnosis(rule)}`;
}

function historyPoint({ verdict, rules, notes }: Verdict): readonly TestPoint[] {
  if (verdict !== 'inconclusive' || rules.some(({ status }) => status === 'inconclusive')) return [];
  const message = notes.join(' ') || 'The evidence does not suffice.';
  return [(n) => `not ok ${n} - whole-history\n  ---\n  message: ${forJson(message)}\n  ...`];
}

/** YAML, which takes JSON's strings as they are. */
function diagnosis({ status, violations, first, explanation }: RuleVerdict): string {
  return [
    '  ---',
    `  message: ${forJson(explanation)}`,
    `  status: ${status}`,
    `  violations: ${violations}`,
    `  calls: ${forJson(first)}`,
    '  ...',
  ].join('\n');
}
