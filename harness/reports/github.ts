import { count, formatDuration, formatInteger } from '../format.ts';
import type { RuleVerdict, Verdict } from '../judge/verdict/index.ts';
import { figureRows, QUANTILES } from './content/index.ts';
import type { FigureRow } from './content/index.ts';
import { provenanceFacts, scenarioFacts } from './content/index.ts';
import { remarkLines, warningLines } from './content/index.ts';
import { forAnnotation, forAnnotationProperty, forMarkdown, forMarkdownFence } from './content/index.ts';
import type { RunFacts } from './content/index.ts';
import { strengthWords } from './content/index.ts';

/** GitHub shows no more of one step than this, of each kind (GitHub docs, workflow commands). */
const ANNOTATIONS_MAX = 10;

const SIGN: Readonly<Record<RuleVerdict['status'], string>> = {
  held: '✅ held',
  violated: '❌ violated',
  inconclusive: '⚠️ inconclusive',
  'not-applicable': '➖ not applicable',
};

/** What is appended to the file that `GITHUB_STEP_SUMMARY` names: GitHub-flavoured Markdown. */
export function githubSummary(verdict: Verdict, facts: RunFacts): string {
  const { rules, notes, reproduce, counts, scope } = verdict;
  const { elapsedNs } = facts.statistics;
  const figures = [
    count(counts.accounts, 'account'),
    `${formatInteger(counts.calls)} calls in ${formatDuration(elapsedNs)}`,
    `lane ${scope}`,
    ...(facts.seed === null ? [] : [`seed ${facts.seed}`]),
  ];
  return [
    `### nonceproof: ${verdict.verdict.toUpperCase()} (${strengthWords(verdict)}) · ${code(facts.title)}`,
    '',
    figures.join(' · '),
    '',
    '| rule | status | found |',
    '|---|---|---|',
    ...rules.map((rule) => `| ${code(rule.id)} | ${SIGN[rule.status]} | ${forMarkdown(found(rule))} |`),
    '',
    `| method | calls | rate | queue wait (${QUANTILES}) | service | total |`,
    '|---|---|---|---|---|---|',
    ...figureRows(facts.statistics).map(figureRow),
    '',
    ...provenanceFacts(verdict).map(([name, text]) => `- ${name}: ${code(text)}`),
    ...scenarioLine(verdict),
    ...[...remarkLines(verdict), ...notes].map((line) => `- ${forMarkdown(line)}`),
    ...(reproduce === '' ? [] : ['', 'Run it again:', '', '```', forMarkdownFence(reproduce), '```']),
    '',
    '',
  ].join('\n');
}

function figureRow({ name, calls, rate, queueWait, service, total }: FigureRow): string {
  return `| ${[forMarkdown(name), calls, rate, queueWait, service, total].join(' | ')} |`;
}

function scenarioLine(verdict: Verdict): readonly string[] {
  const parts = scenarioFacts(verdict).map(([name, text]) => `${name} ${text}`);
  return parts.length === 0 ? [] : [`- scenario: ${code(parts.join(', '))}`];
}

/** Workflow commands that make GitHub show violated rules beside the run, worst first, at most ten. */
export function githubAnnotations(verdict: Verdict): string {
  const inStatus = (status: RuleVerdict['status']): readonly RuleVerdict[] =>
    verdict.rules.filter((rule) => rule.status === status);
  const lines = [
    ...inStatus('violated').map((rule) => annotation('error', `violated: ${rule.id}`, found(rule))),
    ...inStatus('inconclusive').map((rule) =>
      annotation('warning', `inconclusive: ${rule.id}`, rule.explanation),
    ),
    ...warningLines(verdict).map((line) => annotation('warning', 'nonceproof', line)),
    ...verdict.notes.map((note) => annotation('notice', 'nonceproof', note)),
  ];
  return lines.slice(0, ANNOTATIONS_MAX).join('');
}

function found({ status, violations, explanation }: RuleVerdict): string {
  return status === 'violated' ? `${count(violations, 'time')}. ${explanation}` : explanation;
}

function annotation(kind: 'error' | 'warning' | 'notice', title: string, message: string): string {
  return `::${kind} title=${forAnnotationProperty(title)}::${forAnnotation(message)}\n`;
}

function code(text: string): string {
  return `<code>${forMarkdown(text)}</code>`;
}
