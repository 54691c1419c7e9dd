/** What no terminal and no report shows as it is: see `reports/escape.ts`. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/u;
/** GitHub's runner takes it for a command, and Markdown for the end of a fence; a report would alter them. */
const ALTERED = /##\[|```/;
const TO_ESCAPE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff\\'#`]/gu;

/**
 * A word as a POSIX shell reads it back: bare where that is safe, in single quotes elsewhere, and in dollar quotes
 * (POSIX.1-2024, 2.2.4) when it holds what no report shows as it is, so that a line can be pasted from any of them.
 */
export function shellWord(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word;
  if (UNSEEN.test(word) || ALTERED.test(word)) return `$'${word.replaceAll(TO_ESCAPE, octal)}'`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Bytes of UTF-8, each as three octal digits: the only escape that cannot run into what follows it. */
function octal(char: string): string {
  return [...Buffer.from(char)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
