import { remarkLines } from '../reports/content/index.ts';
import { forTerminal } from '../reports/content/index.ts';
import type { Colors } from '../reports/index.ts';
import { count, formatInteger } from '../format.ts';
import type { RuleStatus } from '../judge/rules/index.ts';
import type { RuleVerdict, Verdict } from '../judge/verdict/index.ts';
import type { Counterexample } from './counterexample.ts';
import type { ExploreFacts, ExploreReport } from './explore.ts';
import type { ReplayReport } from './replay.ts';
import type { Scenario } from './world/index.ts';
import type { Token } from './token/index.ts';

const STATUS_WIDTH = 'not-applicable'.length;
const RULE_WIDTH = 'nonce-global-order'.length;

const PAINT: Readonly<Record<RuleStatus, keyof Colors>> = {
  held: 'green',
  violated: 'red',
  inconclusive: 'yellow',
  'not-applicable': 'dim',
};

/** What a person sees of an exploration, as text that ends in a newline. */
export function formatExploration(report: ExploreReport, colors: Colors): string {
  const { verdict, facts, counterexample } = report;
  return joinBlocks([
    [colors.bold(headline(facts, verdict))],
    figures(facts),
    verdict.rules.flatMap((rule) => ruleLines(rule, colors)),
    counterexample === null ? [] : exampleLines(counterexample, colors),
    [
      ...remarkLines(verdict),
      ...verdict.notes.map((note) => `note: ${forTerminal(note)}`),
      ...verdictLines(verdict, facts, colors),
    ],
  ]);
}

/** What a person sees of a replay. */
export function formatReplay(token: Token, report: ReplayReport, colors: Colors): string {
  const { verdict, story, waitFor } = report;
  const settingLine = `${token.target} · ${settingInWords([token.setting])}`;
  return joinBlocks([
    [colors.bold(`nonceproof replay · ${forTerminal(settingLine)}`)],
    story.map(forTerminal),
    waitFor.map(forTerminal),
    verdict.rules.flatMap((rule) => ruleLines(rule, colors)),
    [
      ...remarkLines(verdict),
      ...samenessLines(report),
      colors.bold(colors[PAINT[verdict.verdict]](`${verdict.verdict.toUpperCase()}: this one schedule.`)),
    ],
  ]);
}

/** What a replay has in common with the run that the token was made from. */
export function samenessLines(report: ReplayReport): readonly string[] {
  const { isSameHistory, hasCodeChanged, hasDiverged, wasCut } = report;
  return [
    isSameHistory
      ? `history ${report.historyHash}: the same as when the token was made, to the byte`
      : `history ${report.historyHash}: not the one of which the token was made`,
    ...(hasCodeChanged ? ['note: the code has changed since the token was made.'] : []),
    ...(hasDiverged ? ['note: a choice of the token does not exist any more; the default was taken.'] : []),
    ...(wasCut ? ['note: the run came to no end and was cut off.'] : []),
    ...(!isSameHistory && !hasCodeChanged
      ? ['note: the code is the same: the client depends on something outside of its world.']
      : []),
  ];
}

function joinBlocks(blocks: readonly (readonly string[])[]): string {
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headline({ target, strategy, settings }: ExploreFacts, { seed }: Verdict): string {
  return `nonceproof explore · ${forTerminal(target)} · ${settingInWords(settings)} · ${strategy} · seed ${seed}`;
}

function settingInWords(settings: readonly Scenario[]): string {
  const [setting] = settings;
  if (setting === undefined) return '';
  const { users, calls, scope, faults } = setting;
  const patterns = settings.map(({ pattern }) => pattern).join(', ');
  const faulty =
    faults.faultsMax === 0 ? 'no faults' : `at most ${faults.faultsMax} of ${faults.kinds.join(', ')}`;
  return `${count(users, 'account')} × ${count(calls, 'call')} · lane ${scope} · arrivals ${patterns} · ${faulty}`;
}

function figures(facts: ExploreFacts): readonly string[] {
  const { schedules, repeated, abandoned, corpus, elapsedMs } = facts;
  const rate = elapsedMs > 0 ? ` (${formatInteger(Math.round((schedules / elapsedMs) * 1_000))}/s)` : '';
  const extra = [
    ...(corpus > 0 ? [`${formatInteger(corpus)} from the corpus`] : []),
    ...(abandoned > 0 ? [`${formatInteger(abandoned)} more given up as covered elsewhere`] : []),
    `${formatInteger(repeated)} repeated to see that they do the same`,
  ];
  return [
    `run      ${count(schedules, 'schedule')} in ${(elapsedMs / 1_000).toFixed(1)} s${rate}; ${extra.join(', ')}`,
  ];
}

function ruleLines(rule: RuleVerdict, colors: Colors): readonly string[] {
  const start = `  ${colors[PAINT[rule.status]](rule.status.padEnd(STATUS_WIDTH))}  ${rule.id.padEnd(RULE_WIDTH)}`;
  if (rule.status !== 'violated') return [`${start}  ${forTerminal(rule.explanation)}`];
  return [
    `${start}  ${colors.bold(`in ${count(rule.violations, 'schedule')}`)}`,
    `${' '.repeat(STATUS_WIDTH + 4)}${forTerminal(rule.explanation)}`,
  ];
}

function exampleLines(example: Counterexample, colors: Colors): readonly string[] {
  const { setting, decisions, rule, story, waitFor, shrinking } = example;
  const size = `${settingInWords([setting])} · ${count(decisions, 'decision')}`;
  return [
    colors.bold(`The least that breaks ${rule}: ${size}`),
    ...[...story, ...waitFor].map(forTerminal),
    ...shrinkingLines(shrinking),
  ];
}

/** Says so when there may be something smaller. */
function shrinkingLines({ schedules, ending }: Counterexample['shrinking']): readonly string[] {
  if (ending === 'done') return [];
  const limit = ending === 'time' ? 'time ran out, on a faster machine it may go further' : 'its limit';
  return [`note: shrinking ended after ${count(schedules, 'schedule')}: ${limit}.`];
}

function verdictLines(verdict: Verdict, facts: ExploreFacts, colors: Colors): readonly string[] {
  const line = `${verdict.verdict.toUpperCase()} (${verdict.strength}): ${summary(verdict, facts)}.`;
  const painted = colors.bold(colors[PAINT[verdict.verdict]](line));
  return [painted, ...(verdict.verdict === 'violated' ? [forTerminal(verdict.reproduce)] : [])];
}

function summary({ verdict, strength, rules }: Verdict, facts: ExploreFacts): string {
  const n = (status: RuleStatus): number => rules.filter((rule) => rule.status === status).length;
  if (verdict === 'violated') return `${n('violated')} of ${count(rules.length, 'rule')}`;
  if (verdict === 'inconclusive') return 'see the notes and the rules that could not be judged';
  const idle = n('not-applicable') === 0 ? '' : `, ${n('not-applicable')} not applicable`;
  const over =
    strength === 'exhaustive'
      ? `every schedule within ${settingInWords(facts.settings)} (${formatInteger(facts.schedules)} run)`
      : `${count(facts.schedules, 'schedule')} by ${facts.strategy}`;
  return `${n('held')} of ${count(rules.length, 'rule')} over ${over}${idle}`;
}
