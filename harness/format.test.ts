import { expect, test } from 'vitest';
import { aCall, aUserCall } from './judge/rules/history.test-support.ts';
import { accountName, arrivedAfter, callName, count, formatDuration, formatInteger } from './format.ts';

test.each([
  [0, '0 ns'],
  [999, '999 ns'],
  [1_000, '1.0 µs'],
  [310_400, '310 µs'],
  [999_499, '999 µs'],
  [999_500, '1.0 ms'],
  [999_999, '1.0 ms'],
  [9_949_999, '9.9 ms'],
  [9_950_000, '10 ms'],
  [2_100_000, '2.1 ms'],
  [9_960_000, '10 ms'],
  [999_499_999, '999 ms'],
  [12_000_000_000, '12 s'],
  [8_100_000_000_000, '8,100 s'],
])('%d ns read %j', (ns, words) => {
  expect(formatDuration(ns)).toBe(words);
});

test('a count agrees with its noun', () => {
  expect([count(1, 'call'), count(1_204, 'call'), count(2, 'success', 'successes')]).toEqual([
    '1 call',
    '1,204 calls',
    '2 successes',
  ]);
});

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [1_234_567, '1,234,567'],
  [-5, '-5'],
  [-1_234, '-1,234'],
  [0.123_456, '0.123'],
  [1_234.5, '1,234.5'],
])('the number %d reads %j', (n, words) => {
  expect(formatInteger(n)).toBe(words);
});

test('a call is named by its account, or by what is known of its key', () => {
  const unknown = aCall(1, { account: null });
  const keyless = aCall(1, { account: null, key: null });
  expect([aUserCall(1), unknown, keyless].map(accountName)).toEqual([
    'USER_1',
    'the unknown key key-0',
    'somebody without an API key',
  ]);
  expect([aUserCall(1), unknown, keyless].map(callName)).toEqual([
    "USER_1's Balance",
    'Balance of the unknown key key-0',
    'Balance of somebody without an API key',
  ]);
});

test('two arrivals are some time apart, or at one moment', () => {
  expect(arrivedAfter(aCall(2), aUserCall(1))).toBe("10 ms after USER_1's Balance");
  expect(arrivedAfter(aCall(1), aUserCall(1))).toBe("at the same moment as USER_1's Balance");
});
