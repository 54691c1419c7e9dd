import { isUtf8 } from 'node:buffer';

/** A line without its end, or why it cannot be read as text. */
export type Line = string | UnreadableLine;

/** Why a line is no text. */
export interface UnreadableLine {
  readonly reason: string;
}

/** Longest line that is kept, in bytes. A trace line has some hundreds. */
export const LINE_BYTES_MAX: number = 1024 * 1024;

const TOO_LONG: UnreadableLine = { reason: 'it is too long' };
const NOT_UTF8: UnreadableLine = { reason: 'it is not UTF-8' };

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);
/** What a decoder puts in the place of bytes that are no UTF-8; a text may hold it as well. */
const REPLACEMENT = '\u{fffd}';

/**
 * Cuts a stream of UTF-8 bytes or text into lines, however the chunks fall, holding one chunk and one line at a
 * time. A byte order mark is dropped, and so is the carriage return of a Windows line end. A last line without
 * a line end counts; an empty one after the last line end does not.
 * @param onLine - called with each line and its number, from 1
 */
export async function forEachLine(
  chunks: AsyncIterable<Uint8Array | string>,
  onLine: (line: Line, lineNumber: number) => void,
): Promise<void> {
  const cutter = new LineCutter(onLine);
  for await (const chunk of chunks) cutter.push(bytesOf(chunk));
  cutter.end();
}

/** Returns a chunk as bytes; those of a chunk that already is bytes are not copied. */
export function bytesOf(chunk: Uint8Array | string): Buffer {
  if (typeof chunk === 'string') return Buffer.from(chunk, 'utf8');
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

class LineCutter {
  readonly #onLine: (line: Line, lineNumber: number) => void;
  #lineNumber = 0;
  /** Of the line that has no end yet. */
  #pieces: Buffer[] = [];
  #length = 0;

  constructor(onLine: (line: Line, lineNumber: number) => void) {
    this.#onLine = onLine;
  }

  push(bytes: Buffer): void {
    let from = 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
      this.#extend(bytes.subarray(from, at));
      this.#emit();
      from = at + 1;
    }
    // A copy: the next chunk may come in the same memory.
    if (from < bytes.length) this.#extend(Buffer.from(bytes.subarray(from)));
  }

  end(): void {
    if (this.#length > 0) this.#emit();
  }

  #extend(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length > LINE_BYTES_MAX) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  #emit(): void {
    this.#lineNumber += 1;
    const line = this.#length > LINE_BYTES_MAX ? TOO_LONG : textOf(this.#bytes());
    this.#pieces = [];
    this.#length = 0;
    this.#onLine(line, this.#lineNumber);
  }

  #bytes(): Buffer {
    const [first = Buffer.alloc(0), ...others] = this.#pieces;
    const bytes = others.length === 0 ? first : Buffer.concat(this.#pieces);
    const isMarked = this.#lineNumber === 1 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK);
    return bytes.subarray(isMarked ? 3 : 0, bytes.at(-1) === CARRIAGE_RETURN ? -1 : undefined);
  }
}

function textOf(bytes: Buffer): Line {
  const text = bytes.toString('utf8');
  return text.includes(REPLACEMENT) && !isUtf8(bytes) ? NOT_UTF8 : text;
}
