import { createHash } from 'node:crypto';

const NEWLINE = 0x0a;
/** A last line longer than this is no footer, and is not kept. */
const LAST_LINE_BYTES_MAX = 4_096;

/** What a stream of bytes was, as far as its seal is concerned. */
export interface HashedBytes {
  /** SHA-256 over all bytes, in hexadecimal. */
  readonly all: string;
  /** SHA-256 over the bytes of all lines before the last, line ends included, and of a text that follows them. */
  beforeLastLine(text: string): string;
  /** The last line with its end, if it has one; the end of it when it is longer than a footer can be. */
  readonly lastLine: string;
}

/** Hashes a stream of lines while it is read, and keeps the last line apart: a footer speaks of those before it. */
export class LastLineHash {
  readonly #hash = createHash('sha256');
  /** The last line so far. Everything before it is in the hash. */
  #lastLine: Buffer = Buffer.alloc(0);

  push(bytes: Uint8Array): void {
    const held = Buffer.concat([this.#lastLine, bytes]);
    const lastStart = startOfLastLine(held);
    const start = held.length - lastStart > LAST_LINE_BYTES_MAX ? held.length : lastStart;
    this.#hash.update(held.subarray(0, start));
    this.#lastLine = held.subarray(start);
  }

  finish(): HashedBytes {
    const before = this.#hash.copy();
    const beforeLastLine = (text: string): string => before.copy().update(text).digest('hex');
    const all = this.#hash.update(this.#lastLine).digest('hex');
    return { all, beforeLastLine, lastLine: this.#lastLine.toString('utf8') };
  }
}

function startOfLastLine(bytes: Buffer): number {
  const end = bytes.at(-1) === NEWLINE ? bytes.length - 1 : bytes.length;
  return bytes.subarray(0, end).lastIndexOf(NEWLINE) + 1;
}
