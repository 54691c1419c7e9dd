/** A character of base64 of either alphabet, as it is, URL-encoded, or escaped for JSON, PHP or HTML. */
const BASE64 = String.raw`(?:[A-Za-z0-9+/_-]|%(?:25)*2[bBfF]|\\+(?:/|u00(?:2[bBdDfF]|5[fF]))|&#(?:43|47|x2[bBfF]);)`;
const PADDING = String.raw`(?:=|%(?:25)*3[dD]|\\+u003[dD]|&#(?:61|x3[dD]);)`;
/** A value begins after anything else, or after a line end that is escaped. */
const BEFORE = String.raw`(?<=^|[^\w+/%\\-]|\\[nrt])`;
const AFTER = String.raw`(?![\w+/=%\\-])`;

/** Only in such a stretch can there be one: looking for these is quicker. */
const STRETCH = /[\w+/=%\\&#;-]{56,}/g;

/**
 * What has the shape of a credential that nobody knows, say in a recording from elsewhere: a secret or a signature (64
 * bytes; Kraken docs, REST authentication), in padded base64 or hexadecimal, and an API key (56 characters of base64).
 */
const PATTERNS: readonly RegExp[] = [
  new RegExp(`${BEFORE}${BASE64}{86}${PADDING}{2}`, 'g'),
  new RegExp(`${BEFORE}(?:[0-9a-f]{128}|[0-9A-F]{128})${AFTER}`, 'g'),
  new RegExp(`${BEFORE}(?=\\S{0,60}[A-Z])(?=\\S{0,60}[0-9])${BASE64.replace('_-', '')}{56}${AFTER}`, 'g'),
];

/** Tells of everything in a text that has the shape of a credential: where it begins, and where it ends. */
export function findShapes(text: string, onFound: (start: number, end: number) => void): void {
  for (const { 0: stretch, index } of text.matchAll(STRETCH)) {
    for (const pattern of PATTERNS) {
      for (const found of stretch.matchAll(pattern))
        onFound(index + found.index, index + found.index + found[0].length);
    }
  }
}
