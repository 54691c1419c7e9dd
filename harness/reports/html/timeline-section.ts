import { formatInteger } from '../../format.ts';
import type { ShownCalls } from '../content/index.ts';
import { markup } from './markup.ts';
import type { Markup } from './markup.ts';

/** The place of the timeline; the page's script draws it. */
export function timelineSection({ from, to, all }: ShownCalls & { readonly all: number }): Markup {
  const part = `Calls ${formatInteger(from + 1)} to ${formatInteger(to)} of ${formatInteger(all)}: more would not open quickly.`;
  return markup`<section aria-labelledby="timeline-title" class="card" id="timeline" hidden>
  <h2 id="timeline-title">Timeline</h2>
  ${to - from === all ? null : markup`<p class="help">${part}</p>`}
  <div class="toolbar" role="toolbar" aria-label="Timeline">
    <button type="button" data-action="first">First violation</button>
    <button type="button" data-action="previous" aria-label="Previous violation">‹ previous</button>
    <button type="button" data-action="next" aria-label="Next violation">next ›</button>
    <button type="button" data-action="zoom-in" aria-label="Zoom in">+</button>
    <button type="button" data-action="zoom-out" aria-label="Zoom out">−</button>
    <button type="button" data-action="fit">All</button>
    <output class="window" aria-live="off"></output>
  </div>
  <canvas class="overview" aria-hidden="true"></canvas>
  <div class="rows" tabindex="0" role="application" aria-roledescription="timeline" aria-describedby="timeline-help"><canvas></canvas><div class="height"></div></div>
  <ul class="legend" aria-label="Legend">
    <li><i class="swatch accepted"></i>accepted</li>
    <li><i class="swatch rejected"></i>rejected</li>
    <li><i class="swatch faulted"></i>injected fault</li>
    <li><i class="swatch overlap"></i>overlap</li>
    <li><i class="swatch inversion"></i>nonce or other rule broken</li>
  </ul>
  <p class="help" id="timeline-help">Each bar is a call, from its arrival to the end of its service. Drag to move, Ctrl + wheel or pinch to zoom, click a bar for its facts. Keys: ← → move, + − zoom, 0 all, n and p next and previous violation, [ and ] previous and next call.</p>
  <div class="facts-of-call" role="status" hidden></div>
</section>`;
}
