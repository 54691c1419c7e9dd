/** The stretch of time that the timeline shows. Plain arithmetic, so that it can be tested without a browser. */
export interface Viewport {
  readonly fromNs: number;
  readonly toNs: number;
}

/** Nothing shorter than this is shown: bars of a few nanoseconds tell nobody anything. */
const LENGTH_NS_MIN = 1_000;

/** Everything, with a little room on both sides. */
export function everything(endNs: number): Viewport {
  const room = Math.max(endNs * 0.01, LENGTH_NS_MIN / 2);
  return { fromNs: -room, toNs: endNs + room };
}

/** Moves by a share of what is shown: 1 is a whole screen later. */
export function pan({ fromNs, toNs }: Viewport, share: number, endNs: number): Viewport {
  const step = (toNs - fromNs) * share;
  return clamp({ fromNs: fromNs + step, toNs: toNs + step }, endNs);
}

/** Shows `factor` times as much time around `atNs`; below 1 is closer. */
export function zoom(
  viewport: Viewport,
  { factor, atNs }: { factor: number; atNs: number },
  endNs: number,
): Viewport {
  const { fromNs, toNs } = viewport;
  return clamp({ fromNs: atNs - (atNs - fromNs) * factor, toNs: atNs + (toNs - atNs) * factor }, endNs);
}

/** Keeps the window inside the run, and no shorter than what can be told apart. */
function clamp({ fromNs, toNs }: Viewport, endNs: number): Viewport {
  const all = everything(endNs);
  const length = Math.min(Math.max(toNs - fromNs, LENGTH_NS_MIN), all.toNs - all.fromNs);
  const middle = (fromNs + toNs) / 2;
  const from = Math.min(Math.max(middle - length / 2, all.fromNs), all.toNs - length);
  return { fromNs: from, toNs: from + length };
}

/** Round times for an axis with at most `ticksMax` of them. */
export function ticks({ fromNs, toNs }: Viewport, ticksMax: number): readonly number[] {
  const step = niceStep((toNs - fromNs) / Math.max(1, ticksMax));
  const first = Math.ceil(Math.max(fromNs, 0) / step);
  const last = Math.floor(toNs / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  return ([1, 2, 5, 10].find((digit) => digit * power >= atLeast) ?? 10) * power;
}
