import { createHash } from 'node:crypto';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { formatTraceEnd } from './trace-end.ts';
import type { TraceEnd } from './trace-end.ts';
import { formatFooterLine, formatHeaderLine } from './trace-frame.ts';
import type { TraceFooter, TraceHeader } from './trace-frame.ts';
import { formatTraceLine } from './trace-line.ts';

/**
 * Makes the lines of a sealed trace, one after the other: `header` once, `record` for each call in arrival order,
 * `footer` once. Keeps no line, so a trace may be as long as its disk. A writer that ends early has written a file
 * that is readable to its last whole line, and that has no footer.
 *
 * The seal shows that a file is whole and as it was written. It is no signature: a program that makes up a whole
 * file can seal it.
 */
export class TraceSealer {
  readonly #hash = createHash('sha256');
  readonly #redact: (text: string) => string;
  #records = 0;

  /** @param redact - takes credentials out of a line, which stays JSON. Default: there are none */
  constructor(redact: (text: string) => string = asItIs) {
    this.#redact = redact;
  }

  header(header: TraceHeader): string {
    return this.#sealed(this.#redact(formatHeaderLine(header)));
  }

  record(call: JournalRecord): string {
    this.#records += 1;
    return this.#sealed(this.#redact(formatTraceLine(call)));
  }

  /** @param end - without credentials; absent where no target was started */
  footer(end?: TraceEnd): string {
    return formatFooterLine(this.seal(end));
  }

  /** What the footer says of the lines so far. */
  seal(end?: TraceEnd): TraceFooter {
    const hash = this.#hash.copy();
    if (end !== undefined) hash.update(formatTraceEnd(end));
    return { records: this.#records, end, sha256: hash.digest('hex') };
  }

  #sealed(line: string): string {
    this.#hash.update(line);
    return line;
  }
}

function asItIs(text: string): string {
  return text;
}

/** Records in one piece of text: a line on its own would cost a write of its own. */
const RECORDS_PER_PIECE = 500;

/** Returns a whole sealed trace in pieces of text. */
export function* sealTrace(
  header: TraceHeader,
  calls: Iterable<JournalRecord>,
  redact: (text: string) => string = asItIs,
  end?: TraceEnd,
): Generator<string, TraceFooter> {
  const sealer = new TraceSealer(redact);
  let piece = sealer.header(header);
  let records = 0;
  for (const call of calls) {
    piece += sealer.record(call);
    records += 1;
    if (records % RECORDS_PER_PIECE > 0) continue;
    yield piece;
    piece = '';
  }
  yield piece + sealer.footer(end);
  return sealer.seal(end);
}
