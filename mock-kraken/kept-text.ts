/**
 * Returns a text to keep: a copy, cut to `charsMax` with a mark `…` behind it. V8 represents a part of a text as a
 * slice that keeps the whole alive, so that 19 digits of a nonce would hold on to a request body of 64 KB.
 */
export function keptText(text: string, charsMax: number): string {
  return text.length > charsMax ? `${ownText(text.slice(0, charsMax))}…` : ownText(text);
}

/** Returns a copy that shares no memory with `text`, of whatever characters, lone surrogates too. */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
