import type { Verdict } from '../verdict/index.ts';
import { forJson } from './escape.ts';

/** `verdict.json`: the verdict as it is, indented, with a final newline. */
export function jsonReport(verdict: Verdict): string {
  return `${forJson(verdict, 2)}\n`;
}
