import { expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { CallReader } from './call-facts.ts';
import { aCall } from './history.test-support.ts';

/** The numbers of key and account of each call, given as `key account`; `-` is none. */
function indexes(...calls: readonly string[]): readonly string[] {
  const reader = new CallReader();
  const nameOf = (text: string | undefined): string | null =>
    text === undefined || text === '-' ? null : text;
  return calls.map((text, n): string => {
    const [key, account] = text.split(' ').map(nameOf);
    const call: JournalRecord = aCall(n + 1, { key: key ?? null, account: account ?? null });
    const { accountIndex, keyIndex } = reader.read(call);
    return `${keyIndex} ${accountIndex}`;
  });
}

test('keys and accounts are numbered in the order of their first call', () => {
  expect(indexes('k A', 'l B', 'k A', 'm C', 'l B')).toEqual(['0 0', '1 1', '0 0', '2 2', '1 1']);
});

test('an account may have several keys, and a key may change hands and come back', () => {
  expect(indexes('k A', 'l A', 'k B', 'k B', 'k A', 'l C', 'k -', 'k A')).toEqual([
    '0 0',
    '1 0',
    '0 1',
    '0 1',
    '0 0',
    '1 2',
    '0 -1',
    '0 0',
  ]);
});

test('a call without a key may have an account, and one with a key none', () => {
  expect(indexes('- A', 'k -', '- -', '- B', 'k B', '- A')).toEqual([
    '-1 0',
    '0 -1',
    '-1 -1',
    '-1 1',
    '0 1',
    '-1 0',
  ]);
});

test('calls without a key are of different accounts, whatever came before', () => {
  expect(indexes('- A', '- B', 'k A', '- C', 'k A')).toEqual(['-1 0', '-1 1', '0 0', '-1 2', '0 0']);
});

test('a nonce is read without its leading zeros', () => {
  expect(new CallReader().read(aCall(1, { nonce: '0042' })).nonce).toBe('42');
  expect(new CallReader().read(aCall(1, { nonce: null })).nonce).toBeNull();
});
