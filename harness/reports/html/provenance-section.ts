import type { RunStatistics } from '../../provenance/index.ts';
import type { Verdict } from '../../judge/verdict/index.ts';
import { figureRows, QUANTILES } from '../content/index.ts';
import type { FigureRow } from '../content/index.ts';
import { provenanceFacts, scenarioFacts } from '../content/index.ts';
import type { NamedText } from '../content/index.ts';
import { markup } from './markup.ts';
import type { Markup } from './markup.ts';

/** Latency and throughput, overall and by method. */
export function figuresSection(statistics: RunStatistics): Markup {
  const durations = ['queue wait', 'service', 'total'].map(
    (name) => markup`<th scope="col">${name}<small>${QUANTILES}</small></th>`,
  );
  return markup`<section aria-labelledby="latency-title" class="card">
  <h2 id="latency-title">Latency and throughput</h2>
  <div class="wide" tabindex="0"><table class="figures">
    <thead><tr><th scope="col">method</th><th scope="col">calls</th><th scope="col">rate</th>${durations}</tr></thead>
    <tbody>${figureRows(statistics).map(figureRow)}</tbody>
  </table></div>
  <p class="help">Queue wait: from asking to arrival. Service: from arrival to departure. Total: from asking until the caller was told. What the client saw is known of client modules only.</p>
</section>`;
}

function figureRow({ name, calls, rate, queueWait, service, total }: FigureRow): Markup {
  const cells = [calls, rate, queueWait, service, total].map((text) => markup`<td>${text}</td>`);
  return markup`<tr><th scope="row">${name}</th>${cells}</tr>`;
}

/** Where the verdict comes from; `null`: nobody knows. */
export function provenanceSection(verdict: Verdict): Markup | null {
  const facts = provenanceFacts(verdict);
  if (facts.length === 0) return null;
  const scenario = scenarioFacts(verdict);
  return markup`<section aria-labelledby="provenance-title" class="card">
  <h2 id="provenance-title">Provenance</h2>
  ${listed(facts)}
  ${scenario.length === 0 ? null : markup`<details><summary>Scenario</summary>${listed(scenario)}</details>`}
</section>`;
}

function listed(facts: readonly NamedText[]): Markup {
  return markup`<dl class="facts">${facts.map(([name, text]) => markup`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>`;
}
