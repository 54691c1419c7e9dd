import type { Verdict } from '../verdict/index.ts';

/** `verdict.json`: the verdict as it is, indented, with a final newline. */
export function jsonReport(verdict: Verdict): string {
  return `${JSON.stringify(verdict, null, 2)}\n`;
}
