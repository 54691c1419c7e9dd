import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { aCall } from '../rules/history.test-support.ts';
import { readTrace } from './trace-file.ts';
import type { TraceReading } from './trace-file.ts';
import { formatTraceLine } from './trace-line.ts';

async function* chunksOf(text: string): AsyncGenerator<string> {
  yield text;
}

async function read(text: string): Promise<TraceReading & { readonly records: readonly JournalRecord[] }> {
  const records: JournalRecord[] = [];
  const reading = await readTrace(chunksOf(text), (call) => records.push(call));
  return { ...reading, records };
}

function line(seq: number, changes: Record<string, unknown> = {}): string {
  return `${JSON.stringify({ ...aCall(seq), ...changes })}\n`;
}

const TWICE = { outcome: 'faulted', fault: 'duplicate-second-reply' } as const;

test('what was written is read', async () => {
  const calls = [
    aCall(1),
    aCall(2, { departedNs: null, nonce: null }),
    aCall(3, { ...TWICE, repliedNs: 31_000_000, replyLost: true }),
    aCall(4, { ...TWICE, nonce: aCall(3).nonce, duplicateOf: 3 }),
    aCall(5, { nonceParsed: '1795353736170000128' }),
    aCall(6, { committedNs: 60_000_007 }),
  ];
  const { records, defects } = await read(calls.map(formatTraceLine).join(''));
  expect(records).toEqual(calls);
  expect(defects).toEqual([]);
});

test('fields that the format does not have are ignored, and tag and clientRef may be missing', async () => {
  const { records, defects } = await read(line(1, { tag: undefined, clientRef: undefined, host: 'a' }));
  expect(records).toEqual([aCall(1)]);
  expect(defects).toEqual([]);
});

test('times as strings, since 1970, are put on the origin of the first', async () => {
  const first = line(1, { arrivedNs: '1795353736170000000', departedNs: '1795353736170000007' });
  const second = line(2, { arrivedNs: '1795353736170000009', departedNs: null });
  const { records, defects } = await read(first + second);
  expect(records.map(({ arrivedNs, departedNs }) => [arrivedNs, departedNs])).toEqual([
    [0, 7],
    [9, null],
  ]);
  expect(defects).toEqual([]);
});

test('an older digest of a nameless order is read as what it asked for, and a fault as a lost reply', async () => {
  const effect = { kind: 'order', ids: ['O1'] } as const;
  const older = { method: 'AddOrder', effect, bodyDigest: 'b' };
  const lost = { ...older, outcome: 'faulted', fault: 'truncate' };
  const slow = { ...older, outcome: 'faulted', fault: 'slow-drip' };
  const { records } = await read(line(1, older) + line(2, lost) + line(3, slow));
  const intents = [{ digest: 'b', likeness: 'b', id: 'O1' }];
  expect(records).toMatchObject([{ intents }, { intents, replyLost: true }, { intents }]);
  expect(records.map((record) => 'replyLost' in record)).toEqual([false, true, false]);
});

test('a nonce may be a number as long as it is exact', async () => {
  const { records, defects } = await read(
    line(1, { nonce: 1_795_353_736_170 }) + line(2, { nonce: 2 ** 60 }),
  );
  expect(records.map(({ nonce }) => nonce)).toEqual(['1795353736170']);
  expect(defects).toEqual([
    '1 line could not be read: line 2 (nonce: expected an integer; beyond 2^53 it must be a string).',
  ]);
});

describe('reported with its line number, and not judged, is', () => {
  test.each([
    ['garbage', 'it is not JSON'],
    ['[]', 'Invalid input: expected object, received array'],
    ['{"seq":2}', 'account: Invalid input: expected string, received undefined'],
    [
      line(2, { outcome: 'fine' }).trim(),
      'outcome: Invalid option: expected one of "accepted"|"rejected"|"faulted"',
    ],
    [line(2, { departedNs: 1 }).trim(), 'departedNs is before arrivedNs'],
    [line(2, { arrivedNs: '9223372036854775807' }).trim(), 'arrivedNs is more than 104 days from the first'],
    [
      line(2, { arrivedNs: 1.5 }).trim(),
      'arrivedNs: expected an integer; beyond 2^53 it must be a string of digits',
    ],
    [`"${'x'.repeat(1024 * 1024)}"`, 'it is too long'],
  ])('%.40s', async (bad, reason) => {
    const { records, defects } = await read(`${line(1)}${bad}\n${line(2)}`);
    expect(records.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(defects).toEqual([`1 line could not be read: line 2 (${reason}).`]);
  });

  test('half a line at the end of a file that was cut off', async () => {
    const { calls, defects } = await read(line(1) + line(2).slice(0, 40));
    expect(calls).toBe(1);
    expect(defects).toEqual(['1 line could not be read: line 2 (it is not JSON).']);
  });

  test('a call that arrived before the one above it', async () => {
    const { records, defects } = await read(line(1) + line(2, { arrivedNs: 5, departedNs: 6 }) + line(3));
    expect(records.map(({ seq }) => seq)).toEqual([1, 3]);
    expect(defects).toEqual(['Left out, for it arrived before the line above, 1 line: line 2 (#2).']);
  });
});

test('calls that are missing are noticed by their numbers', async () => {
  const { calls, defects } = await read(line(1) + line(4) + line(5));
  expect(calls).toBe(3);
  expect(defects).toEqual([
    'Calls are missing or mixed up: seq does not go up by one at 1 line: line 2 (#4 after #1).',
  ]);
});

test('of many bad lines only the first few are named', async () => {
  const { defects } = await read('x\n'.repeat(2_000));
  expect(defects).toHaveLength(1);
  expect(defects[0]).toMatch(
    /^2,000 lines could not be read: line 1 .*, line 5 \(it is not JSON\) and 1,995 others\.$/,
  );
});

test('empty lines are none, and neither is an empty file', async () => {
  expect(await read('')).toMatchObject({ calls: 0, defects: [] });
  expect(await read(`\n${line(1)}\r\n  \n${line(2)}\n`)).toMatchObject({ calls: 2, defects: [] });
});

test('the moment of a nonce lies within the service of its call, on the origin of the first', async () => {
  const first = line(1, { arrivedNs: '1795353736170000000', departedNs: '1795353736170000007' });
  const within = { arrivedNs: '1795353736170000009', departedNs: '1795353736170000030' };
  const second = line(2, { ...within, committedNs: '1795353736170000011' });
  const before = line(3, { ...within, committedNs: '1795353736170000008' });
  const after = line(4, { ...within, committedNs: '1795353736170000031' });
  const { records, defects } = await read(first + second + before + after);
  expect(records.map(({ committedNs }) => committedNs)).toEqual([undefined, 11]);
  expect(defects.join()).toContain('line 3 (committedNs is not between arrivedNs and departedNs)');
  expect(defects.join()).toContain('line 4 (committedNs');
});
