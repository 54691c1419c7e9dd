import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';

/** The part of what is kept that is kept of the beginning; the rest is of the end, where last words are. */
const HEAD_SHARE = 0.75;
const NEWLINE = 0x0a;

/**
 * Passes a program's output on, but of more than `bytesMax` bytes only the beginning and the end, with a line between
 * them that says how much was left out. Neither memory nor disk grows with what a program prints.
 *
 * It cuts between lines where there are any, so that half of a credential, which would not be recognized any more,
 * does not stay.
 */
export class BoundedOutput extends Transform {
  readonly #bytesMax: number;
  #headBytes = 0;
  #isHeadOver = false;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  /** Bytes that were left out; complete once the stream has ended. */
  leftOut = 0;

  constructor(bytesMax: number) {
    super();
    this.#bytesMax = bytesMax;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#keepInTail(this.#isHeadOver ? chunk : this.#passHead(chunk));
    done();
  }

  override _flush(done: TransformCallback): void {
    const tail = this.#endOfTail(Buffer.concat(this.#tail));
    if (this.leftOut > 0) this.push(`\n[nonceproof left out ${this.leftOut} bytes here]\n`);
    if (tail.length > 0) this.push(tail);
    done();
  }

  /** What the beginning does not take. */
  get #tailMax(): number {
    return this.#bytesMax - this.#headBytes;
  }

  /** @returns what does not belong to the beginning */
  #passHead(chunk: Buffer): Buffer {
    const room = Math.floor(this.#bytesMax * HEAD_SHARE) - this.#headBytes;
    this.#isHeadOver = chunk.length > room;
    const end = this.#isHeadOver ? chunk.subarray(0, room).lastIndexOf(NEWLINE) + 1 : chunk.length;
    this.#headBytes += end;
    if (end > 0) this.push(chunk.subarray(0, end));
    return chunk.subarray(end);
  }

  /** Keeps a little more than the end, in whole chunks. */
  #keepInTail(chunk: Buffer): void {
    this.#tail.push(chunk);
    this.#tailBytes += chunk.length;
    while (this.#tailBytes - (this.#tail[0]?.length ?? 0) > this.#tailMax) {
      const first = this.#tail.shift()?.length ?? 0;
      this.#tailBytes -= first;
      this.leftOut += first;
    }
  }

  #endOfTail(tail: Buffer): Buffer {
    const surplus = Math.max(0, tail.length - this.#tailMax);
    if (surplus === 0 && this.leftOut === 0) return tail;
    const start = tail.indexOf(NEWLINE, surplus) + 1 || surplus;
    this.leftOut += start;
    return tail.subarray(start);
  }
}
