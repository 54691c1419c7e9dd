import type { ZodError, ZodType } from 'zod';
import type { Line } from './lines.ts';

/** A line that was read, or why it could not be. */
export type ParsedLine<T> = { readonly value: T } | { readonly reason: string };

/** Reads one line as JSON of the shape that `schema` describes. */
export function parseLine<T>(line: Line, schema: ZodType<T>): ParsedLine<T> {
  const parsed = parseJson(line);
  return 'value' in parsed ? fit(parsed.value, schema) : parsed;
}

/** Reads one line as JSON of any shape. */
export function parseJson(line: Line): ParsedLine<unknown> {
  if (typeof line !== 'string') return line;
  try {
    return { value: JSON.parse(line) };
  } catch {
    return { reason: 'it is not JSON' };
  }
}

/** Checks that a value has the shape that `schema` describes. */
export function fit<T>(value: unknown, schema: ZodType<T>): ParsedLine<T> {
  const parsed = schema.safeParse(value);
  return parsed.success ? { value: parsed.data } : { reason: firstIssue(parsed.error) };
}

function firstIssue(error: ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'it has another shape';
  const field = issue.path.join('.');
  return field === '' ? issue.message : `${field}: ${issue.message}`;
}
