import type { Verdict } from '../../judge/verdict/index.ts';

/** Returns how strong a verdict is and, of a history that was read from a file, whether the file is sealed. */
export function strengthWords({ strength, sealed }: Verdict): string {
  if (sealed === null) return strength;
  return `${strength}, ${sealed ? 'sealed' : 'unsealed'}`;
}
