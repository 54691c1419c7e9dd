import { describeCall, inServiceAtArrival, showCallFacts } from './call-facts.ts';
import type { Run } from './call-facts.ts';
import { lowerBound } from './calls.ts';
import { formatDuration } from './format.ts';
import { Overview } from './overview.ts';
import { barTopPx, layOutRows, rowAt } from './row-layout.ts';
import type { RowLayout } from './row-layout.ts';
import { oncePerFrame, prepareSurface } from './surface.ts';
import { readTheme } from './theme.ts';
import type { Theme } from './theme.ts';
import { AXIS_PX, TimelinePainter } from './timeline-painter.ts';
import type { Scene } from './timeline-painter.ts';
import { everything, pan, zoom } from './viewport.ts';
import type { Viewport } from './viewport.ts';

const HEIGHT_PX_MAX = 460;
const NARROW_PX = 600;
/** How far beside a bar a click still means it. */
const REACH_PX = 5;
const ZOOM_STEP = 1.5;

/** The elements of the page that the timeline lives in. */
export interface TimelineElements {
  readonly section: HTMLElement;
  readonly rows: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly overview: HTMLCanvasElement;
  readonly spacer: HTMLElement;
  readonly window: HTMLElement;
  readonly facts: HTMLElement;
}

/** The state of the timeline: what is shown of the run, and which call is chosen. */
export class Timeline {
  readonly #elements: TimelineElements;
  readonly #run: Run;
  readonly #layout: RowLayout;
  readonly #scene: Scene;
  readonly #overview: Overview;
  readonly #redraw: () => void;
  #theme: Theme;
  #viewport: Viewport;
  #selected = -1;

  constructor(elements: TimelineElements, run: Run) {
    this.#elements = elements;
    this.#run = run;
    this.#layout = layOutRows(run.calls);
    this.#scene = {
      calls: run.calls,
      layout: this.#layout,
      accounts: run.data.accounts,
      overlapBit: bitOf(run, 'no-overlap'),
      flagBits: ~(bitOf(run, 'no-overlap') | bitOf(run, 'all-accepted')),
      sharedLane: run.data.scope === 'global',
      busyUntilNs: run.busyUntilNs,
    };
    this.#overview = new Overview(elements.overview, run.calls);
    this.#redraw = oncePerFrame(() => this.#draw());
    this.#theme = readTheme(run.data.outcomes);
    this.#viewport = everything(run.calls.endNs);
    elements.section.hidden = false;
    const heightPx = (this.#layout.topPx.at(-1) ?? 0) + AXIS_PX;
    elements.spacer.style.height = `${heightPx}px`;
    elements.rows.style.height = `${Math.min(heightPx + 2, HEIGHT_PX_MAX)}px`;
    this.refresh();
  }

  get selected(): number {
    return this.#selected;
  }

  /** Colours or sizes have changed. */
  refresh(): void {
    this.#theme = readTheme(this.#run.data.outcomes);
    this.#redraw();
  }

  /** By a share of what is shown. */
  pan(share: number): void {
    this.#show(pan(this.#viewport, share, this.#run.calls.endNs));
  }

  /** By pixels, as a finger moves. */
  drag(px: number): void {
    this.pan(-px / this.#plotPx);
  }

  /** @param clientX - what stays where it is; default the middle */
  zoom(factor: number, clientX?: number): void {
    const { fromNs, toNs } = this.#viewport;
    const atNs = clientX === undefined ? (fromNs + toNs) / 2 : this.#timeAt(clientX);
    this.#show(zoom(this.#viewport, { factor, atNs }, this.#run.calls.endNs));
  }

  zoomIn(): void {
    this.zoom(1 / ZOOM_STEP);
  }

  zoomOut(): void {
    this.zoom(ZOOM_STEP);
  }

  showAll(): void {
    this.#show(everything(this.#run.calls.endNs));
  }

  /** Moves the middle of what is shown to the moment under a point of the overview. */
  showAround(clientX: number): void {
    const { fromNs, toNs } = this.#viewport;
    const half = (toNs - fromNs) / 2;
    const at = this.#overview.timeAt(clientX);
    this.#show(pan({ fromNs: at - half, toNs: at + half }, 0, this.#run.calls.endNs));
  }

  /** Chooses a call, shows its facts, and brings it and the calls it met into sight. */
  select(call: number, options: { readonly reveal: boolean }): void {
    if (call < 0 || call >= this.#run.calls.count) return;
    this.#selected = call;
    showCallFacts(this.#elements.facts, this.#run, call);
    if (options.reveal) this.#reveal(call);
    this.#redraw();
  }

  /** The next or the previous violation from the chosen call, or the first one. */
  selectViolation(which: 'first' | 'next' | 'previous'): void {
    const { suspects } = this.#run.calls;
    const after = lowerBound(suspects, this.#selected + 1);
    const before = lowerBound(suspects, this.#selected) - 1;
    const position = which === 'first' ? 0 : which === 'next' ? after : before;
    const call = suspects[position];
    if (call !== undefined) this.select(call, { reveal: true });
  }

  /** The call under a point of the rows; -1 when there is none. */
  callAt(clientX: number, clientY: number): number {
    const { top } = this.#elements.canvas.getBoundingClientRect();
    const yPx = clientY - top - AXIS_PX + this.#elements.rows.scrollTop;
    const account = rowAt(this.#layout, yPx);
    const row = this.#run.calls.rows[account];
    if (row === undefined || clientY - top < AXIS_PX) return -1;
    const { arrivedNs, departedNs } = this.#run.calls;
    const [fromNs, toNs] = [this.#timeAt(clientX - REACH_PX), this.#timeAt(clientX + REACH_PX)];
    let nearest = { call: -1, distance: Infinity };
    for (let i = lowerBound(row.departedByNs, fromNs); i < row.calls.length; i += 1) {
      const call = row.calls[i] ?? 0;
      const arrival = arrivedNs[call] ?? 0;
      if (arrival > toNs) break;
      if ((departedNs[call] ?? 0) < fromNs) continue;
      const acrossPx = Math.abs(barTopPx(this.#layout, call, account) + this.#layout.trackPx / 2 - yPx);
      const alongPx = ((Math.max(arrival, fromNs) - fromNs) / (toNs - fromNs)) * REACH_PX;
      if (acrossPx * 10 + alongPx < nearest.distance) nearest = { call, distance: acrossPx * 10 + alongPx };
    }
    return nearest.call;
  }

  describe(call: number): string {
    return call < 0 ? '' : describeCall(this.#run, call);
  }

  #reveal(call: number): void {
    const { arrivedNs, departedNs, endNs, account } = this.#run.calls;
    const seen = [call, ...inServiceAtArrival(this.#run, call).slice(0, 2)];
    const from = Math.min(...seen.map((n) => arrivedNs[n] ?? 0));
    const to = Math.max(...seen.map((n) => Math.min(departedNs[n] ?? 0, endNs)));
    const room = Math.max((to - from) * 1.5, 1_000);
    this.#show(pan({ fromNs: from - room, toNs: to + room }, 0, endNs));
    const top = barTopPx(this.#layout, call, account[call] ?? 0);
    const { rows } = this.#elements;
    if (top < rows.scrollTop || top > rows.scrollTop + rows.clientHeight - AXIS_PX - 20) {
      rows.scrollTop = top - rows.clientHeight / 2;
    }
  }

  #show(viewport: Viewport): void {
    this.#viewport = viewport;
    this.#redraw();
  }

  get #labelPx(): number {
    return this.#elements.rows.clientWidth < NARROW_PX ? 72 : 104;
  }

  get #plotPx(): number {
    return Math.max(1, this.#elements.rows.clientWidth - this.#labelPx);
  }

  #timeAt(clientX: number): number {
    const { fromNs, toNs } = this.#viewport;
    const { left } = this.#elements.canvas.getBoundingClientRect();
    return fromNs + ((clientX - left - this.#labelPx) / this.#plotPx) * (toNs - fromNs);
  }

  #draw(): void {
    const { rows, canvas, window: output } = this.#elements;
    const { fromNs, toNs } = this.#viewport;
    const surface = prepareSurface(canvas, { widthPx: rows.clientWidth, heightPx: rows.clientHeight });
    if (surface === null) return;
    const view = {
      viewport: this.#viewport,
      scrollPx: rows.scrollTop,
      selected: this.#selected,
      labelPx: this.#labelPx,
    };
    new TimelinePainter({ scene: this.#scene, surface, theme: this.#theme, view }).paint();
    this.#overview.draw(this.#viewport, this.#theme);
    output.textContent = `${formatDuration(Math.max(0, fromNs))} to ${formatDuration(toNs)}`;
  }
}

function bitOf({ data }: Run, rule: string): number {
  return 1 << data.rules.indexOf(rule);
}
