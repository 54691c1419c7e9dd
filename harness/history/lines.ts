/** What {@link forEachLine} hands over: the line without its end, or `null` when it was too long to keep. */
export type Line = string | null;

/** Longest line that is kept, in UTF-16 code units. A trace line has some hundreds. */
export const LINE_LENGTH_MAX: number = 1024 * 1024;

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
  const decoder = new TextDecoder();
  const cutter = new LineCutter(onLine);
  for await (const chunk of chunks) {
    cutter.push(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
  }
  cutter.push(decoder.decode());
  cutter.end();
}

class LineCutter {
  readonly #onLine: (line: Line, lineNumber: number) => void;
  #lineNumber = 0;
  #rest = '';
  #restTooLong = false;

  constructor(onLine: (line: Line, lineNumber: number) => void) {
    this.#onLine = onLine;
  }

  push(text: string): void {
    const pieces = text.split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      this.#extend(piece);
      this.#emit();
    }
    this.#extend(last);
  }

  end(): void {
    if (this.#rest !== '' || this.#restTooLong) this.#emit();
  }

  #extend(piece: string): void {
    if (this.#restTooLong) return;
    this.#restTooLong = this.#rest.length + piece.length > LINE_LENGTH_MAX;
    this.#rest = this.#restTooLong ? '' : this.#rest + piece;
  }

  #emit(): void {
    this.#lineNumber += 1;
    const line = this.#rest.endsWith('\r') ? this.#rest.slice(0, -1) : this.#rest;
    this.#onLine(this.#restTooLong ? null : line, this.#lineNumber);
    this.#rest = '';
    this.#restTooLong = false;
  }
}
