/** An escape inside a value stands for one character. */
const ESCAPE = /%(?:25)*[0-9a-f]{2}|\\+(?:u[0-9a-f]{4}|\/)|&#[0-9a-fx]+;/gi;

/**
 * Of 86 random characters of base64 about 35 are capitals and as many small letters, and at 55 places a capital, a
 * small letter, a digit and a sign meet. Random text below one of these limits is rarer than one in 100,000; words, paths,
 * identifiers and UUIDs do not reach all of them.
 */
const CAPITALS_MIN = 10;
const SMALL_LETTERS_MIN = 10;
const DIGITS_MIN = 2;
const MEETINGS_MIN = 33;

/** Tells a value of base64 that was drawn at random from words and paths of the same length. */
export function looksDrawn(value: string): boolean {
  const kinds = [...value.replaceAll(ESCAPE, '+').replaceAll(/\s/g, '')].map(kindOf);
  const count = (kind: string): number => kinds.filter((one) => one === kind).length;
  const meetings = kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length;
  return (
    count('capital') >= CAPITALS_MIN &&
    count('small') >= SMALL_LETTERS_MIN &&
    count('digit') >= DIGITS_MIN &&
    meetings >= MEETINGS_MIN
  );
}

function kindOf(char: string): string {
  if (char >= 'a' && char <= 'z') return 'small';
  if (char >= 'A' && char <= 'Z') return 'capital';
  return char >= '0' && char <= '9' ? 'digit' : 'sign';
}
