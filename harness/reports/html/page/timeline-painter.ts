import { lowerBound } from './calls.ts';
import type { Calls } from './calls.ts';
import { formatDuration } from './format.ts';
import { barTopPx, rowAt } from './row-layout.ts';
import type { RowLayout } from './row-layout.ts';
import type { Surface } from './surface.ts';
import type { Theme } from './theme.ts';
import { ticks } from './viewport.ts';
import type { Viewport } from './viewport.ts';

/** Height of the axis of time above the rows. */
export const AXIS_PX = 24;
const BAR_GAP_PX = 3;
/** Narrower bars are gathered: at this width nobody tells one from the next. */
const GATHERED_PX = 1.5;
/** Narrower bars have no room for marks. */
const MARKED_PX = 4;

/** What never changes while the page is open. */
export interface Scene {
  readonly calls: Calls;
  readonly layout: RowLayout;
  readonly accounts: readonly string[];
  /** The bit of `Calls.broken` that is an overlap. */
  readonly overlapBit: number;
  /** The bits that get a flag. A rejection has none: its colour says it. */
  readonly flagBits: number;
  /** One lane for all: an overlap concerns every row. */
  readonly sharedLane: boolean;
  /** For each call: until when some call that arrived before it was in service. */
  readonly busyUntilNs: Float64Array;
}

/** What is shown now. */
export interface View {
  readonly viewport: Viewport;
  readonly scrollPx: number;
  /** -1: none. */
  readonly selected: number;
  readonly labelPx: number;
}

/** Draws the visible part of the rows. Its work depends on the pixels, not on how many calls they stand for. */
export class TimelinePainter {
  readonly #scene: Scene;
  readonly #surface: Surface;
  readonly #theme: Theme;
  readonly #view: View;

  constructor(parts: { scene: Scene; surface: Surface; theme: Theme; view: View }) {
    this.#scene = parts.scene;
    this.#surface = parts.surface;
    this.#theme = parts.theme;
    this.#view = parts.view;
  }

  paint(): void {
    const { context, widthPx, heightPx } = this.#surface;
    const { labelPx } = this.#view;
    const rows = this.#visibleRows();
    this.#stripes(rows);
    context.save();
    context.beginPath();
    context.rect(labelPx, AXIS_PX, widthPx - labelPx, heightPx - AXIS_PX);
    context.clip();
    this.#grid();
    if (this.#scene.sharedLane) this.#overlapBands();
    for (const row of rows) this.#row(row);
    this.#selection();
    context.restore();
    this.#labels(rows);
    this.#axis();
  }

  xOf(ns: number): number {
    const { viewport, labelPx } = this.#view;
    const share = (ns - viewport.fromNs) / (viewport.toNs - viewport.fromNs);
    return labelPx + share * (this.#surface.widthPx - labelPx);
  }

  #visibleRows(): readonly number[] {
    const { layout, calls } = this.#scene;
    const { scrollPx } = this.#view;
    const first = Math.max(0, rowAt(layout, scrollPx));
    const last = rowAt(layout, scrollPx + this.#surface.heightPx - AXIS_PX);
    const end = last < 0 ? calls.rows.length : last + 1;
    return Array.from({ length: end - first }, (_, i) => first + i);
  }

  #yOf(topPx: number): number {
    return AXIS_PX + topPx - this.#view.scrollPx;
  }

  #stripes(rows: readonly number[]): void {
    const { context, widthPx } = this.#surface;
    const { topPx } = this.#scene.layout;
    context.fillStyle = this.#theme.stripe;
    for (const row of rows) {
      const [top, bottom] = [topPx[row] ?? 0, topPx[row + 1] ?? 0];
      if (row % 2 === 1) context.fillRect(0, this.#yOf(top), widthPx, bottom - top);
    }
  }

  #labels(rows: readonly number[]): void {
    const { context } = this.#surface;
    const { accounts, layout } = this.#scene;
    context.font = '12px system-ui, sans-serif';
    context.textBaseline = 'middle';
    context.fillStyle = this.#theme.ink;
    for (const row of rows) {
      const middle = ((layout.topPx[row] ?? 0) + (layout.topPx[row + 1] ?? 0)) / 2;
      context.fillText(accounts[row] ?? '', 6, this.#yOf(middle), this.#view.labelPx - 10);
    }
  }

  #grid(): void {
    const { context, heightPx } = this.#surface;
    context.fillStyle = this.#theme.line;
    for (const ns of this.#ticks()) context.fillRect(Math.round(this.xOf(ns)), AXIS_PX, 1, heightPx);
  }

  #axis(): void {
    const { context, widthPx } = this.#surface;
    context.clearRect(0, 0, widthPx, AXIS_PX);
    context.fillStyle = this.#theme.quiet;
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'middle';
    for (const ns of this.#ticks()) {
      const x = this.xOf(ns);
      if (x > this.#view.labelPx - 1 && x < widthPx - 50)
        context.fillText(formatDuration(ns), x + 3, AXIS_PX / 2);
      context.fillRect(Math.round(x), AXIS_PX - 5, 1, 5);
    }
    context.fillRect(0, AXIS_PX - 1, widthPx, 1);
  }

  #ticks(): readonly number[] {
    const { viewport, labelPx } = this.#view;
    return ticks(viewport, Math.max(2, (this.#surface.widthPx - labelPx) / 90));
  }

  /** Time that two calls of one lane shared, over all rows. */
  #overlapBands(): void {
    const { calls, overlapBit, busyUntilNs } = this.#scene;
    const { viewport } = this.#view;
    const { context, heightPx } = this.#surface;
    context.fillStyle = this.#theme.overlap;
    let paintedToPx = -Infinity;
    for (const call of calls.suspects) {
      const arrival = calls.arrivedNs[call] ?? 0;
      if (arrival > viewport.toNs) break;
      if (((calls.broken[call] ?? 0) & overlapBit) === 0) continue;
      const end = Math.min(calls.departedNs[call] ?? 0, busyUntilNs[call] ?? 0);
      if (end < viewport.fromNs) continue;
      const left = Math.max(this.xOf(arrival), paintedToPx);
      const right = Math.min(Math.max(this.xOf(end), left + 0.5), this.#surface.widthPx);
      if (right <= paintedToPx) continue;
      context.fillRect(left, AXIS_PX, right - left, heightPx);
      paintedToPx = right;
    }
  }

  #row(index: number): void {
    const row = this.#scene.calls.rows[index];
    if (row === undefined) return;
    const { viewport } = this.#view;
    const { arrivedNs, departedNs } = this.#scene.calls;
    const piles: Pile[] = [];
    for (let i = lowerBound(row.departedByNs, viewport.fromNs); i < row.calls.length; i += 1) {
      const call = row.calls[i] ?? 0;
      const arrival = arrivedNs[call] ?? 0;
      if (arrival > viewport.toNs) break;
      const departure = departedNs[call] ?? 0;
      if (departure < viewport.fromNs) continue;
      const left = this.xOf(arrival);
      const right = Math.min(this.xOf(departure), this.#surface.widthPx + 2);
      const top = this.#yOf(barTopPx(this.#scene.layout, call, index));
      if (right - left >= GATHERED_PX) this.#bar(call, { left, right, top });
      else this.#gather((piles[this.#scene.layout.track[call] ?? 0] ??= new Pile(top)), call, left);
    }
    for (const pile of piles) if (pile !== undefined) this.#flush(pile);
  }

  #gather(pile: Pile, call: number, left: number): void {
    const weight = this.#weight(call);
    if (pile.takes(left)) return pile.add(weight, left);
    this.#flush(pile);
    pile.restart(weight, left);
  }

  #flush({ leftPx, rightPx, topPx, weight }: Pile): void {
    if (weight < 0) return;
    this.#shape({ left: leftPx, right: Math.max(rightPx, leftPx + 1), top: topPx }, weight);
  }

  #bar(call: number, place: Place): void {
    this.#shape(
      { ...place, right: place.right - (place.right - place.left > 4 ? 1 : 0) },
      this.#weight(call),
    );
  }

  /** What must not be lost when calls are gathered counts most: broken rules, then outcomes. */
  #weight(call: number): number {
    const { calls, overlapBit, flagBits } = this.#scene;
    const broken = calls.broken[call] ?? 0;
    const overlaps = (broken & overlapBit) !== 0 ? 8 : 0;
    const others = (broken & flagBits) !== 0 ? 4 : 0;
    return overlaps + others + (calls.outcome[call] ?? 0);
  }

  #shape({ left, right, top }: Place, weight: number): void {
    const { context } = this.#surface;
    const height = this.#scene.layout.trackPx - BAR_GAP_PX;
    context.fillStyle = this.#theme.outcomes[weight & 3] ?? this.#theme.ink;
    context.fillRect(left, top, right - left, height);
    if (weight < 4) return;
    context.fillStyle = this.#theme.bad;
    // No room for a mark on the bar: the whole bar is one.
    if (right - left < MARKED_PX) return context.fillRect(left, top, 2, height);
    if ((weight & 8) !== 0) context.fillRect(left, top + height - 3, right - left, 3);
    if ((weight & 4) !== 0) this.#flag(left, top);
  }

  /** A small triangle over the arrival: a nonce, or another rule. */
  #flag(left: number, top: number): void {
    const { context } = this.#surface;
    context.beginPath();
    context.moveTo(left - 1, top - 2);
    context.lineTo(left + 8, top - 2);
    context.lineTo(left - 1, top + 7);
    context.fill();
  }

  #selection(): void {
    const { calls, layout } = this.#scene;
    const { selected } = this.#view;
    if (selected < 0) return;
    const { context, widthPx } = this.#surface;
    const left = this.xOf(calls.arrivedNs[selected] ?? 0);
    const right = Math.min(Math.max(this.xOf(calls.departedNs[selected] ?? 0), left + 3), widthPx + 2);
    const top = this.#yOf(barTopPx(layout, selected, calls.account[selected] ?? 0));
    context.strokeStyle = this.#theme.ink;
    context.lineWidth = 2;
    context.strokeRect(left - 1, top - 1, right - left + 2, layout.trackPx - BAR_GAP_PX + 2);
  }
}

interface Place {
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

/** Bars of one track that are too narrow to be told apart, gathered into one as wide as a pixel or two. */
class Pile {
  readonly topPx: number;
  leftPx = 0;
  rightPx = 0;
  /** -1: empty. */
  weight = -1;

  constructor(topPx: number) {
    this.topPx = topPx;
  }

  takes(leftPx: number): boolean {
    return this.weight >= 0 && leftPx - this.leftPx < 1;
  }

  add(weight: number, leftPx: number): void {
    this.weight = ((this.weight | weight) & 12) | Math.max(this.weight & 3, weight & 3);
    this.rightPx = Math.max(this.rightPx, leftPx);
  }

  restart(weight: number, leftPx: number): void {
    this.weight = weight;
    this.leftPx = leftPx;
    this.rightPx = leftPx;
  }
}
