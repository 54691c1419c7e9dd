import type { Verdict } from '../../verdict/index.ts';
import { markup } from './markup.ts';
import type { Markup } from './markup.ts';

/** What a reader should know that no rule says, and how to run it again; `null` when there is neither. */
export function remarksSection({ notes, reproduce }: Verdict): Markup | null {
  if (notes.length === 0 && reproduce === '') return null;
  return markup`<section class="card">
  ${notes.length === 0 ? null : markup`<h2>Notes</h2><ul class="notes">${notes.map((note) => markup`<li>${note}</li>`)}</ul>`}
  ${reproduce === '' ? null : markup`<h2>Run it again</h2><pre class="reproduce" tabindex="0"><code>${reproduce}</code></pre>`}
</section>`;
}
