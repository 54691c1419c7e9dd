import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { RuleId } from '../../judge/history/index.ts';
import { accountName, formatDuration } from '../../format.ts';
import { markup } from './markup.ts';
import type { Markup } from './markup.ts';

/** Rules whose story is about time shared in service; the others are about nonces or effects. */
const ABOUT_OVERLAP: readonly RuleId[] = ['no-overlap'];

/** The calls of a violation as bars on one time axis, in arrival order, with what two of them share shaded. */
export function storyFigure(first: readonly JournalRecord[], rule: RuleId): Markup {
  const calls = [...first].sort((a, b) => a.seq - b.seq);
  const axis = new Axis(calls);
  const shared = ABOUT_OVERLAP.includes(rule) ? sharedTime(calls, axis) : null;
  return markup`<figure class="story-figure">
  ${calls.map((call) => lane(call, axis, shared))}
  <figcaption><span>0</span><span>${shared === null ? '' : `${formatDuration(shared.toNs - shared.fromNs)} in service together`}</span><span>${formatDuration(axis.lengthNs)}</span></figcaption>
</figure>`;
}

/** Maps times to per cent of the figure's width. */
class Axis {
  readonly startNs: number;
  readonly endNs: number;

  constructor(calls: readonly JournalRecord[]) {
    const arrivals = calls.map(({ arrivedNs }) => arrivedNs);
    const ends = calls.map(({ arrivedNs, departedNs }) => departedNs ?? arrivedNs);
    this.startNs = Math.min(...arrivals);
    // A call that was never answered is drawn to the end, which must then lie beyond every arrival.
    const isOpen = calls.some(({ departedNs }) => departedNs === null);
    const span = Math.max(...ends) - this.startNs;
    this.endNs = this.startNs + (isOpen ? Math.max(span * 1.25, 1e6) : Math.max(span, 1));
  }

  get lengthNs(): number {
    return this.endNs - this.startNs;
  }

  style(fromNs: number, toNs: number): string {
    const percent = (ns: number): string => ((100 * ns) / this.lengthNs).toFixed(2);
    return `left:${percent(fromNs - this.startNs)}%;width:${percent(toNs - fromNs)}%`;
  }
}

interface SharedTime {
  readonly fromNs: number;
  readonly toNs: number;
}

function sharedTime(calls: readonly JournalRecord[], { endNs }: Axis): SharedTime | null {
  const fromNs = Math.max(...calls.map(({ arrivedNs }) => arrivedNs));
  const toNs = Math.min(...calls.map(({ departedNs }) => departedNs ?? endNs));
  return calls.length > 1 && fromNs < toNs ? { fromNs, toNs } : null;
}

function lane(call: JournalRecord, axis: Axis, shared: SharedTime | null): Markup {
  const { seq, method, nonce, error, outcome } = call;
  const bar = axis.style(call.arrivedNs, call.departedNs ?? axis.endNs);
  return markup`<div class="lane">
  <p><b>${accountName(call)}</b> ${method} <button type="button" data-seq="${seq}">#${seq}</button> <span class="nonce">${nonce === null ? 'no nonce' : `nonce ${nonce}`}</span>${error === null ? null : markup` <span class="error">${error}</span>`}</p>
  <div class="track"><i class="bar ${outcome}${call.departedNs === null ? ' open' : ''}" style="${bar}"></i>${shared === null ? null : markup`<i class="shared" style="${axis.style(shared.fromNs, shared.toNs)}"></i>`}</div>
</div>`;
}
