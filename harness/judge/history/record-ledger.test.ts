import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { aCall, aUserCall } from '../rules/history.test-support.ts';
import { RecordLedger } from './record-ledger.ts';

const SECOND = { outcome: 'faulted', fault: 'duplicate-second-reply' } as const;
/** How far back a first delivery is remembered. */
const REMEMBERED = 16_384;

/** What the ledger finds in each record, and what it still waits for at the end; record `i` stands on line `i + 10`. */
function entered(...calls: readonly JournalRecord[]) {
  const ledger = new RecordLedger();
  const found = calls.map((call, i) => ledger.add(call, i + 10));
  return { found, awaited: ledger.finish() };
}

describe('the owner of a key', () => {
  it.each([
    ['two accounts have a key each', [aCall(1), aUserCall(2), aCall(3)]],
    ['an account has two keys', [aCall(1), aCall(2, { key: 'key-1' }), aCall(3)]],
    ['an unknown key is nobody’s', [aCall(1), aCall(2, { account: null }), aCall(3)]],
    ['calls without a key are anyone’s', [aCall(1, { key: null }), aUserCall(2, { key: null })]],
  ])('is the same throughout where %s', (_, calls) => {
    expect(entered(...calls).found.filter((clause) => clause !== null)).toEqual([]);
  });

  it('is the first that it was seen with, however often it changes', () => {
    const stolen = { key: 'key-0' };
    const { found } = entered(aCall(1), aUserCall(2, stolen), aCall(3), aUserCall(4, stolen));
    const words = "its key was MASTER's before and is USER_1's here";
    expect(found).toEqual([null, words, null, words]);
  });

  it('is not looked for among keys beyond the limit', () => {
    const ledger = new RecordLedger();
    for (let seq = 1; seq <= 100_000; seq += 1) ledger.add(aCall(seq, { key: `key ${seq}` }), seq);
    expect(ledger.add(aCall(100_001, { key: 'late' }), 1)).toBeNull();
    expect(ledger.add(aUserCall(100_002, { key: 'late' }), 1)).toBeNull();
    expect(ledger.add(aUserCall(100_003, { key: 'key 100000' }), 1)).toContain("was MASTER's");
  });
});

describe('the first delivery of a call', () => {
  const first = aCall(7, SECOND);
  const again = (changes: Partial<JournalRecord> = {}): JournalRecord =>
    aCall(9, { ...SECOND, nonce: first.nonce, duplicateOf: 7, ...changes });

  it('had the same key, nonce and method', () => {
    expect(entered(first, aUserCall(8), again()).found).toEqual([null, null, null]);
  });

  it.each([
    ['key', { key: 'key-9' }],
    ['key, now missing', { key: null }],
    ['nonce', { nonce: '1' }],
    ['nonce, now missing', { nonce: null }],
    ['method', { method: 'AddOrder' }],
  ])('did not have another %s', (_, changes) => {
    expect(entered(first, again(changes)).found[1]).toBe(
      'it repeats #7, which had another key, nonce or method',
    );
  });

  it.each([6, 8, 7 + REMEMBERED, 0])('is not #%i, which is not there', (duplicateOf) => {
    expect(entered(first, again({ duplicateOf })).found[1]).toContain('is not within the calls before it');
  });

  it.each([
    [REMEMBERED - 1, null],
    [REMEMBERED, `it repeats #7, which is not within the calls before it`],
  ])('may be %i calls back: %s', (between, words) => {
    const ledger = new RecordLedger();
    ledger.add(first, 1);
    for (let seq = 8; seq < 8 + between; seq += 1) ledger.add(aCall(seq), seq);
    expect(ledger.add(again({ seq: 8 + between }), 1)).toBe(words);
  });

  it('is not asked about when its key changed hands: that comes first', () => {
    expect(entered(first, again({ account: 'USER_1', nonce: '1' })).found[1]).toContain("was MASTER's");
  });
});

describe('the second delivery of a call whose client read another reply', () => {
  const read = { ...SECOND, repliedNs: 1 };
  const first = aCall(1, read);
  const second = aCall(2, { ...SECOND, nonce: first.nonce, duplicateOf: 1 });

  it('is no longer waited for once it is there', () => {
    expect(entered(first, second)).toEqual({ found: [null, null], awaited: [] });
  });

  it('is missed at the end, by the line of the first', () => {
    expect(entered(first, aCall(2), aCall(3, read)).awaited).toEqual([
      { lineNumber: 10, found: '#1 has a repliedNs, and no record of a second delivery follows' },
      { lineNumber: 12, found: '#3 has a repliedNs, and no record of a second delivery follows' },
    ]);
  });

  it('is another call’s when it repeats another', () => {
    const { awaited } = entered(first, aCall(2, read), aCall(3, { ...second, seq: 3, duplicateOf: 2 }));
    expect(awaited.map(({ lineNumber }) => lineNumber)).toEqual([10]);
  });

  it('is waited for by some thousand calls and no more', () => {
    const calls = Array.from({ length: 10_005 }, (_, i) => aCall(i + 1, read));
    expect(entered(...calls).awaited).toHaveLength(10_000);
  });
});
