/** When a call was at the exchange; `Infinity` for what never came. */
export interface Stay {
  readonly arrivedNs: number;
  readonly departedNs: number;
}

/**
 * For each call, by how many calls it was overtaken: asked for later, yet departed no later than it arrived.
 * @param calls - in the order in which they were asked for
 */
export function countOvertakes(calls: readonly Stay[]): Uint32Array {
  const overtakes = new Uint32Array(calls.length);
  const arrivals = indexesBy(calls, (stay) => stay.arrivedNs);
  const departures = indexesBy(calls, (stay) => stay.departedNs);
  const departed = new PrefixCounts(calls.length);
  let next = 0;
  for (const arriving of arrivals) {
    const nowNs = calls[arriving]?.arrivedNs ?? Infinity;
    for (; next < departures.length; next += 1) {
      const index = departures[next] ?? 0;
      const departedNs = calls[index]?.departedNs ?? Infinity;
      if (departedNs > nowNs || departedNs === Infinity) break;
      departed.add(index);
    }
    overtakes[arriving] = departed.total - departed.upTo(arriving);
  }
  return overtakes;
}

function indexesBy(calls: readonly Stay[], timeOf: (stay: Stay) => number): readonly number[] {
  const times = calls.map(timeOf);
  return times.map((_, index) => index).sort((a, b) => compare(times[a] ?? 0, times[b] ?? 0));
}

/** Infinity minus Infinity is not a number, hence no subtraction. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Counts of indexes (a Fenwick tree): adding one and counting those up to an index take logarithmic time. */
class PrefixCounts {
  readonly #tree: Uint32Array;
  total = 0;

  constructor(size: number) {
    this.#tree = new Uint32Array(size + 1);
  }

  add(index: number): void {
    this.total += 1;
    for (let i = index + 1; i < this.#tree.length; i += i & -i) this.#tree[i] = (this.#tree[i] ?? 0) + 1;
  }

  /** How many indexes at or below `index` were added. */
  upTo(index: number): number {
    let sum = 0;
    for (let i = index + 1; i > 0; i -= i & -i) sum += this.#tree[i] ?? 0;
    return sum;
  }
}
