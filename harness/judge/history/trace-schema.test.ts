import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ANY_TRACE_LINE } from './trace-frame.ts';

const SHIPPED = new URL('./trace.schema.json', import.meta.url);

test('trace.schema.json says what the reader accepts', () => {
  const schema: unknown = z.toJSONSchema(ANY_TRACE_LINE, { io: 'input' });
  // When this fails: write `schema` to the file, and think of those who produce such files.
  expect(JSON.parse(readFileSync(SHIPPED, 'utf8'))).toEqual(schema);
});
