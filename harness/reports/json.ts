import type { Verdict } from '../judge/verdict/index.ts';
import { forJson } from './content/index.ts';

/** `verdict.json`: the verdict as it is, indented, with a final newline. */
export function jsonReport(verdict: Verdict): string {
  return `${forJson(verdict, 2)}\n`;
}
