/** What the judge reads back from a file is what the exchange wrote, and the shipped schema says so too. */
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { formatTraceLine, readTrace } from '../harness/judge/history/index.ts';
import type { TraceReading } from '../harness/judge/history/index.ts';
import type { JournalRecord } from '../mock-kraken/index.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const textOrNull = fc.option(text, { nil: null });

const shape = fc.record({
  account: textOrNull,
  key: textOrNull,
  method: text,
  nonce: fc.option(fc.oneof(text, fc.bigInt({ min: 0n, max: 2n ** 64n }).map(String)), { nil: null }),
  outcome: fc.constantFrom('accepted', 'rejected', 'faulted'),
  error: textOrNull,
  violations: fc.subarray(['nonce-increasing', 'nonce-reused', 'nonce-exact', 'no-overlap'] as const),
  fault: textOrNull,
  effect: fc.option(
    fc.record({
      kind: fc.constantFrom('order', 'cancel', 'amend', 'transfer'),
      ids: fc.array(text, { maxLength: 3 }),
    }),
    { nil: null },
  ),
  tag: textOrNull,
  clientRef: textOrNull,
} as const);

const intent = fc.record(
  { digest: text, likeness: text, id: textOrNull, clientRef: text },
  { requiredKeys: ['digest', 'likeness', 'id'] },
);

/** What only some records say. */
const more = fc.record(
  {
    intents: fc.array(intent, { maxLength: 3 }),
    shows: fc.array(text, { maxLength: 3 }),
    replyLost: fc.boolean(),
  },
  { requiredKeys: [] },
);

type Shape = Pick<JournalRecord, 'account' | 'key' | 'outcome' | 'error' | 'fault' | 'effect' | 'intents'>;

/** The same record without what an exchange could not have written. */
function withoutContradictions<T extends Shape>(record: T, departedNs: number | null): T {
  const { key, account } = record;
  const outcome = departedNs === null ? 'accepted' : record.outcome;
  const effect = departedNs === null || outcome === 'rejected' ? null : record.effect;
  const isWarning = outcome !== 'accepted' || record.error?.startsWith('W') === true;
  return {
    ...record,
    account: key === null || account === null ? account : `owner of ${key}`,
    outcome,
    effect,
    error: departedNs === null || !isWarning ? null : record.error,
    fault: outcome === 'rejected' ? null : outcome === 'faulted' ? (record.fault ?? 'busy') : record.fault,
    ...(record.intents === undefined
      ? {}
      : { intents: record.intents.map((each) => ({ ...each, id: effect?.ids[0] ?? null })) }),
  };
}

/** Gaps of up to a day; some calls never depart. */
const timedShape = fc.record({
  shape,
  more,
  afterNs: fc.nat(86_400 * 1e9),
  serviceNs: fc.option(fc.nat(86_400 * 1e9), { freq: 5 }),
});

const journal: fc.Arbitrary<readonly JournalRecord[]> = fc
  .array(timedShape, { maxLength: 20 })
  .map((shapes) => {
    let arrivedNs = 0;
    return shapes.map(({ shape, more, afterNs, serviceNs }, i) => {
      arrivedNs += afterNs;
      const departedNs = serviceNs === null ? null : arrivedNs + serviceNs;
      return {
        ...withoutContradictions({ ...shape, ...more }, departedNs),
        seq: i + 1,
        arrivedNs,
        departedNs,
      };
    });
  });

interface Read extends TraceReading {
  readonly records: readonly JournalRecord[];
}

async function read(content: string): Promise<Read> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(content);
  }
  const records: JournalRecord[] = [];
  const reading = await readTrace(chunks(), (call) => records.push(call));
  return { ...reading, records };
}

test('a journal that is written and read is the same journal', async () => {
  await fc.assert(
    fc.asyncProperty(journal, async (records) => {
      const content = records.map(formatTraceLine).join('');
      const reading = await read(content);
      expect(reading).toMatchObject({ calls: records.length, defects: [], sealed: false });
      expect(reading.records).toEqual(records);
    }),
    { seed: 20_261_105, numRuns: 500 },
  );
});

test('its times may be strings on any origin', async () => {
  const origin = fc.bigInt({ min: 2n ** 53n, max: 2n ** 62n });
  await fc.assert(
    fc.asyncProperty(journal, origin, async (records, originNs) => {
      const lines = records.map((record) => ({
        ...record,
        arrivedNs: String(originNs + BigInt(record.arrivedNs)),
        departedNs: record.departedNs === null ? null : String(originNs + BigInt(record.departedNs)),
      }));
      const { records: moved, defects } = await read(lines.map((line) => JSON.stringify(line)).join('\n'));
      const fromNs = records[0]?.arrivedNs ?? 0;
      expect(defects).toEqual([]);
      expect(moved).toEqual(
        records.map((record) => ({
          ...record,
          arrivedNs: record.arrivedNs - fromNs,
          departedNs: record.departedNs === null ? null : record.departedNs - fromNs,
        })),
      );
    }),
    { seed: 20_261_106, numRuns: 300 },
  );
});

test('a line is readable exactly when the shipped schema accepts it', async () => {
  const schemaFile = new URL('../harness/judge/history/trace.schema.json', import.meta.url);
  const shipped = z.fromJSONSchema(JSON.parse(readFileSync(schemaFile, 'utf8')));
  const value = fc.oneof(
    fc.constantFrom(
      null,
      undefined,
      true,
      '',
      '7',
      '-7',
      'x',
      0,
      -1,
      1.5,
      2 ** 53,
      2 ** 64,
      [],
      {},
      'accepted',
    ),
    fc.constantFrom(
      ['no-overlap'],
      ['no-such-rule'],
      [1],
      { kind: 'order', ids: [] },
      { kind: 'gift', ids: [] },
    ),
  );
  const field = fc.constantFrom(
    ...(['seq', 'account', 'key', 'method', 'nonce', 'arrivedNs', 'departedNs', 'outcome', 'error'] as const),
    ...(['violations', 'fault', 'effect', 'tag', 'clientRef', 'other'] as const),
  );
  const base = shape.map((facts) => ({ ...facts, seq: 1, arrivedNs: -9, departedNs: null }));
  const seen = { readable: 0, unreadable: 0 };
  await fc.assert(
    fc.asyncProperty(base, field, value, async (record, name, changed) => {
      const line = JSON.stringify({ ...record, [name]: changed });
      const { calls } = await read(line);
      expect(calls === 1).toBe(shipped.safeParse(JSON.parse(line)).success);
      seen[calls === 1 ? 'readable' : 'unreadable'] += 1;
    }),
    { seed: 20_261_107, numRuns: 2_000 },
  );
  expect(Math.min(seen.readable, seen.unreadable)).toBeGreaterThan(200);
});
