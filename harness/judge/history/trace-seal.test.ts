import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aCall } from '../rules/history.test-support.ts';
import type { TraceEnd } from './trace-end.ts';
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

const END: TraceEnd = {
  exit: {
    status: null,
    signal: 'SIGTERM',
    endedBy: 'time-limit',
    timeoutMs: 2_000,
    stillness: { lastMs: 1, longestBeforeMs: 0.5 },
  },
  struck: ['kill'],
  defects: ['a "reason"'],
};
const WITH_END = [...sealTrace(HEADER, [aCall(1), aCall(2)], undefined, END)].join('');

describe('what a footer tells of the end of a run', () => {
  it('is read from it', async () => {
    expect(await read(WITH_END)).toMatchObject({ sealed: true, defects: [], end: END });
    expect((await read(SEALED)).end).toBeNull();
  });

  it('is in the hash that names the trace', async () => {
    const { sha256 } = await read(WITH_END);
    expect(WITH_END).toContain(`"sha256":"${sha256}"`);
    expect(sha256).not.toBe((await read(SEALED)).sha256);
  });

  it.each<readonly [string, (text: string) => string]>([
    ['a status', (text) => text.replace('"status":null', '"status":0')],
    ['a signal', (text) => text.replace('"SIGTERM"', 'null')],
    ['what ended it', (text) => text.replace('"time-limit"', 'null')],
    ['a time limit', (text) => text.replace('"timeoutMs":2000', '"timeoutMs":2001')],
    ['its stillness', (text) => text.replace('"lastMs":1', '"lastMs":0')],
    ['its stillness, taken out', (text) => text.replace(/,"stillness":\{[^}]*\}/, '')],
    ['a fault that struck', (text) => text.replace('["kill"]', '["kill","stop"]')],
    ['a defect, taken out', (text) => text.replace('["a \\"reason\\""]', '[]')],
    ['all of it, taken out', (text) => text.replace(/"end":.*,"sha256"/, '"sha256"')],
  ])('is found when it was changed: %s', async (_, change) => {
    expect(change(WITH_END)).not.toBe(WITH_END);
    const { sealed, end, defects } = await read(change(WITH_END));
    expect([sealed, end]).toEqual([false, null]);
    expect(defects.join()).toContain('The hash in the footer is not that of lines 1 to 3');
  });

  it('is found when it was put in', async () => {
    const put = `"end":{"exit":{"status":0,"signal":null,"endedBy":null,"timeoutMs":1},"struck":[],"defects":[]},"sha256"`;
    expect((await withFooter((footer) => footer.replace('"sha256"', put))).defects.join()).toContain(
      'and of how the run ended: they were changed',
    );
  });

  it('is no footer in another shape', async () => {
    const { sealed, defects } = await withFooter((footer) => footer.replace('"sha256"', '"end":7,"sha256"'));
    expect(sealed).toBe(false);
    expect(defects.join()).toContain('could not be read');
  });
});
