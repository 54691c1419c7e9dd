import { hash32 } from './hash.ts';

/** How long one price stands, in milliseconds. */
export const tickMs = 1000;

/** The tick that a moment falls into. */
export function tickAt(atMs: number): number {
  return Math.floor(atMs / tickMs);
}

/** Waves that add up to the price: how long one lasts, in ticks, and how far it swings, in millionths. */
const waves: readonly (readonly [lengthTicks: number, swingPpm: number])[] = [
  [86_400, 30_000],
  [3_600, 8_000],
  [300, 2_000],
  [20, 500],
  [3, 100],
];

/**
 * How far the seeded price stands from its anchor at a tick, in millionths. A pure function of seed, market
 * and tick: any moment of past or future costs the same, nothing is stored, and the order in which anybody
 * looks changes nothing. Whole numbers throughout.
 */
export function swingPpm(seed: number, market: number, tick: number): number {
  let sum = 0;
  for (const [length, swing] of waves) sum += wave(hash32(seed, market, length), tick / length, swing);
  return sum;
}

/** Straight lines between random heights at whole positions. */
function wave(seed: number, position: number, swing: number): number {
  const from = Math.floor(position);
  const left = height(seed, from, swing);
  const right = height(seed, from + 1, swing);
  return Math.round(left + (right - left) * (position - from));
}

function height(seed: number, position: number, swing: number): number {
  return (hash32(seed, position) % (2 * swing + 1)) - swing;
}
