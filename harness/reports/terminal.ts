import type { DurationSummary, RunStatistics } from '../provenance/index.ts';
import type { RuleStatus } from '../judge/rules/index.ts';
import { count, formatDuration, formatInteger } from '../format.ts';
import type { RuleVerdict, Verdict } from '../judge/verdict/index.ts';
import type { Colors } from './colors.ts';
import { forTerminal } from './content/index.ts';
import { methodLine } from './content/index.ts';
import { provenanceLine } from './content/index.ts';
import { refusedLine, warningLines } from './content/index.ts';
import type { RunFacts } from './content/index.ts';
import { strengthWords } from './content/index.ts';

const STATUS_WIDTH = 'not-applicable'.length;
const RULE_WIDTH = 'nonce-global-order'.length;
const NAME_WIDTH = 8;

const PAINT: Readonly<Record<RuleStatus, keyof Colors>> = {
  held: 'green',
  violated: 'red',
  inconclusive: 'yellow',
  'not-applicable': 'dim',
};

/**
 * What a person sees, as text that ends in a newline. Whatever came from the target or from a file is shown
 * without control characters. When the verdict is `violated`, the last line is the command that reproduces it.
 */
export function terminalReport(verdict: Verdict, facts: RunFacts, colors: Colors): string {
  const blocks = [
    [colors.bold(headline(facts))],
    [...figures(facts), ...originLines(verdict)],
    verdict.rules.flatMap((rule) => ruleLines(rule, colors)),
    [...remarkedLines(verdict, colors), ...noteLines(verdict), ...verdictLines(verdict, facts, colors)],
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headline({ title, accounts, scope, seed }: RunFacts): string {
  const parts = [
    `nonceproof`,
    forTerminal(title),
    ...(accounts === null ? [] : [count(accounts, 'account')]),
    `lane ${scope}`,
    ...(seed === null ? [] : [`seed ${seed}`]),
  ];
  return parts.join(' · ');
}

function figures({ judgeLine, statistics }: RunFacts): readonly string[] {
  const { calls, elapsedNs, callsPerSecond, queueWait, service, total, nonces } = statistics;
  const rate = callsPerSecond === null ? '' : ` (${formatInteger(Math.round(callsPerSecond))} calls/s)`;
  return [
    ...(judgeLine === null ? [] : [named('judge', forTerminal(judgeLine))]),
    named('run', `${count(calls, 'call')} in ${formatDuration(elapsedNs)}${rate}`),
    ...durationLine('queue', queueWait),
    ...durationLine('service', service),
    ...durationLine('total', total),
    ...methodLines(statistics),
    ...(nonces === null ? [] : [named('nonces', forTerminal(`${nonces.lowest} … ${nonces.highest}`))]),
  ];
}

function durationLine(name: string, summary: DurationSummary | null): readonly string[] {
  if (summary === null) return [];
  const { p50Ns, p90Ns, p99Ns, maxNs } = summary;
  const [p50, p90, p99, max] = [p50Ns, p90Ns, p99Ns, maxNs].map(formatDuration);
  return [named(name, `p50 ${p50}, p90 ${p90}, p99 ${p99}, max ${max}`)];
}

/** More of them are told of in the other reports. */
const METHOD_LINES_MAX = 4;

function methodLines({ methods, otherMethods }: RunStatistics): readonly string[] {
  if (methods.length < 2) return [];
  const left = methods.length - METHOD_LINES_MAX;
  const rest = otherMethods === null ? '' : ', and others';
  return [
    ...methods.slice(0, METHOD_LINES_MAX).map((figures) => methodLine(figures.method, figures)),
    ...(left > 0 ? [`${count(left, 'further method')}${rest}`] : []),
  ].map((text) => named('', forTerminal(text)));
}

function originLines(verdict: Verdict): readonly string[] {
  const line = provenanceLine(verdict);
  return line === null ? [] : [named('from', forTerminal(line))];
}

function named(name: string, text: string): string {
  return `${name.padEnd(NAME_WIDTH)} ${text}`;
}

function ruleLines(rule: RuleVerdict, colors: Colors): readonly string[] {
  const paint = colors[PAINT[rule.status]];
  const start = `  ${paint(rule.status.padEnd(STATUS_WIDTH))}  ${rule.id.padEnd(RULE_WIDTH)}`;
  const explanation = forTerminal(rule.explanation);
  if (rule.status !== 'violated') return [`${start}  ${explanation}`];
  return [
    `${start}  ${colors.bold(count(rule.violations, 'time'))}`,
    `${' '.repeat(STATUS_WIDTH + 4)}${explanation}`,
  ];
}

function remarkedLines(verdict: Verdict, colors: Colors): readonly string[] {
  const refused = refusedLine(verdict);
  return [
    ...warningLines(verdict).map((line) => `${colors.yellow('warning:')} ${forTerminal(line)}`),
    ...(refused === null ? [] : [`refused: ${forTerminal(refused)}`]),
  ];
}

function noteLines({ notes }: Verdict): readonly string[] {
  return notes.flatMap((note) => {
    const [first = '', ...quoted] = note.split('\n');
    return [`note: ${forTerminal(first)}`, ...quoted.map((line) => `      | ${forTerminal(line)}`)];
  });
}

function verdictLines(verdict: Verdict, { evidenceDir }: RunFacts, colors: Colors): readonly string[] {
  const paint = colors[PAINT[verdict.verdict]];
  const evidence = evidenceDir === null ? '' : ` Evidence: ${forTerminal(evidenceDir)}`;
  const line = colors.bold(
    paint(`${verdict.verdict.toUpperCase()} (${strengthWords(verdict)}): ${summary(verdict)}.`),
  );
  return [`${line}${evidence}`, ...(verdict.verdict === 'violated' ? [forTerminal(verdict.reproduce)] : [])];
}

function summary({ verdict, rules, counts, notes }: Verdict): string {
  const inStatus = (status: RuleStatus): number => rules.filter((rule) => rule.status === status).length;
  if (verdict === 'violated') return `${inStatus('violated')} of ${count(rules.length, 'rule')}`;
  if (verdict === 'inconclusive') {
    if (counts.calls === 0) return 'there was no call to judge';
    const open = inStatus('inconclusive');
    return open > 0
      ? `${open} of ${count(rules.length, 'rule')} could not be judged`
      : `the history is not whole${notes.length > 0 ? ', see the notes' : ''}`;
  }
  const idle = inStatus('not-applicable');
  const rest = idle === 0 ? '' : `, ${idle} not applicable`;
  return `${inStatus('held')} of ${count(rules.length, 'rule')} over ${count(counts.calls, 'call')}${rest}`;
}
