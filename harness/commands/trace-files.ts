import { createWriteStream, fchmodSync, rmSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { extname } from 'node:path';
import type { JournalRecord } from '../../mock-kraken/index.ts';
import { TraceSealer } from '../judge/history/index.ts';
import type { TraceHeader } from '../judge/history/index.ts';
import { openEvidenceFile } from './evidence-place.ts';
import type { EvidencePlace } from './evidence-place.ts';

/** Where a trace goes, and what stands in it beside the calls. */
export interface TraceFilesOptions {
  readonly place: EvidencePlace;
  /** Of every file. */
  readonly header: TraceHeader;
  /** Takes credentials out of what a client called things. */
  readonly redact: (text: string) => string;
}

/**
 * Writes calls to a file while they happen. What comes after a reset is another history, in which nonces may start
 * over, so it goes to a file of its own: `trace.ndjson`, `trace.2.ndjson`, `trace.3.ndjson` … Each is sealed when it
 * is complete; one whose writer was killed has a header and no footer.
 */
export class TraceFiles {
  readonly #path: string;
  readonly #mode: number;
  readonly #header: TraceHeader;
  readonly #redact: (text: string) => string;
  #stream: WriteStream;
  #sealer: TraceSealer;
  #histories = 1;
  #calls = 0;
  #failure: Error | null = null;
  private constructor({ place, header, redact }: TraceFilesOptions) {
    this.#path = place.path;
    this.#mode = place.mode;
    this.#header = header;
    this.#redact = redact;
    this.#sealer = new TraceSealer(redact);
    this.#stream = this.#create(place.path);
  }

  /** @throws {UsageError} when the file cannot be written */
  static async open(options: TraceFilesOptions): Promise<TraceFiles> {
    await openEvidenceFile(options.place);
    return new TraceFiles(options);
  }

  /** How many calls were written. */
  get calls(): number {
    return this.#calls;
  }

  write(call: JournalRecord): void {
    this.#stream.write(this.#sealer.record(call));
    this.#calls += 1;
  }

  /** From now on calls go to the next file. */
  next(): void {
    this.#stream.end(this.#sealer.footer());
    this.#histories += 1;
    const extension = extname(this.#path);
    const stem = this.#path.slice(0, this.#path.length - extension.length);
    this.#stream = this.#create(`${stem}.${this.#histories}${extension}`);
  }

  /** @returns what went wrong on the way, if anything: then calls are missing */
  async close(): Promise<Error | null> {
    await new Promise<void>((resolve) => {
      this.#stream.end(this.#sealer.footer(), () => resolve());
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
    this.#sealer = new TraceSealer(this.#redact);
    stream.write(this.#sealer.header(this.#header));
    return stream;
  }
}
