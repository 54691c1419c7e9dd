import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { aCall } from '../rules/history.test-support.ts';
import { readTrace } from './trace-file.ts';
import { formatTraceLine } from './trace-line.ts';

async function* chunksOf(text: string): AsyncGenerator<string> {
  yield text;
}

interface Read {
  readonly records: readonly JournalRecord[];
  readonly lineNumbers: readonly number[];
  readonly defects: readonly string[];
}

async function read(...lines: readonly Record<string, unknown>[]): Promise<Read> {
  const [records, lineNumbers]: [JournalRecord[], number[]] = [[], []];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const { defects } = await readTrace(chunksOf(text), (call, lineNumber) => {
    records.push(call);
    lineNumbers.push(lineNumber);
  });
  return { records, lineNumbers, defects };
}

function line(seq: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...aCall(seq), ...changes };
}

const SINCE_1970 = 1_795_353_736_170_000_000n;
const at = (ns: number): string => String(SINCE_1970 + BigInt(ns));
const FAR = '9007199254740993';

describe('times', () => {
  it('as small numbers or their digits stay as they are', async () => {
    const { records, defects } = await read(
      line(1, { arrivedNs: '10', departedNs: 20 }),
      line(2, { arrivedNs: 30, departedNs: '40' }),
    );
    expect(records.map(({ arrivedNs, departedNs }) => [arrivedNs, departedNs])).toEqual([
      [10, 20],
      [30, 40],
    ]);
    expect(defects).toEqual([]);
  });

  it('may be negative, and the last exact one is', async () => {
    const { records, defects } = await read(
      line(1, { arrivedNs: -5, departedNs: '-3' }),
      line(2, { arrivedNs: 0, departedNs: Number.MAX_SAFE_INTEGER }),
    );
    expect(records.map(({ arrivedNs, departedNs }) => [arrivedNs, departedNs])).toEqual([
      [-5, -3],
      [0, Number.MAX_SAFE_INTEGER],
    ]);
    expect(defects).toEqual([]);
  });

  it('since 1970 are told from the first, all of them, also those that are numbers', async () => {
    const { records } = await read(
      line(1, {
        arrivedNs: at(0),
        departedNs: at(9),
        committedNs: at(2),
        repliedNs: at(5),
        fault: 'f',
        outcome: 'faulted',
      }),
      line(2, { arrivedNs: at(10), departedNs: null, committedNs: at(12) }),
    );
    expect(records).toMatchObject([
      { arrivedNs: 0, departedNs: 9, committedNs: 2, repliedNs: 5 },
      { arrivedNs: 10, departedNs: null, committedNs: 12 },
    ]);
    const { defects } = await read(line(1, { arrivedNs: at(0), departedNs: 7 }));
    expect(defects.join()).toContain('departedNs is more than 104 days away');
  });

  it.each([
    [{ arrivedNs: FAR }, 'arrivedNs is more than 104 days from the first'],
    [{ departedNs: FAR }, 'departedNs is more than 104 days away'],
    [{ repliedNs: FAR }, 'repliedNs is more than 104 days away'],
    [{ repliedNs: `-${FAR}` }, 'repliedNs is more than 104 days away'],
    [{ arrivedNs: 30, departedNs: 29 }, 'departedNs is before arrivedNs'],
    [
      { arrivedNs: 30, departedNs: 40, committedNs: 29 },
      'committedNs is not between arrivedNs and departedNs',
    ],
    [
      { arrivedNs: 30, departedNs: 40, committedNs: 41 },
      'committedNs is not between arrivedNs and departedNs',
    ],
    [
      { arrivedNs: 30, departedNs: null, committedNs: 29 },
      'committedNs is not between arrivedNs and departedNs',
    ],
  ])('%j cannot be', async (times, reason) => {
    const { defects, records } = await read(line(1, { arrivedNs: 0, departedNs: 1 }), line(2, times));
    expect(records).toHaveLength(1);
    expect(defects).toEqual([`1 line could not be read: line 2 (${reason}).`]);
  });

  it.each([
    { arrivedNs: 30, departedNs: 30 },
    { arrivedNs: 30, departedNs: 40, committedNs: 30 },
    { arrivedNs: 30, departedNs: 40, committedNs: 40 },
    { arrivedNs: 30, departedNs: null, committedNs: 99 },
  ])('%j can', async (times) => {
    const { defects, records } = await read(line(1, times));
    expect({ defects, records }).toMatchObject({ defects: [], records: [times] });
  });

  it('that are equal are in order', async () => {
    const { lineNumbers, defects } = await read(
      line(1, { arrivedNs: 5, departedNs: 5 }),
      line(2, { arrivedNs: 5, departedNs: 6 }),
      line(3, { arrivedNs: 4, departedNs: 6 }),
      line(4, { arrivedNs: 5, departedNs: 6 }),
    );
    expect(lineNumbers).toEqual([1, 2, 4]);
    expect(defects).toEqual(['Left out, for it arrived before the line above, 1 line: line 3 (#3).']);
  });
});

describe('numbers of calls', () => {
  it('begin at 1', async () => {
    expect((await read(line(1))).defects).toEqual([]);
    expect((await read(line(0))).defects).toEqual([
      'Calls are missing or mixed up: seq does not go up by one at 1 line: line 1 (#0 first, not #1).',
    ]);
    expect((await read(line(3), line(4))).defects).toEqual([
      'Calls are missing or mixed up: seq does not go up by one at 1 line: line 1 (#3 first, not #1).',
    ]);
  });

  it('are compared with the line above', async () => {
    const same = { arrivedNs: 5, departedNs: 6 };
    const { defects } = await read(line(1, same), line(2, same), line(2, same), line(4, same), line(5, same));
    expect(defects).toEqual([
      'Calls are missing or mixed up: seq does not go up by one at 2 lines: line 3 (#2 after #2), line 4 (#4 after #2).',
    ]);
  });
});

describe('what a line says', () => {
  it('is read field by field', async () => {
    const full = aCall(1, {
      outcome: 'faulted',
      fault: 'of another recorder',
      effect: { kind: 'order', ids: ['O1'] },
      tag: 't',
      clientRef: 'c',
      intents: [{ digest: 'd', likeness: 'l', id: 'O1', clientRef: 'c1' }],
      shows: ['O1'],
      replyLost: false,
    });
    expect(await read(line(1, { ...full }))).toEqual({ records: [full], lineNumbers: [1], defects: [] });
    expect(Object.keys((await read(line(1))).records[0] ?? {})).toEqual(Object.keys(aCall(1)));
  });

  it('names rules of which only those an exchange can see are kept', async () => {
    const violations = [
      'nonce-increasing',
      'all-accepted',
      'no-overlap',
      'exercised',
      'nonce-exact',
      'nonce-reused',
    ];
    expect((await read(line(1, { violations }))).records[0]?.violations).toEqual([
      'nonce-increasing',
      'no-overlap',
      'nonce-exact',
      'nonce-reused',
    ]);
    expect((await read(line(1, { violations: ['another'] }))).records).toEqual([]);
  });

  it('of an older digest is passed over where what was asked for is there', async () => {
    const intents = [{ digest: 'd', likeness: 'l', id: null }];
    const { records } = await read(line(1, { intents, bodyDigest: 'b', outcome: 'faulted', fault: 'f' }));
    expect(records[0]).toMatchObject({ intents });
    expect('replyLost' in (records[0] ?? {})).toBe(false);
    const older = await read(line(1, { bodyDigest: 'b', outcome: 'faulted', fault: 'f' }));
    expect(older.records[0]).toMatchObject({
      intents: [{ digest: 'b', likeness: 'b', id: null }],
      replyLost: true,
    });
    const plain = await read(line(1, { bodyDigest: 'b', fault: 'slow-service' }));
    expect('replyLost' in (plain.records[0] ?? {})).toBe(false);
  });

  it('contradicts itself or others: told with its call, and judged all the same', async () => {
    const { defects, records } = await read(
      line(1),
      line(2, { outcome: 'accepted', error: 'EAPI:Invalid nonce' }),
      line(3, { account: 'USER_9' }),
      line(4, { repliedNs: 42_000_000, outcome: 'faulted', fault: 'duplicate-second-reply' }),
    );
    expect(records).toHaveLength(4);
    expect(defects).toEqual([
      'Records contradict themselves or others on 3 lines: ' +
        'line 2 (#2: it was accepted, and has the error "EAPI:Invalid nonce"), ' +
        "line 3 (#3: its key was MASTER's before and is USER_9's here), " +
        'line 4 (#4 has a repliedNs, and no record of a second delivery follows).',
    ]);
  });
});

describe('integers beyond 2^53', () => {
  it('that are text already are written as they are', () => {
    for (const nonce of ['01795353736170000000', '1e30', '0x20000000000001'])
      expect(JSON.parse(formatTraceLine(aCall(1, { nonce })))).toMatchObject({ nonce });
  });

  it('are written as digits, on either side of zero, and no others', () => {
    const written = (arrivedNs: number): string => {
      const parsed: unknown = JSON.parse(formatTraceLine(aCall(1, { arrivedNs })));
      return JSON.stringify(Object(parsed)['arrivedNs']);
    };
    expect(written(2 ** 53)).toBe('"9007199254740992"');
    expect(written(-(2 ** 53))).toBe('"-9007199254740992"');
    expect(written(2 ** 53 - 1)).toBe('9007199254740991');
    expect(written(-(2 ** 53) + 1)).toBe('-9007199254740991');
  });
});

it('five bad lines are all named, of six the last is counted', async () => {
  const bad = Array.from({ length: 6 }, (_, n) => line(n + 1, { method: 7 }));
  expect((await read(...bad.slice(0, 5))).defects[0]).toMatch(/line 5 \([^)]*\)\.$/);
  expect((await read(...bad)).defects[0]).toMatch(/^6 lines could not be read: line 1 .* and 1 other\.$/);
});
