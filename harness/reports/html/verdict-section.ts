import { count, formatDuration, formatInteger } from '../../format.ts';
import type { Verdict } from '../../judge/verdict/index.ts';
import type { RunFacts } from '../content/index.ts';
import { strengthWords } from '../content/index.ts';
import { markup } from './markup.ts';
import type { Markup } from './markup.ts';

/** The top of the page: the verdict in one word and one sentence, and what was run. */
export function verdictSection(verdict: Verdict, facts: RunFacts): Markup {
  return markup`<header class="verdict ${verdict.verdict}">
  <p class="tool">nonceproof</p>
  <h1><span class="word">${verdict.verdict.toUpperCase()}</span> <span class="strength">${strengthWords(verdict)}</span></h1>
  <p class="sentence">${sentence(verdict, facts)}</p>
  <dl class="facts">${figures(verdict, facts).map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

function sentence({ verdict, rules, counts }: Verdict, { title }: RunFacts): Markup {
  const inStatus = (status: string): number => rules.filter((rule) => rule.status === status).length;
  const target = markup`<code>${title}</code>`;
  if (verdict === 'violated') {
    return markup`${target} broke ${inStatus('violated')} of ${count(rules.length, 'rule')}.`;
  }
  if (verdict === 'held') {
    return markup`${target} kept ${inStatus('held')} of ${count(rules.length, 'rule')} over ${count(counts.calls, 'call')}.`;
  }
  if (counts.calls === 0) return markup`${target} made no private call: there was nothing to judge.`;
  return markup`What ${target} did does not suffice for a verdict: see below what is missing.`;
}

function figures(verdict: Verdict, facts: RunFacts): readonly (readonly [string, string])[] {
  const { statistics, accounts } = facts;
  const { service, queueWait, callsPerSecond } = statistics;
  const { calls, accepted, rejected, refused, faulted } = verdict.counts;
  const outcomes = [
    `${formatInteger(accepted)} accepted`,
    ...(rejected > refused ? [`${formatInteger(rejected - refused)} rejected`] : []),
    ...(refused > 0 ? [`${formatInteger(refused)} refused for what they asked for`] : []),
    ...(faulted > 0 ? [`${formatInteger(faulted)} faulted`] : []),
  ];
  return [
    ['accounts', accounts === null ? formatInteger(verdict.counts.accounts) : formatInteger(accounts)],
    ['calls', `${formatInteger(calls)} (${outcomes.join(', ')})`],
    ['lane', verdict.scope],
    ...(facts.seed === null ? [] : [['seed', String(facts.seed)] as const]),
    ['took', formatDuration(statistics.elapsedNs)],
    ...(callsPerSecond === null ? [] : [['calls/s', formatInteger(Math.round(callsPerSecond))] as const]),
    ...(queueWait === null
      ? []
      : [
          [
            'queue wait',
            `p50 ${formatDuration(queueWait.p50Ns)}, p99 ${formatDuration(queueWait.p99Ns)}`,
          ] as const,
        ]),
    ...(service === null
      ? []
      : [['service', `p50 ${formatDuration(service.p50Ns)}, p99 ${formatDuration(service.p99Ns)}`] as const]),
    ...(facts.judgeLine === null ? [] : [['judge', facts.judgeLine] as const]),
  ];
}
