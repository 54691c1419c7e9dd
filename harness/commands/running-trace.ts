import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { JournalRecord } from '../../mock-kraken/index.ts';
import { TraceSealer } from '../judge/history/index.ts';
import type { TraceHeader } from '../judge/history/index.ts';
import { UsageError } from '../usage-error.ts';
import type { EvidencePlace } from './evidence-place.ts';

/** What stands in the trace of a run that goes on. */
export interface RunningTraceOptions {
  readonly place: EvidencePlace;
  readonly header: TraceHeader;
  /** Takes credentials out of a line. */
  readonly redact: (text: string) => string;
}

/**
 * Writes the trace of a run while it goes on, so that it is there when nonceproof itself is killed. It begins with the
 * header and has no footer: whatever reads it sees that it was cut off. The sealed trace, in which each record has what
 * became known of its reply later, is put in its place when the run is over.
 *
 * Each call is written before the next one is served, without a buffer: nothing is lost but half a line, memory does
 * not grow when the disk is slow, and the order is that of `seq`. A disk that is full ends the writing and not the run,
 * whose evidence may find room when it is over.
 */
export class RunningTrace {
  readonly #sealer: TraceSealer;
  #file: number | null;

  /** @throws {UsageError} when the file cannot be made */
  constructor({ place, header, redact }: RunningTraceOptions) {
    this.#sealer = new TraceSealer(redact);
    this.#file = create(place, this.#sealer.header(header));
  }

  /** Takes a call that is over; calls come in the order of arrival. */
  onCall(call: JournalRecord): void {
    if (this.#file === null) return;
    try {
      writeFileSync(this.#file, this.#sealer.record(call));
    } catch {
      this.close();
    }
  }

  /** Leaves the file as it is. */
  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}

/** Makes a file that has its first line from the beginning, in the place of an older one; no link is followed. */
function create({ path, named, mode }: EvidencePlace, header: string): number {
  const beside = `${path}.${randomBytes(8).toString('hex')}.part`;
  let file: number | undefined;
  try {
    file = openSync(beside, 'wx', mode);
    fchmodSync(file, mode);
    writeFileSync(file, header);
    renameSync(beside, path);
    return file;
  } catch (cause) {
    if (file !== undefined) closeSync(file);
    rmSync(beside, { force: true });
    const observed = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `Failed to write to ${named}: ${observed}. Make room for it, or name another place.`,
      cause,
    );
  }
}
