import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { RULE_IDS } from '../../judge/history/index.ts';
import { count, formatInteger } from '../../format.ts';
import type { RuleVerdict, Verdict } from '../../judge/verdict/index.ts';
import type { BrokenRules } from './broken-rules.ts';
import { markup } from './markup.ts';
import type { Markup } from './markup.ts';
import { storyFigure } from './story-figure.ts';

/** Calls that are named for each rule beside its first violation. */
const NAMED_CALLS_MAX = 24;

/** What the stories are told from. */
export interface StoryParts {
  readonly verdict: Verdict;
  readonly calls: readonly JournalRecord[];
  readonly broken: BrokenRules;
}

/** The stories of a run, ready to be put on the page. */
export interface Stories {
  /** The violation that happened first: what a reader should see before anything else. */
  readonly lead: Markup | null;
  readonly others: Markup | null;
}

/** What went wrong, a story for each broken rule. */
export function tellStories(parts: StoryParts): Stories {
  const bySeq = new Map(parts.calls.map((call) => [call.seq, call]));
  const [lead, ...others] = parts.verdict.rules
    .filter(({ status }) => status === 'violated')
    .sort((a, b) => placeOf(a) - placeOf(b))
    .map((rule) => story(rule, { ...parts, bySeq }));
  return {
    lead: lead === undefined ? null : section('lead', 'What went wrong first', [lead]),
    others: others.length === 0 ? null : section('others', 'What else went wrong', others),
  };
}

/** In the order in which they happened; a rejection, which mostly follows from another violation, comes last. */
function placeOf({ id, first }: RuleVerdict): number {
  return id === 'all-accepted' ? Infinity : (first[0] ?? Number.MAX_SAFE_INTEGER);
}

function section(id: string, title: string, stories: readonly Markup[]): Markup {
  return markup`<section aria-labelledby="${id}-title" class="card ${id}">
  <h2 id="${id}-title">${title}</h2>
  ${stories}
</section>`;
}

function story(
  rule: RuleVerdict,
  { calls, broken, bySeq }: StoryParts & { readonly bySeq: ReadonlyMap<number, JournalRecord> },
): Markup {
  const first = rule.first.flatMap((seq) => bySeq.get(seq) ?? []);
  const bit = 1 << RULE_IDS.indexOf(rule.id);
  const breaking = calls.filter((_, row) => ((broken[row] ?? 0) & bit) !== 0);
  return markup`<article class="story">
  <h3>${rule.id} <span class="times">${count(rule.violations, 'time')}</span></h3>
  <p>${rule.explanation}</p>
  ${first.length < 2 ? null : storyFigure(first, rule.id)}
  ${breaking.length < 2 ? null : callLinks(breaking)}
</article>`;
}

/** Buttons that lead to the calls in the timeline; without scripts they are only their names. */
function callLinks(calls: readonly JournalRecord[]): Markup {
  const named = calls.slice(0, NAMED_CALLS_MAX);
  const rest = calls.length - named.length;
  return markup`<p class="calls">Calls that broke it: ${named.map(
    ({ seq }) => markup`<button type="button" data-seq="${seq}">#${seq}</button> `,
  )}${rest === 0 ? null : `and ${formatInteger(rest)} more`}</p>`;
}
