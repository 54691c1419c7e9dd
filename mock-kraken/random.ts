/** Draws uniformly from [0, 1). */
export type Random = () => number;

/**
 * A seeded source of randomness: sfc32 (Chris Doty-Humphrey's PractRand), 128 bits of state, the same numbers
 * on every machine. Each `stream` of a seed is independent of the others, so that drawing more in one place
 * (say, an extra jitter) never shifts what another place draws. Not for real secrets.
 * @param seed - any integer; its lower 32 bits count
 * @param stream - what the numbers are for, e.g. `arrival-jitter`
 */
export function createRandom(seed: number, stream: string): Random {
  let a = hashOf(stream);
  let b = seed >>> 0;
  let c = 0x9e3779b9;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  // The first outputs still show the seed; twelve rounds mix it through the whole state.
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** FNV-1a over UTF-16 units: enough to keep streams apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
