import { describe, expect, test } from 'vitest';
import type { AdmissionRule } from '../../../mock-kraken/index.ts';
import { aCall } from '../rules/history.test-support.ts';
import { CrossCheck } from './cross-check.ts';

const RULES: readonly AdmissionRule[] = ['nonce-increasing', 'nonce-reused', 'nonce-exact', 'no-overlap'];

describe('the exchange and the rules', () => {
  test.each(RULES)('agree about %s when both name it, or neither does', (rule) => {
    const check = new CrossCheck('global');
    check.compare({ call: aCall(1, { violations: [rule] }) }, rule, true);
    check.compare({ call: aCall(2) }, rule, false);
    expect([...check.notes(), ...check.defects()]).toEqual([]);
  });

  test.each(RULES)('disagree when only the exchange names %s: how often, and where first', (rule) => {
    const check = new CrossCheck('global');
    for (const seq of [4, 7]) check.compare({ call: aCall(seq, { violations: [rule] }) }, rule, false);
    expect(check.defects()).toEqual([
      `The history names a broken rule 2 times where its own times and nonces show none (first #4, ${rule}): ` +
        'it contradicts itself.',
    ]);
    expect(check.notes()).toEqual([]);
  });

  test('disagree on a line of a file, and name it', () => {
    const check = new CrossCheck('global');
    check.compare({ call: aCall(4, { violations: ['no-overlap'] }), lineNumber: 5 }, 'no-overlap', false);
    expect(check.defects().join()).toContain('(first line 5, #4, no-overlap)');
  });

  test('do not disagree about an overlap in scope key, but about any nonce', () => {
    for (const rule of RULES) {
      const check = new CrossCheck('key');
      check.compare({ call: aCall(1, { violations: [rule] }) }, rule, false);
      expect(check.defects()).toHaveLength(rule === 'no-overlap' ? 0 : 1);
    }
  });

  test('disagree about an overlap in scope key when the exchange had a lane for each key', () => {
    const check = new CrossCheck('key', 'key');
    check.compare({ call: aCall(1, { violations: ['no-overlap'] }) }, 'no-overlap', false);
    expect(check.defects()).toHaveLength(1);
  });

  test.each(RULES)('disagree when a call that breaks %s was accepted', (rule) => {
    const check = new CrossCheck('global');
    check.compare({ call: aCall(5) }, rule, true);
    expect(check.notes()).toEqual([
      `The exchange accepted what breaks a rule here, 1 time (first #5, ${rule}): it ran under other rules than this verdict.`,
    ]);
  });

  test.each([
    ['was rejected', { outcome: 'rejected' }],
    ['was struck by a fault', { outcome: 'faulted' }],
    ['has not departed', { departedNs: null }],
  ] as const)('do not disagree about a call that %s', (_what, changes) => {
    const check = new CrossCheck('global');
    check.compare({ call: aCall(1, changes) }, 'nonce-reused', true);
    expect(check.notes()).toEqual([]);
  });
});
