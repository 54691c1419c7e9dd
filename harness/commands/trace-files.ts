import { createWriteStream, fchmodSync, rmSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { extname } from 'node:path';
import type { JournalRecord } from '../../mock-kraken/index.ts';
import { formatTraceLine } from '../history/index.ts';
import { openEvidenceFile } from './evidence-place.ts';

/** Where a trace goes. */
export interface TracePlace {
  readonly path: string;
  /** As the user named it. */
  readonly named: string;
  /** Permissions of the file. */
  readonly mode: number;
}

/**
 * Writes calls to a file while they happen. What comes after a reset is another history, in which nonces may start
 * over, so it goes to a file of its own: `trace.ndjson`, `trace.2.ndjson`, `trace.3.ndjson` …
 */
export class TraceFiles {
  readonly #path: string;
  #stream: WriteStream;
  #histories = 1;
  #calls = 0;
  #failure: Error | null = null;
  readonly #redact: (text: string) => string;

  readonly #mode: number;

  private constructor({ path, mode }: TracePlace, redact: (text: string) => string) {
    this.#path = path;
    this.#mode = mode;
    this.#redact = redact;
    this.#stream = this.#create(path);
  }

  /**
   * @param redact - takes credentials out of what a client called things
   * @throws {UsageError} when the file cannot be written
   */
  static async open(place: TracePlace, redact: (text: string) => string): Promise<TraceFiles> {
    await openEvidenceFile(place);
    return new TraceFiles(place, redact);
  }

  /** How many calls were written. */
  get calls(): number {
    return this.#calls;
  }

  write(call: JournalRecord): void {
    this.#stream.write(this.#redact(formatTraceLine(call)));
    this.#calls += 1;
  }

  /** From now on calls go to the next file. */
  next(): void {
    this.#stream.end();
    this.#histories += 1;
    const extension = extname(this.#path);
    const stem = this.#path.slice(0, this.#path.length - extension.length);
    this.#stream = this.#create(`${stem}.${this.#histories}${extension}`);
  }

  /** @returns what went wrong on the way, if anything: then calls are missing */
  async close(): Promise<Error | null> {
    await new Promise<void>((resolve) => {
      this.#stream.end(() => resolve());
      this.#stream.once('error', () => resolve());
    });
    return this.#failure;
  }

  #create(path: string): WriteStream {
    // A new file, so that nothing that stands in its place is followed or waited for.
    rmSync(path, { force: true });
    const stream = createWriteStream(path, { flags: 'wx', mode: this.#mode });
    stream.on('open', (fd) => fchmodSync(fd, this.#mode));
    stream.on('error', (error) => (this.#failure ??= error));
    return stream;
  }
}
