import type { RuleStatus } from '../judge/rules/index.ts';
import { count } from '../format.ts';
import type { RuleVerdict, Verdict } from '../judge/verdict/index.ts';
import { figureRows, figuresOf } from './content/index.ts';
import { provenanceFacts, scenarioFacts } from './content/index.ts';
import { remarkLines } from './content/index.ts';
import { forXml, forXmlAttribute } from './content/index.ts';
import type { RunFacts } from './content/index.ts';
import { strengthWords } from './content/index.ts';

/**
 * `junit.xml`: one test case a rule, in the form that GitHub, GitLab and Jenkins read. A violated rule is a
 * failure, an inconclusive one an error (it is no pass), and one that does not apply is skipped. A verdict that
 * is inconclusive although no rule is, say because lines were missing, is one more test case with an error.
 */
export function junitReport(verdict: Verdict, facts: RunFacts): string {
  const cases = [...verdict.rules.map(ruleCase), ...historyCase(verdict)];
  const errors = cases.length - verdict.rules.length + inStatus(verdict, 'inconclusive');
  const counts = { tests: cases.length, failures: inStatus(verdict, 'violated'), errors };
  const seconds = (facts.statistics.elapsedNs / 1e9).toFixed(3);
  const suite = {
    name: `nonceproof: ${facts.title}`,
    ...counts,
    skipped: inStatus(verdict, 'not-applicable'),
    time: seconds,
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: 'nonceproof', ...counts, time: seconds })}>`,
    `  <testsuite ${attributes(suite)}>`,
    ...properties(verdict, facts),
    ...cases,
    `    <system-out>${forXml(systemOut(verdict))}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** Where the verdict comes from, and its figures, each under a name of its own. */
function properties(verdict: Verdict, { statistics }: RunFacts): readonly string[] {
  const named = [
    ...provenanceFacts(verdict),
    ...scenarioFacts(verdict).map(([name, text]) => [`scenario ${name}`, text] as const),
    ...figureRows(statistics).map((row) => [`figures of ${row.name}`, figuresOf(row)] as const),
  ];
  return [
    '    <properties>',
    ...named.map(([name, value]) => `      <property ${attributes({ name, value })}/>`),
    '    </properties>',
  ];
}

function inStatus({ rules }: Verdict, status: RuleStatus): number {
  return rules.filter((rule) => rule.status === status).length;
}

function ruleCase(rule: RuleVerdict): string {
  const open = `    <testcase ${attributes({ name: rule.id, classname: 'nonceproof.rules' })}`;
  const outcome = outcomeElement(rule);
  return outcome === null ? `${open}/>` : `${open}>\n      ${outcome}\n    </testcase>`;
}

function outcomeElement({ status, violations, explanation }: RuleVerdict): string | null {
  const message = attributes({ message: explanation });
  if (status === 'violated') {
    const type = attributes({ type: 'violated' });
    return `<failure ${message} ${type}>${forXml(`${count(violations, 'time')}. ${explanation}`)}</failure>`;
  }
  if (status === 'inconclusive') return `<error ${message} ${attributes({ type: 'inconclusive' })}/>`;
  return status === 'not-applicable' ? `<skipped ${message}/>` : null;
}

function historyCase({ verdict, rules, notes }: Verdict): readonly string[] {
  if (verdict !== 'inconclusive' || rules.some(({ status }) => status === 'inconclusive')) return [];
  const message = attributes({ message: notes.join(' ') || 'The evidence does not suffice.' });
  const open = `    <testcase ${attributes({ name: 'whole-history', classname: 'nonceproof.history' })}`;
  return [`${open}>\n      <error ${message} type="inconclusive"/>\n    </testcase>`];
}

function systemOut(verdict: Verdict): string {
  const { notes, reproduce } = verdict;
  return [
    `${verdict.verdict} (${strengthWords(verdict)})`,
    ...remarkLines(verdict),
    ...notes,
    `reproduce: ${reproduce}`,
  ].join('\n');
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${forXmlAttribute(String(value))}"`)
    .join(' ');
}
