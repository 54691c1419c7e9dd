/** Milliseconds as the float seconds of Kraken's answers: times are shown, never reckoned with. */
export function seconds(ms: number): number {
  return ms / 1000;
}

/** Whole seconds, rounded down. */
export function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
