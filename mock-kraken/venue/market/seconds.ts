/** Milliseconds as the float seconds of Kraken's answers: times are shown, never reckoned with. */
export function seconds(ms: number): number {
  return ms / 1000;
}

/** Whole seconds, rounded down. */
export function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** `2026-11-22T10:00:00Z`, to the second. */
export function rfc3339(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
