import type { ZodError, ZodType } from 'zod';
import type { Line } from './lines.ts';

/** A line that was read, or why it could not be. */
export type ParsedLine<T> = { readonly value: T } | { readonly reason: string };

/** Reads one line as JSON of the shape that `schema` describes. */
export function parseLine<T>(line: Line, schema: ZodType<T>): ParsedLine<T> {
  if (line === null) return { reason: 'it is too long' };
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { reason: 'it is not JSON' };
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? { value: parsed.data } : { reason: firstIssue(parsed.error) };
}

function firstIssue(error: ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'it has another shape';
  const field = issue.path.join('.');
  return field === '' ? issue.message : `${field}: ${issue.message}`;
}
