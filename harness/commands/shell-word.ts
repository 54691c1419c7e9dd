/** A word as a POSIX shell reads it back: bare where that is safe, in single quotes elsewhere. */
export function shellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
