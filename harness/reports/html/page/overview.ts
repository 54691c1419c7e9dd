import type { Calls } from './calls.ts';
import { prepareSurface } from './surface.ts';
import type { Theme } from './theme.ts';
import { everything } from './viewport.ts';
import type { Viewport } from './viewport.ts';

const HEIGHT_PX = 36;

/** The strip above the rows: the whole run, where its violations are, and what the rows show of it. */
export class Overview {
  readonly #canvas: HTMLCanvasElement;
  readonly #calls: Calls;
  #columns: ColumnCounts | null = null;

  constructor(canvas: HTMLCanvasElement, calls: Calls) {
    this.#canvas = canvas;
    this.#calls = calls;
  }

  draw(viewport: Viewport, theme: Theme): void {
    const widthPx = this.#canvas.parentElement?.clientWidth ?? 0;
    const surface = prepareSurface(this.#canvas, {
      widthPx: this.#innerWidthPx(widthPx),
      heightPx: HEIGHT_PX,
    });
    if (surface === null) return;
    const { context } = surface;
    if (this.#columns?.calls.length !== Math.floor(surface.widthPx)) {
      this.#columns = countByColumn(this.#calls, surface.widthPx);
    }
    const columns = this.#columns;
    const most = Math.max(1, ...columns.calls);
    for (let x = 0; x < columns.calls.length; x += 1) {
      const height = ((columns.calls[x] ?? 0) / most) * (HEIGHT_PX - 8);
      context.fillStyle = theme.outcomes[0] ?? theme.ink;
      if (height > 0) context.fillRect(x, HEIGHT_PX - Math.max(1, height), 1, height);
      context.fillStyle = theme.bad;
      if ((columns.suspects[x] ?? 0) > 0) context.fillRect(x, 0, 2, 6);
    }
    this.#window(viewport, { context, widthPx: surface.widthPx, theme });
  }

  /** The moment under a point of the strip. */
  timeAt(clientX: number): number {
    const { left, width } = this.#canvas.getBoundingClientRect();
    const all = everything(this.#calls.endNs);
    return all.fromNs + ((clientX - left) / width) * (all.toNs - all.fromNs);
  }

  #innerWidthPx(parentPx: number): number {
    const { paddingLeft, paddingRight } = getComputedStyle(this.#canvas.parentElement ?? this.#canvas);
    return Math.max(50, parentPx - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight));
  }

  #window(
    { fromNs, toNs }: Viewport,
    { context, widthPx, theme }: { context: CanvasRenderingContext2D; widthPx: number; theme: Theme },
  ): void {
    const all = everything(this.#calls.endNs);
    const scale = widthPx / (all.toNs - all.fromNs);
    const left = (fromNs - all.fromNs) * scale;
    const width = Math.max(3, (toNs - fromNs) * scale);
    context.strokeStyle = theme.accent;
    context.lineWidth = 2;
    context.strokeRect(left + 1, 1, Math.max(1, width - 2), HEIGHT_PX - 2);
  }
}

interface ColumnCounts {
  readonly calls: Uint32Array;
  readonly suspects: Uint32Array;
}

function countByColumn(calls: Calls, widthPx: number): ColumnCounts {
  const columns = Math.max(1, Math.floor(widthPx));
  const all = everything(calls.endNs);
  const scale = columns / (all.toNs - all.fromNs);
  const counts = { calls: new Uint32Array(columns), suspects: new Uint32Array(columns) };
  const columnOf = (call: number): number => Math.floor(((calls.arrivedNs[call] ?? 0) - all.fromNs) * scale);
  const raise = (array: Uint32Array, column: number): void => {
    array[column] = (array[column] ?? 0) + 1;
  };
  for (let call = 0; call < calls.count; call += 1) raise(counts.calls, columnOf(call));
  for (const call of calls.suspects) raise(counts.suspects, columnOf(call));
  return counts;
}
