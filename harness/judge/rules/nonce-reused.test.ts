import { expect, test } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { CallReader } from './call-facts.ts';
import { aCall } from './history.test-support.ts';
import { observeReuse } from './nonce-reused.ts';
import type { RuleOutcome } from './rule.ts';

/** What the rule says when it remembers `nonceCountMax` nonces. */
function outcomeWith(nonceCountMax: number, calls: readonly JournalRecord[]): RuleOutcome {
  const observer = observeReuse(nonceCountMax);
  const reader = new CallReader();
  for (const call of calls) observer.onCall(call, reader.read(call));
  return observer.finish({ exit: null, clientCalls: null });
}

/** So many calls of each key in turn, with nonces that rise from 1,000. */
function rising(keys: number, callsOfEach: number): readonly JournalRecord[] {
  return Array.from({ length: keys * callsOfEach }, (_, n) =>
    aCall(n + 1, { key: `key-${n % keys}`, nonce: String(1_000 + Math.floor(n / keys)) }),
  );
}

function oneMore(key: number, nonce: number): JournalRecord {
  return aCall(9_999, { key: `key-${key}`, nonce: String(nonce) });
}

test('is inconclusive when a nonce comes whose like are forgotten', () => {
  const calls = rising(1, 257);
  expect(outcomeWith(256, calls)).toMatchObject({
    status: 'held',
    explanation: '257 nonces on 1 key, all different',
  });
  expect(outcomeWith(256, [...calls, oneMore(0, 7)])).toMatchObject({
    status: 'inconclusive',
    explanation:
      '1 nonce arrived so much later than their time that nobody remembers whether they had been sent before.',
  });
  expect(outcomeWith(256, [...calls, oneMore(0, 1_128)]).status).toBe('violated');
  expect(outcomeWith(256, [...calls, oneMore(0, 7), oneMore(0, 1_200)]).status).toBe('violated');
  expect(outcomeWith(256, [...rising(1, 256), oneMore(0, 7)]).status).toBe('held');
});

test('keys share the memory', () => {
  expect(outcomeWith(256, [...rising(2, 128), oneMore(1, 1_000)])).toMatchObject({ status: 'violated' });
  expect(outcomeWith(256, [...rising(2, 129), oneMore(1, 1_000)])).toMatchObject({ status: 'inconclusive' });
});

test('however many there are, each keeps 64 nonces', () => {
  expect(outcomeWith(256, [...rising(10, 64), oneMore(9, 1_000)]).status).toBe('violated');
  expect(outcomeWith(256, [...rising(10, 65), oneMore(9, 1_000)]).status).toBe('inconclusive');
});
