/** A histogram over buckets of equal ratio. */
export interface Histogram {
  /** Lower edges, rising. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

const BUCKETS_MAX = 48;

/** Counts positive values in buckets whose width grows with the value; `null` when there is nothing to count. */
export function histogramOf(values: readonly number[]): Histogram | null {
  const known = values.filter((value) => value >= 0).map((value) => Math.max(value, 1));
  if (known.length === 0) return null;
  const [low, high] = extent(known);
  const ratio = Math.max((high / low) ** (1 / BUCKETS_MAX), 1.02);
  const buckets = Math.min(BUCKETS_MAX, Math.floor(Math.log(high / low) / Math.log(ratio)) + 1);
  const counts = Array.from({ length: buckets }, () => 0);
  for (const value of known) {
    const bucket = Math.min(buckets - 1, Math.floor(Math.log(value / low) / Math.log(ratio)));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return { edges: counts.map((_, i) => low * ratio ** i), counts };
}

/** The least and the greatest; a spread call cannot take a hundred thousand values. */
function extent(values: readonly number[]): readonly [number, number] {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)] as const, [
    Infinity,
    -Infinity,
  ] as readonly [number, number]);
}

/** Events a second over a run, in buckets of equal length. Times rise. */
export function ratesOf(timesNs: Float64Array, endNs: number): { atNs: number[]; perSecond: number[] } {
  const buckets = Math.max(2, Math.min(120, Math.ceil(timesNs.length / 10)));
  const widthNs = endNs / buckets;
  const counts = Array.from({ length: buckets }, () => 0);
  for (const ns of timesNs) {
    const bucket = Math.min(buckets - 1, Math.floor(ns / widthNs));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return {
    atNs: counts.map((_, i) => (i + 0.5) * widthNs),
    perSecond: counts.map((n) => (n * 1e9) / widthNs),
  };
}
