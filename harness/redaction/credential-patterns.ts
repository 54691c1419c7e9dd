import { looksDrawn } from './looks-drawn.ts';

/** A character of base64 of either alphabet, as it is, URL-encoded, or escaped for JSON, PHP or HTML. */
const BASE64 = String.raw`(?:[A-Za-z0-9+/_-]|%(?:25)*2[bBfF]|\\+(?:/|u00(?:2[bBdDfF]|5[fF]))|&#(?:43|47|x2[bBfF]);)`;
const PADDING = String.raw`(?:=|%(?:25)*3[dD]|\\+u003[dD]|&#(?:61|x3[dD]);)`;
/** The end of a line that was wrapped, with the indentation of the next one, or the same inside a string. */
const LINE_END = String.raw`(?:\r?\n[ \t]{0,64}|\\+r\\+n|\\+n)`;
/** A value begins after anything else, or after a line end, a quotation mark or an equals sign that is escaped. */
const BEFORE = String.raw`(?<=^|[^\w+/%\\-]|\\[nrt]|%(?:25)*(?:0[aA]|2[026cC]|3[aAdD])|\\u00(?:2[267]|3[dD]))`;
const BEFORE_HEX: string = BEFORE.replace('^', '^|(?<!\\w)0[xX]');
/** A schedule as a token (harness/explore/token), which is needed to repeat it. */
const TOKEN = 'np[0-9]_';
/** Nothing of the value's own alphabet comes after it. */
const AFTER = String.raw`(?![\w+/=-]|%(?:25)*(?:2[bBfF]|3[dD])|\\+(?:/|u00(?:2[bBdDfF]|3[dD]|5[fF])))`;
const AFTER_KEY = String.raw`(?![\w+/=%\\-])`;

/** Only in such a stretch, and the lines on which it may go on, can there be one: looking for these is quicker. */
const STRETCH = /[\w+/=%\\&#;-]{56,}(?:\r?\n[ \t]{0,64}[\w+/=%\\&#;-]+)*/g;

/** One shape that a credential has. */
interface Shape {
  readonly pattern: RegExp;
  /** Text that only looks like it is left: a path, say. */
  readonly isCredential: (found: string) => boolean;
}

/**
 * What has the shape of a credential that nobody knows, say in a recording from elsewhere, or the signature of a call
 * that never arrived: a secret or a signature (64 bytes; Kraken docs, REST authentication), in base64 of either
 * alphabet or hexadecimal, on one line or wrapped, and an API key (56 characters of base64).
 */
const SHAPES: readonly Shape[] = [
  { pattern: new RegExp(`${BEFORE}${BASE64}{86}${PADDING}{2}`, 'g'), isCredential: always },
  {
    pattern: new RegExp(
      `${BEFORE}(?!${TOKEN})${BASE64}(?:${LINE_END}?${BASE64}){85}(?:${LINE_END}?${PADDING}{2}|${AFTER})`,
      'g',
    ),
    isCredential: looksDrawn,
  },
  { pattern: new RegExp(`${BEFORE_HEX}(?:${hex('a-f')}|${hex('A-F')})${AFTER}`, 'g'), isCredential: always },
  {
    pattern: new RegExp(
      `${BEFORE}(?=\\S{0,60}[A-Z])(?=\\S{0,60}[0-9])${BASE64.replace('_-', '')}{56}${AFTER_KEY}`,
      'g',
    ),
    isCredential: always,
  },
];

function hex(letters: string): string {
  return `[0-9${letters}](?:${LINE_END}?[0-9${letters}]){127}`;
}

function always(): boolean {
  return true;
}

/** Tells of everything in a text that has the shape of a credential: where it begins, and where it ends. */
export function findShapes(text: string, onFound: (start: number, end: number) => void): void {
  for (const { 0: stretch, index } of text.matchAll(STRETCH)) {
    for (const { pattern, isCredential } of SHAPES) {
      for (const found of stretch.matchAll(pattern)) {
        const start = index + found.index;
        if (isCredential(found[0])) onFound(start, start + found[0].length);
      }
    }
  }
}
