/** `1,204`. */
export function formatInteger(n: number): string {
  return n.toLocaleString('en-US');
}

const DURATION_UNITS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
] as const;

/** Three significant digits and a unit: `2.13 ms`, `310 µs`, `12 s`. Takes nanoseconds, negative ones too. */
export function formatDuration(ns: number): string {
  const unit = DURATION_UNITS.find(([, size]) => Math.abs(ns) >= size * 0.9995);
  if (unit === undefined) return ns === 0 ? '0' : `${Math.round(ns)} ns`;
  const [name, size] = unit;
  return `${Number((ns / size).toPrecision(3)).toLocaleString('en-US')} ${name}`;
}
