import type { HashedBytes } from './last-line-hash.ts';
import { NamedLines } from './named-lines.ts';
import { formatTraceEnd } from './trace-end.ts';
import { formatFooterLine, TRACE_VERSION } from './trace-frame.ts';
import type { TraceFooter, TraceHeader } from './trace-frame.ts';

/** A line of a trace that is no record, and where it stands. */
interface Framed<T> {
  readonly value: T;
  readonly lineNumber: number;
}

/** Holds what a trace says of itself, in its header and its footer, against what it is. */
export class TraceSeal {
  readonly #misplaced = new NamedLines();
  #header: Framed<TraceHeader> | null = null;
  #footer: Framed<TraceFooter> | null = null;

  get header(): TraceHeader | null {
    return this.#header?.value ?? null;
  }

  get footer(): TraceFooter | null {
    return this.#footer?.value ?? null;
  }

  onHeader(header: TraceHeader, lineNumber: number): void {
    if (lineNumber === 1) this.#header = { value: header, lineNumber };
    else this.#misplaced.add(lineNumber, 'a header');
  }

  onFooter(footer: TraceFooter, lineNumber: number): void {
    if (this.#footer !== null) this.#misplaced.add(this.#footer.lineNumber, 'a footer');
    this.#footer = { value: footer, lineNumber };
  }

  /**
   * Returns what is wrong with the seal, in sentences. A trace with neither header nor footer has none to be wrong.
   * @param records - how many lines stood where records do
   */
  defects(read: {
    readonly lines: number;
    readonly records: number;
    readonly bytes: HashedBytes;
  }): readonly string[] {
    return [
      ...this.#misplaced.sentence((lines) => `Header or footer where none may be, on ${lines}`),
      ...this.#headerDefects(),
      ...this.#footerDefects(read),
    ];
  }

  /** Whether there is a header or a footer, so that the other must be there, too. */
  get isThere(): boolean {
    return this.#header !== null || this.#footer !== null;
  }

  #headerDefects(): readonly string[] {
    if (this.#header === null) {
      return this.isThere
        ? ['Line 1 is no header, although the trace has a footer: its beginning is missing.']
        : [];
    }
    const { version } = this.#header.value;
    if (version <= TRACE_VERSION) return [];
    return [
      `Line 1 says that the trace is of version ${version}: this nonceproof reads up to ${TRACE_VERSION}.`,
    ];
  }

  #footerDefects(read: Parameters<TraceSeal['defects']>[0]): readonly string[] {
    if (this.#footer === null) {
      const end = `The trace ends after line ${read.lines} without a footer`;
      return this.isThere ? [`${end}: it was cut off, or its writer was ended.`] : [];
    }
    const { value, lineNumber } = this.#footer;
    if (lineNumber !== read.lines) {
      return [
        `The footer on line ${lineNumber} is not the last line: ${read.lines - lineNumber} more follow.`,
      ];
    }
    return [
      ...(value.records === read.records
        ? []
        : [
            `The footer on line ${lineNumber} counts ${value.records} records, and there are ${read.records}.`,
          ]),
      ...this.#hashDefects(value, lineNumber, read.bytes),
    ];
  }

  #hashDefects(footer: TraceFooter, lineNumber: number, bytes: HashedBytes): readonly string[] {
    const told = footer.end === undefined ? '' : formatTraceEnd(footer.end);
    if (footer.sha256 !== bytes.beforeLastLine(told)) {
      const where = lineNumber === 2 ? 'line 1' : `lines 1 to ${lineNumber - 1}`;
      const alone = footer.end === undefined ? '' : ' and of how the run ended';
      return [
        `The hash in the footer is not that of ${where}${alone}: they were changed after they were written.`,
      ];
    }
    if (formatFooterLine(footer) === bytes.lastLine) return [];
    return [`The footer on line ${lineNumber} is not as it was written.`];
  }
}
