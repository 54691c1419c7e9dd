/** Writes whole numbers and text into bytes, small numbers into few. */
export class ByteWriter {
  readonly #bytes: number[] = [];

  byte(value: number): void {
    this.#bytes.push(value & 0xff);
  }

  /** A whole number from 0 to 2^53: seven bits a byte, low ones first. */
  number(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) + 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  raw(bytes: Uint8Array): void {
    this.#bytes.push(...bytes);
  }

  text(value: string): void {
    const bytes = Buffer.from(value, 'utf8');
    this.number(bytes.length);
    this.raw(bytes);
  }

  bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }
}

/** The bytes ended before what was to be read. */
export class BytesEndedError extends Error {}

/** Reads what a {@link ByteWriter} wrote. Every method throws {@link BytesEndedError} at the end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #place = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#place >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#place];
    if (byte === undefined) throw new BytesEndedError();
    this.#place += 1;
    return byte;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new BytesEndedError();
  }

  raw(length: number): Buffer {
    if (this.#place + length > this.#bytes.length) throw new BytesEndedError();
    this.#place += length;
    return Buffer.from(this.#bytes.subarray(this.#place - length, this.#place));
  }

  text(): string {
    return this.raw(this.number()).toString('utf8');
  }
}
