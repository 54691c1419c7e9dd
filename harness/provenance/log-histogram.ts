/** Buckets to an octave: a value is told to within 1 part in 128. */
const BUCKETS_PER_OCTAVE = 128;
/** Greater values count as this one: a file may say that a call took for ever, and buckets have an end. */
const VALUE_MAX = Number.MAX_SAFE_INTEGER;

/**
 * Counts values in buckets of equal relative width, so that any quantile of any number of values takes the same
 * few kilobytes. Negative values count as 0.
 */
export class LogHistogram {
  readonly #counts: number[] = [];
  #count = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  /** The greatest value, exactly. */
  get max(): number {
    return this.#max;
  }

  add(given: number): void {
    const value = Math.min(given, VALUE_MAX);
    const bucket = bucketOf(value);
    while (this.#counts.length <= bucket) this.#counts.push(0);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    if (value > this.#max) this.#max = value;
  }

  /** The value that a fraction `q` of all values do not exceed, to within 1 %; 0 when there are none. */
  quantile(q: number): number {
    let left = Math.ceil(q * this.#count);
    for (let bucket = 0; bucket < this.#counts.length; bucket += 1) {
      left -= this.#counts[bucket] ?? 0;
      if (left <= 0) return Math.min(middleOf(bucket), this.#max);
    }
    return this.#max;
  }
}

function bucketOf(value: number): number {
  return value < 1 ? 0 : 1 + Math.floor(Math.log2(value) * BUCKETS_PER_OCTAVE);
}

function middleOf(bucket: number): number {
  return bucket === 0 ? 0 : 2 ** ((bucket - 0.5) / BUCKETS_PER_OCTAVE);
}
