import { RULES } from '../../judge/rules/index.ts';
import type { RuleStatus } from '../../judge/rules/index.ts';
import { formatInteger } from '../../format.ts';
import type { RuleVerdict, Verdict } from '../../judge/verdict/index.ts';
import { markup } from './markup.ts';
import type { Markup } from './markup.ts';

const BADGE: Readonly<Record<RuleStatus, string>> = {
  held: '✓ held',
  violated: '✗ violated',
  inconclusive: '? inconclusive',
  'not-applicable': '– not applicable',
};

const HOLDS_WHEN: ReadonlyMap<string, string> = new Map(RULES.map(({ id, holdsWhen }) => [id, holdsWhen]));

/** All rules with what was found. */
export function rulesSection({ rules }: Verdict): Markup {
  return markup`<section aria-labelledby="rules-title" class="card">
  <h2 id="rules-title">Rules</h2>
  <table class="rules">
    <thead><tr><th scope="col">status</th><th scope="col">rule</th><th scope="col">found</th></tr></thead>
    <tbody>${rules.map(row)}</tbody>
  </table>
</section>`;
}

function row({ id, status, violations, explanation }: RuleVerdict): Markup {
  const times = status === 'violated' ? `${formatInteger(violations)}×: ` : '';
  return markup`<tr class="${status}">
  <td><span class="badge ${status}">${BADGE[status]}</span></td>
  <th scope="row">${id}<small>${HOLDS_WHEN.get(id) ?? ''}</small></th>
  <td>${times}${explanation}</td>
</tr>`;
}
