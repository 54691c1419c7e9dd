import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../mock-kraken/index.ts';
import { traceEventsReport } from './trace-events.ts';

interface Slice {
  readonly ph: string;
  readonly name: string;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly args: { readonly name?: string; readonly seq?: number };
}

function callOf(
  seq: number,
  account: string,
  [arrivedNs, departedNs]: readonly [number, number | null],
): JournalRecord {
  const facts = {
    key: account,
    method: 'Balance',
    nonce: '1',
    outcome: 'accepted',
    error: null,
    fault: null,
  } as const;
  return {
    seq,
    account,
    ...facts,
    arrivedNs,
    departedNs,
    violations: seq === 2 ? ['no-overlap'] : [],
    effect: null,
    tag: null,
    clientRef: null,
  };
}

function eventsOf(calls: readonly JournalRecord[]): readonly Slice[] {
  return (JSON.parse(traceEventsReport(calls, 'bot')) as { traceEvents: readonly Slice[] }).traceEvents;
}

describe('trace.json', () => {
  const calls = [
    callOf(1, 'MASTER', [1_000_000, 6_000_000]),
    callOf(2, 'MASTER', [2_000_000, 7_000_000]),
    callOf(3, 'USER_1', [3_000_000, null]),
    callOf(4, 'MASTER', [6_000_000, 8_000_000]),
  ];

  it('has every call once, in microseconds from the first arrival', () => {
    const slices = eventsOf(calls).filter(({ ph }) => ph === 'X');
    expect(slices.map(({ ts, dur, args }) => [args.seq, ts, dur])).toEqual([
      [1, 0, 5_000],
      [2, 1_000, 5_000],
      [3, 2_000, 5_000],
      [4, 5_000, 2_000],
    ]);
  });

  it('never has two slices of one thread at a time: they would not nest', () => {
    const slices = eventsOf(calls).filter(({ ph }) => ph === 'X');
    for (const one of slices) {
      for (const other of slices) {
        const overlap =
          one !== other &&
          one.tid === other.tid &&
          one.ts < other.ts + other.dur &&
          other.ts < one.ts + one.dur;
        expect(overlap).toBe(false);
      }
    }
  });

  it('names its threads after accounts, and marks violations', () => {
    const events = eventsOf(calls);
    const names = events.filter(({ name }) => name === 'thread_name').map(({ args }) => args.name);
    expect(names).toEqual(['MASTER', 'MASTER (2 at a time)', 'USER_1']);
    expect(events.filter(({ ph }) => ph === 'i').map(({ name, args }) => [name, args.seq])).toEqual([
      ['no-overlap', 2],
    ]);
  });

  it('is an empty trace when there was no call', () => {
    expect(eventsOf([]).map(({ name }) => name)).toEqual(['process_name']);
  });
});
