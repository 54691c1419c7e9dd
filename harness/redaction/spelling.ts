/**
 * A text taken apart into the characters of a credential, whatever way each of them is spelled. Arrays are filled up
 * to `length` and used again for the next text.
 */
export class Spelling {
  /** One code for each character; {@link BREAK} where no credential can go on. */
  readonly codes: Uint16Array;
  /** Where in the text a character begins, and where it ends. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  length = 0;

  constructor(textLengthMax: number) {
    this.codes = new Uint16Array(textLengthMax);
    this.starts = new Int32Array(textLengthMax);
    this.ends = new Int32Array(textLengthMax);
  }

  add(code: number, start: number, end: number): void {
    const gap = this.length === 0 ? 0 : start - (this.ends[this.length - 1] ?? 0);
    const n = this.length;
    this.codes[n] = gap > GAP_MAX ? BREAK : code;
    this.starts[n] = start;
    this.ends[n] = end;
    this.length = n + 1;
  }
}

/** No character of a credential has this code. */
export const BREAK = 0xffff;

/** What stands between two characters of one credential, say a line end and an indentation, is not longer. */
const GAP_MAX = 64;

/** Takes a text apart. */
export type ReadSpelling = (text: string, into: Spelling) => void;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const TAB = 9;
const SPACE = 32;
const PERCENT = 37;
const AMPERSAND = 38;
const COMMA = 44;
const MINUS = 45;
const EQUALS = 61;
const BACKSLASH = 92;

/** Not a character, but what may stand between two of them: padding, and the end of a line that was wrapped. */
const NOTHING = -1;

/**
 * Reads characters as they are, and base64 in either alphabet: URL-encoded (once or several times), escaped for JSON,
 * JavaScript, PHP, Java or HTML, with a space for `+`, without padding, wrapped at any column.
 */
export const readCharacters: ReadSpelling = (text, into) => {
  into.length = 0;
  let at = 0;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (char === LINE_FEED || char === CARRIAGE_RETURN) {
      at += 1;
      while (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB) at += 1;
      continue;
    }
    const isEscape = char === PERCENT || char === BACKSLASH || char === AMPERSAND;
    const escape = isEscape ? readEscape(text, at, char) : null;
    const end = escape?.end ?? at + 1;
    const code = fold(escape?.code ?? char);
    if (code !== NOTHING) into.add(code, at, end);
    at = end;
  }
};

function fold(code: number): number {
  if (code === MINUS || code === SPACE) return 43;
  if (code === 95) return 47;
  return code === EQUALS || code === LINE_FEED || code === CARRIAGE_RETURN ? NOTHING : code;
}

interface Escape {
  readonly code: number;
  readonly end: number;
}

/** Escapes may themselves be escaped: `%252B`, `\\\/`, `\\u002b`. */
const ESCAPES: Readonly<Record<number, RegExp>> = {
  [PERCENT]: /%(?:25){0,4}(?<hex>[0-9a-f]{2})/iy,
  [BACKSLASH]: /\\{1,8}(?:u(?<hex>[0-9a-f]{4})|x(?<byte>[0-9a-f]{2})|(?<plain>[^]))/iy,
  [AMPERSAND]: /&(?:amp;){0,2}#(?:x(?<hex>[0-9a-f]{1,4})|0{0,4}(?<decimal>[0-9]{1,5}));/iy,
};
const CONTROLS: Readonly<Record<string, number>> = { n: LINE_FEED, r: CARRIAGE_RETURN, t: TAB };

function readEscape(text: string, at: number, kind: number): Escape | null {
  const pattern = ESCAPES[kind];
  if (pattern === undefined) return null;
  pattern.lastIndex = at;
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) return null;
  const { hex, byte, decimal, plain } = groups;
  const digits = hex ?? byte;
  const code =
    digits !== undefined
      ? parseInt(digits, 16)
      : decimal !== undefined
        ? Number(decimal)
        : (CONTROLS[plain ?? ''] ?? plain?.charCodeAt(0) ?? 0);
  return { code: code & 0xffff, end: pattern.lastIndex };
}

/** Reads hexadecimal digits of either case, with what a dump, a list or a literal puts between two bytes. */
export const readHexDigits: ReadSpelling = (text, into) => {
  into.length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const kind = HEX[text.charCodeAt(at)] ?? HEX_BREAK;
    if (kind < 16) {
      if (kind === 0 && isX(text, at + 1)) at += 1;
      else into.add(kind, at, at + 1);
    } else if (kind === HEX_BREAK && into.codes[into.length - 1] !== BREAK) into.add(BREAK, at, at + 1);
    else if (kind === HEX_ESCAPE && (isX(text, at + 1) || isWhitespaceEscape(text, at))) at += 1;
  }
};

const HEX_BREAK = 16;
const HEX_BETWEEN = 17;
const HEX_ESCAPE = 18;

const HEX: Uint8Array = new Uint8Array(128).fill(HEX_BREAK);
for (let digit = 0; digit < 16; digit += 1) {
  HEX[digit.toString(16).charCodeAt(0)] = digit;
  HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}
for (const between of ' \t\r\n:,-"\'[]') HEX[between.charCodeAt(0)] = HEX_BETWEEN;
HEX[BACKSLASH] = HEX_ESCAPE;

/** The x of `0x2b` and `\x2b`. */
function isX(text: string, at: number): boolean {
  return text.charCodeAt(at) === 0x78 || text.charCodeAt(at) === 0x58;
}

/** A `\\n` or `\\t`, say where a list was printed inside a string. */
function isWhitespaceEscape(text: string, at: number): boolean {
  return text.charCodeAt(at) === BACKSLASH && 'nrt'.includes(text[at + 1] ?? ' ');
}

/** Reads lists of bytes in decimal, signed or not, as Node, Python and Java print them. */
export const readDecimalBytes: ReadSpelling = (text, into) => {
  into.length = 0;
  let at = 0;
  while (at < text.length) {
    const start = at;
    const isNegative = text.charCodeAt(at) === MINUS;
    if (isNegative) at += 1;
    let value = 0;
    const digitsFrom = at;
    for (; isDigit(text.charCodeAt(at)); at += 1)
      value = Math.min(value * 10 + text.charCodeAt(at) - 48, 999);
    if (at > digitsFrom) into.add(value > 255 ? BREAK : (isNegative ? -value : value) & 255, start, at);
    else {
      at = start + (isWhitespaceEscape(text, start) ? 2 : 1);
      const isBetween = isBetweenNumbers(text.charCodeAt(start));
      if (!isBetween && into.codes[into.length - 1] !== BREAK) into.add(BREAK, start, at);
    }
  }
};

function isDigit(char: number): boolean {
  return char >= 48 && char <= 57;
}

function isBetweenNumbers(char: number): boolean {
  return [COMMA, SPACE, LINE_FEED, CARRIAGE_RETURN, TAB, BACKSLASH].includes(char);
}
