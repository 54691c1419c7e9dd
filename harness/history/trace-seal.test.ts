import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { aCall } from '../rules/history.test-support.ts';
import { readTrace } from './trace-file.ts';
import type { TraceReading } from './trace-file.ts';
import { sealTrace } from './trace-sealer.ts';

const HEADER = {
  version: 1,
  nonceproof: '1.0.0',
  command: 'verify',
  target: 'node bot.js',
  startedAt: '2026-11-26T01:00:00.000Z',
  accounts: 1,
  scope: 'global',
  seed: 7,
  scenario: {},
} as const;

const SEALED = [...sealTrace(HEADER, [aCall(1), aCall(2)])].join('');
const LINES = SEALED.split(/(?<=\n)/);
const FOOTER = LINES.at(-1) ?? '';

async function* chunksOf(text: string): AsyncGenerator<string> {
  yield text;
}

function read(text: string): Promise<TraceReading> {
  return readTrace(chunksOf(text), () => undefined);
}

function withFooter(change: (footer: string) => string): Promise<TraceReading> {
  return read([...LINES.slice(0, -1), change(FOOTER)].join(''));
}

it('a seal that fits is that of the lines before the footer', async () => {
  const sha256 = createHash('sha256').update(LINES.slice(0, -1).join('')).digest('hex');
  expect(await read(SEALED)).toMatchObject({ sealed: true, defects: [], sha256 });
});

it.each<readonly [string, (footer: string) => string]>([
  ['a space', (footer) => footer.replace(':', ': ')],
  ['a space after it', (footer) => footer.replace('\n', ' \n')],
  ['no line end', (footer) => footer.trimEnd()],
  ['a Windows line end', (footer) => footer.replace('\n', '\r\n')],
  ['another field', (footer) => footer.replace('{"records"', '{"by":"me","records"')],
  ['another field outside of it', (footer) => footer.replace('{"footer"', '{"by":"me","footer"')],
  ['its fields the other way round', (footer) => footer.replace(/("records":\d+),("sha256":"\w+")/, '$2,$1')],
  ['a field twice', (footer) => footer.replace('{"records"', '{"records":7,"records"')],
  ['a number in another spelling', (footer) => footer.replace('"records":2', '"records":2.0')],
  ['a letter as an escape', (footer) => footer.replace('sha256', '\\u0073ha256')],
])('a footer with %s is not as it was written', async (_, change) => {
  expect(change(FOOTER)).not.toBe(FOOTER);
  expect(await withFooter(change)).toMatchObject({
    sealed: false,
    defects: ['The footer on line 4 is not as it was written.'],
  });
});

it.each([
  [FOOTER.replace(/[0-9a-f]{64}/, '0'.repeat(64)), 'The hash in the footer is not that of lines 1 to 3'],
  [FOOTER.replace('"records":2', '"records":3'), 'counts 3 records, and there are 2'],
  ['', 'The trace ends after line 3 without a footer: it was cut off, or its writer was ended.'],
  [`${FOOTER}\n`, 'The footer on line 4 is not the last line: 1 more follow'],
  [`${FOOTER}${FOOTER}`, 'Header or footer where none may be, on 1 line: line 4 (a footer)'],
])('a footer %j is found', async (footer, words) => {
  const { sealed, defects } = await withFooter(() => footer);
  expect(sealed).toBe(false);
  expect(defects.join(' ')).toContain(words);
});
