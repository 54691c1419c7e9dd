import { Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { formsOf } from './credential-forms.ts';
import type { CredentialForm } from './credential-forms.ts';
import { findShapes } from './credential-patterns.ts';
import { FormIndex, WINDOW } from './form-index.ts';
import type { IndexedForm } from './form-index.ts';
import { shortCodePattern } from './short-codes.ts';
import { Spelling } from './spelling.ts';
import type { ReadSpelling } from './spelling.ts';

/** What stands in the place of a credential. */
export const REDACTED = '[redacted]';

/** Takes credentials out of texts. */
export interface Redactor {
  /** Returns the text without them. */
  redact(text: string): string;
  /** A stream of UTF-8 that does the same, however the chunks fall. Memory is bounded. */
  stream(): Transform;
}

/**
 * Makes a redactor for the values of credentials. It takes out each of them, and every part of sixteen characters or
 * more of a random one, in the encodings of {@link formsOf} and the spellings of `readCharacters`; beside them
 * whatever has the shape of a secret, a signature or an API key, and short codes as whole tokens. Its time does not grow with the number of values.
 */
export function createRedactor(credentials: Iterable<string>): Redactor {
  const known = [...new Set(credentials)];
  const sought = { lookups: lookupsFor(known.flatMap(formsOf)), shortCodes: shortCodePattern(known) };
  return {
    redact(text) {
      const redaction = new Redaction(sought);
      let clean = '';
      for (let at = 0; at < text.length; at += BLOCK_CHARS)
        clean += redaction.push(text.slice(at, at + BLOCK_CHARS));
      return clean + redaction.end();
    },
    stream: () => redactingStream(new Redaction(sought)),
  };
}

function redactingStream(redaction: Redaction): Transform {
  const decoder = new StringDecoder('utf8');
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, redaction.push(decoder.write(chunk))),
    flush: (done) => done(null, redaction.push(decoder.end()) + redaction.end()),
  });
}

/** Texts are searched in pieces of this length. */
const BLOCK_CHARS = 64 * 1_024;
/** So much of what came last is held back, for a credential in it may go on: longer than any that is spelled out. */
const HELD_CHARS = 16 * 1_024;

/** How a text is read, and what is looked for in that reading. */
interface Lookup {
  readonly read: ReadSpelling;
  readonly index: FormIndex;
}

function lookupsFor(forms: readonly CredentialForm[]): readonly Lookup[] {
  const readings = [...new Set(forms.map(({ reading }) => reading))];
  return readings.map((read) => ({
    read,
    index: new FormIndex(forms.filter(({ reading }) => reading === read).map(indexed)),
  }));
}

function indexed({ reading, text, isWholeOnly }: CredentialForm): IndexedForm {
  const spelling = new Spelling(text.length);
  reading(text, spelling);
  const codes = spelling.codes.slice(0, spelling.length);
  return { codes, lengthMin: isWholeOnly ? codes.length : Math.min(WINDOW, codes.length) };
}

/** A stretch of a text, from the first character to the one behind the last. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** What one redactor looks for, beside what has the shape of a credential. */
interface Sought {
  readonly lookups: readonly Lookup[];
  readonly shortCodes: RegExp | null;
}

/** One text or stream on its way: gives back what can hold no beginning of a credential any more. */
class Redaction {
  readonly #sought: Sought;
  #held = '';
  #spelling = new Spelling(0);

  constructor(sought: Sought) {
    this.#sought = sought;
  }

  push(text: string): string {
    this.#held += text;
    if (this.#held.length < 2 * HELD_CHARS) return '';
    return this.#release(this.#held.length - HELD_CHARS);
  }

  end(): string {
    return this.#release(this.#held.length);
  }

  /** Gives back what is held, without its credentials, up to `limit` or the beginning of a credential across it. */
  #release(limit: number): string {
    const text = this.#held;
    const spans = merged(this.#find(text));
    const until = spans.find(({ end }) => end > limit)?.start ?? limit;
    const cut = Math.min(until, limit);
    this.#held = text.slice(cut);
    let clean = '';
    let at = 0;
    for (const { start, end } of spans) {
      if (end > cut) break;
      clean += text.slice(at, start) + REDACTED;
      at = end;
    }
    return clean + text.slice(at, cut);
  }

  #find(text: string): Span[] {
    if (this.#spelling.codes.length < text.length) this.#spelling = new Spelling(text.length);
    const spelling = this.#spelling;
    const spans: Span[] = [];
    const { lookups, shortCodes } = this.#sought;
    for (const { read, index } of lookups) {
      read(text, spelling);
      index.find(spelling, (first, last) =>
        spans.push({ start: spelling.starts[first] ?? 0, end: spelling.ends[last] ?? 0 }),
      );
    }
    if (shortCodes !== null) {
      for (const { 0: code, index } of text.matchAll(shortCodes))
        spans.push({ start: index, end: index + code.length });
    }
    findShapes(text, (start, end) => spans.push({ start, end }));
    return spans;
  }
}

/** In order; what overlaps is one. */
function merged(spans: Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last === undefined || span.start >= last.end) result.push(span);
    else if (span.end > last.end) result[result.length - 1] = { start: last.start, end: span.end };
  }
  return result;
}
