import { count } from '../../format.ts';

/** How many lines are named for each kind of defect. */
const LINES_NAMED_MAX = 5;

/** Counts lines, and keeps the numbers of the first few with a word on each. */
export class NamedLines {
  readonly #named: string[] = [];
  #count = 0;

  add(lineNumber: number, remark: string): void {
    this.#count += 1;
    if (this.#named.length < LINES_NAMED_MAX) this.#named.push(`line ${lineNumber} (${remark})`);
  }

  /** Empty when there was none. */
  sentence(phrase: (lines: string) => string): readonly string[] {
    if (this.#count === 0) return [];
    const others = this.#count - this.#named.length;
    const rest = others === 0 ? '' : ` and ${count(others, 'other')}`;
    return [`${phrase(count(this.#count, 'line'))}: ${this.#named.join(', ')}${rest}.`];
  }
}
