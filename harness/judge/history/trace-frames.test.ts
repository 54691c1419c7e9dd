import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { aCall } from '../rules/history.test-support.ts';
import { LastLineHash } from './last-line-hash.ts';
import { readTrace } from './trace-file.ts';
import type { TraceReading } from './trace-file.ts';
import { formatFooterLine, formatHeaderLine, TRACE_VERSION } from './trace-frame.ts';
import type { TraceHeader } from './trace-frame.ts';
import { formatTraceLine } from './trace-line.ts';
import { sealTrace, TraceSealer } from './trace-sealer.ts';

const HEADER: TraceHeader = {
  version: TRACE_VERSION,
  nonceproof: '1.0.0',
  command: 'mock',
  target: 'a bot',
  startedAt: '2026-11-26T01:00:00.000Z',
  accounts: 2,
  scope: 'key',
  seed: 7,
  scenario: { users: 2 },
};

async function* chunksOf(text: string): AsyncGenerator<string> {
  yield text;
}

interface Read extends TraceReading {
  readonly seqs: readonly number[];
  readonly headers: readonly TraceHeader[];
}

async function read(...lines: readonly string[]): Promise<Read> {
  const [seqs, headers]: [number[], TraceHeader[]] = [[], []];
  const reading = await readTrace(
    chunksOf(lines.join('')),
    (call) => seqs.push(call.seq),
    (header) => headers.push(header),
  );
  return { ...reading, seqs, headers };
}

/** The lines of a sealed trace of these calls. */
function sealed(calls: readonly JournalRecord[], header: TraceHeader = HEADER): readonly string[] {
  return [...sealTrace(header, calls)].join('').split(/(?<=\n)/);
}

const [HEAD = '', FIRST = '', SECOND = '', FOOT = ''] = sealed([aCall(1), aCall(2)]);

describe('the header', () => {
  it('is handed over once, before the calls, and stands in the reading', async () => {
    const order: string[] = [];
    const text = HEAD + FIRST + SECOND + FOOT;
    await readTrace(
      chunksOf(text),
      ({ seq }) => order.push(`#${seq}`),
      ({ target }) => order.push(target),
    );
    expect(order).toEqual(['a bot', '#1', '#2']);
    expect(await read(text)).toMatchObject({ header: HEADER, headers: [HEADER], sealed: true, calls: 2 });
    expect(await read(FIRST)).toMatchObject({ header: null, headers: [], sealed: false });
  });

  it.each([
    [
      'after a record',
      [FIRST, HEAD, SECOND],
      'Header or footer where none may be, on 1 line: line 2 (a header).',
    ],
    [
      'a second time',
      [HEAD, FIRST, HEAD, SECOND],
      'Header or footer where none may be, on 1 line: line 3 (a header).',
    ],
    [
      'after an empty line',
      ['\n', HEAD, FIRST],
      'Header or footer where none may be, on 1 line: line 2 (a header).',
    ],
  ])('%s is misplaced', async (_what, lines, defect) => {
    const { defects, headers, sealed: isSealed } = await read(...lines);
    expect(defects).toContain(defect);
    expect(headers.length).toBe(lines[0] === HEAD ? 1 : 0);
    expect(isSealed).toBe(false);
  });

  it('that is missing leaves a footer without its beginning', async () => {
    const { defects, sealed: isSealed } = await read(FIRST, SECOND, FOOT);
    expect(isSealed).toBe(false);
    expect(defects[0]).toBe(
      'Line 1 is no header, although the trace has a footer: its beginning is missing.',
    );
  });

  it('of a later version is not understood, one of this version is', async () => {
    const later = sealed([aCall(1)], { ...HEADER, version: TRACE_VERSION + 1 });
    expect(await read(...later)).toMatchObject({
      sealed: false,
      defects: [
        `Line 1 says that the trace is of version ${TRACE_VERSION + 1}: this nonceproof reads up to ${TRACE_VERSION}.`,
      ],
    });
  });

  it.each([
    ['{"header":{}}', 'line 1 (header.version: '],
    [JSON.stringify({ header: { ...HEADER, accounts: -1 } }), 'line 1 (header.accounts: '],
    [JSON.stringify({ header: { ...HEADER, startedAt: 'today' } }), 'line 1 (header.startedAt: '],
    ['{"footer":{"records":0,"sha256":"0"}}', 'line 1 (footer.sha256: expected 64 hexadecimal digits)'],
  ])('%s cannot be read', async (line, words) => {
    const { defects, header } = await read(`${line}\n`, FIRST);
    expect(header).toBeNull();
    expect(defects).toHaveLength(1);
    expect(defects[0]).toContain(words);
  });

  it('is told from a record by its seq', async () => {
    const odd = FIRST.replace('{', '{"header":1,"footer":2,');
    expect(await read(odd)).toMatchObject({ seqs: [1], defects: [] });
    for (const line of ['null\n', '7\n', '"header"\n'])
      expect((await read(line)).defects[0]).toContain(
        '1 line could not be read: line 1 (Invalid input: expected object',
      );
  });
});

describe('the footer', () => {
  it('counts lines that could not be read among the records', async () => {
    const lines = [HEAD, FIRST, 'garbage\n', SECOND];
    const { defects } = await read(...lines, formatFooterLine({ records: 3, sha256: hashOf(lines) }));
    expect(defects).toEqual(['1 line could not be read: line 3 (it is not JSON).']);
  });

  it('right after the header speaks of one line', async () => {
    expect(await read(...sealed([]))).toMatchObject({ sealed: true, defects: [], calls: 0 });
    const { defects } = await read(HEAD, formatFooterLine({ records: 0, sha256: '0'.repeat(64) }));
    expect(defects).toEqual([
      'The hash in the footer is not that of line 1: they were changed after they were written.',
    ]);
  });

  it('that is followed by records says how many', async () => {
    const { defects } = await read(HEAD, FIRST, FOOT, SECOND, formatTraceLine(aCall(3)));
    expect(defects).toEqual(['The footer on line 3 is not the last line: 2 more follow.']);
  });

  it('is missing of a trace that has a header, and not of one that has none', async () => {
    expect((await read(HEAD, FIRST)).defects).toEqual([
      'The trace ends after line 2 without a footer: it was cut off, or its writer was ended.',
    ]);
    expect((await read(FIRST, SECOND)).defects).toEqual([]);
  });
});

function hashOf(lines: readonly string[]): string {
  const hash = new LastLineHash();
  hash.push(Buffer.from(lines.join('')));
  return hash.finish().all;
}

describe('a file that is not sealed', () => {
  it('is known by the hash of all its bytes', async () => {
    expect((await read(FIRST, SECOND)).sha256).toBe(hashOf([FIRST, SECOND]));
    expect((await read(HEAD, FIRST)).sha256).toBe(hashOf([HEAD, FIRST]));
    expect((await read(HEAD, FIRST, SECOND, FOOT)).sha256).toBe(hashOf([HEAD, FIRST, SECOND]));
  });
});

describe('the bytes before the last line are hashed', () => {
  /** How the bytes fall into what the seal asks, pushed in chunks of `size`. */
  function hashed(text: string, size: number): { readonly before: string; readonly last: string } {
    const hash = new LastLineHash();
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += size) hash.push(bytes.subarray(at, at + size));
    const { all, beforeLastLine, lastLine } = hash.finish();
    expect(all).toBe(hashOf([text]));
    return { before: beforeLastLine(''), last: lastLine };
  }

  it.each([
    ['', '', ''],
    ['a', '', 'a'],
    ['a\n', '', 'a\n'],
    ['a\nb', 'a\n', 'b'],
    ['a\nb\n', 'a\n', 'b\n'],
    ['a\nb\n\n', 'a\nb\n', '\n'],
    ['\n\n', '\n', '\n'],
    [`a\n${'é'.repeat(2_047)}x\n`, 'a\n', `${'é'.repeat(2_047)}x\n`],
  ])('%j', (text, before, last) => {
    for (const size of [1, 2, 3, 10_000])
      expect(hashed(text, size)).toEqual({ before: hashOf([before]), last });
  });

  it('a last line longer than 4,096 bytes is no footer and is not kept', () => {
    const longest = `${'x'.repeat(4_095)}\n`;
    expect(hashed(`a\n${longest}`, 9_999)).toEqual({ before: hashOf(['a\n']), last: longest });
    const longer = `a\nx${longest}`;
    expect(hashed(longer, 9_999)).toEqual({ before: hashOf([longer]), last: '' });
    expect(hashed(`${longer}b\n`, 9_999)).toEqual({ before: hashOf([longer]), last: 'b\n' });
  });
});

describe('a sealed trace is written', () => {
  it('in pieces of 500 records that are the whole file', () => {
    const calls = Array.from({ length: 1_001 }, (_, n) => aCall(n + 1));
    const pieces = [...sealTrace(HEADER, calls)];
    expect(pieces.map((piece) => piece.split('\n').length - 1)).toEqual([501, 500, 2]);
    expect(pieces.join('').startsWith(formatHeaderLine(HEADER))).toBe(true);
    expect([...sealTrace(HEADER, calls.slice(0, 500))].map((piece) => piece.split('\n').length - 1)).toEqual([
      501, 1,
    ]);
  });

  it('with what the seal says of it in the end', () => {
    const seals = sealTrace(HEADER, [aCall(1), aCall(2)]);
    const text = String(seals.next().value);
    const { done, value } = seals.next();
    expect({ done, value }).toEqual({
      done: true,
      value: { records: 2, sha256: hashOf([HEAD, FIRST, SECOND]) },
    });
    expect(text).toBe([HEAD, FIRST, SECOND, FOOT].join(''));
  });

  it('without credentials, and sealed as it is then', async () => {
    const redact = (text: string): string =>
      text.replaceAll('MASTER', '[hidden]').replaceAll('bot', '[hidden]');
    const pieces = [...sealTrace(HEADER, [aCall(1)], redact)];
    expect(pieces.join('')).not.toMatch(/MASTER|bot/);
    expect(await read(...pieces)).toMatchObject({ sealed: true, defects: [] });
  });

  it('line by line, and a seal may be asked for at any time', () => {
    const sealer = new TraceSealer();
    expect(sealer.header(HEADER)).toBe(HEAD);
    expect(sealer.seal()).toEqual({ records: 0, sha256: hashOf([HEAD]) });
    expect(sealer.record(aCall(1))).toBe(FIRST);
    expect(sealer.seal()).toEqual({ records: 1, sha256: hashOf([HEAD, FIRST]) });
    expect(sealer.record(aCall(2)) + sealer.footer()).toBe(SECOND + FOOT);
  });
});
