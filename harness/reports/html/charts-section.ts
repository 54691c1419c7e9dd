import { markup } from './markup.ts';
import type { Markup } from './markup.ts';
import type { RunData } from './run-data.ts';

/** The places of the charts; the page's script draws them. */
export function chartsSection({ columns }: RunData): Markup {
  return markup`<section aria-labelledby="charts-title" class="card" id="charts" hidden>
  <h2 id="charts-title">Figures</h2>
  <div class="charts">
    ${chart('nonces', 'Nonce by time of arrival', 'Each dot is a call. A client that is right draws a line that only rises.')}
    ${chart('throughput', 'Calls a second', 'Arrivals over the run.')}
    ${chart('service', 'Service time', 'How long the exchange worked on a call.')}
    ${
      columns.wait === null
        ? markup`<p class="help">How long calls queued is not known: nobody recorded when the client was asked for them.</p>`
        : chart('wait', 'Queue wait', 'From the moment the client was asked for a call to its arrival.')
    }
  </div>
</section>`;
}

function chart(id: string, title: string, help: string): Markup {
  return markup`<figure class="chart"><figcaption><b>${title}</b> ${help}</figcaption><div data-chart="${id}"></div></figure>`;
}
