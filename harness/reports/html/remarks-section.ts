import type { Verdict } from '../../judge/verdict/index.ts';
import { refusedLine, warningLines } from '../content/index.ts';
import { markup } from './markup.ts';
import type { Markup } from './markup.ts';

/** Warnings, refusals, what else no rule says, and how to run it again; `null` when there is none of it. */
export function remarksSection(verdict: Verdict): Markup | null {
  const { notes, reproduce } = verdict;
  const refused = refusedLine(verdict);
  const parts = [
    listed('Warnings', warningLines(verdict)),
    listed('Refused', refused === null ? [] : [refused]),
    listed('Notes', notes),
    reproduce === ''
      ? null
      : markup`<h2>Run it again</h2><pre class="reproduce" tabindex="0"><code>${reproduce}</code></pre>`,
  ].filter((part) => part !== null);
  return parts.length === 0
    ? null
    : markup`<section class="card">
  ${parts}
</section>`;
}

function listed(title: string, lines: readonly string[]): Markup | null {
  if (lines.length === 0) return null;
  return markup`<h2>${title}</h2><ul class="notes">${lines.map((line) => markup`<li>${line}</li>`)}</ul>`;
}
