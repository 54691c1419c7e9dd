import { describe, expect, it } from 'vitest';
import { RULE_IDS } from '../judge/history/index.ts';
import type { RuleId } from '../judge/history/index.ts';
import type { RuleVerdict, VerdictWord } from '../judge/verdict/index.ts';
import type { Control } from './control.ts';
import { formatKillMatrix, IMPLIED, judgeControl, judgeReference, killMatrix } from './kill-matrix.ts';

const control: Control = { id: 'bad', defect: 'is bad', origin: 'here', rule: 'no-overlap' };
const reference = { id: 'good', description: 'is good' };

function verdictOf(fired: readonly RuleId[]): { verdict: VerdictWord; rules: readonly RuleVerdict[] } {
  const rules = RULE_IDS.map((id): RuleVerdict => {
    const status = fired.includes(id) ? 'violated' : 'held';
    return { id, status, violations: status === 'held' ? 0 : 1, first: [], explanation: '' };
  });
  return { verdict: fired.length > 0 ? 'violated' : 'held', rules };
}

describe('a control', () => {
  it('is caught when its own rule fired, alone or with what follows from it', () => {
    expect(judgeControl(control, verdictOf(['no-overlap'])).outcome).toBe('caught');
    const row = judgeControl(control, verdictOf(['all-accepted', 'no-overlap']));
    expect(row).toMatchObject({ outcome: 'caught', fired: ['no-overlap', 'all-accepted'], unexplained: [] });
    expect(row.companions).toEqual([
      { rule: 'all-accepted', reason: IMPLIED['no-overlap']?.['all-accepted'] },
    ]);
  });

  it('has survived when no rule fired', () => {
    expect(judgeControl(control, verdictOf([])).outcome).toBe('survived');
  });

  it('was caught by the wrong rule when its own did not fire', () => {
    expect(judgeControl(control, verdictOf(['all-accepted'])).outcome).toBe('wrong-rule');
  });

  it('was caught by the wrong rule when one fired beside its own that nothing explains', () => {
    const row = judgeControl(control, verdictOf(['no-overlap', 'nonce-reused']));
    expect(row).toMatchObject({ outcome: 'wrong-rule', unexplained: ['nonce-reused'] });
  });

  it('may trip what it lists, and what follows from that', () => {
    const listing: Control = { ...control, rule: 'effect-once', also: { 'nonce-reused': 'both at once' } };
    const fired: readonly RuleId[] = [
      'effect-once',
      'nonce-reused',
      'nonce-increasing',
      'nonce-global-order',
    ];
    const row = judgeControl(listing, verdictOf(fired));
    expect(row.outcome).toBe('caught');
    expect(row.companions.map(({ rule }) => rule)).toEqual([
      'nonce-increasing',
      'nonce-global-order',
      'nonce-reused',
    ]);
  });
});

describe('a reference', () => {
  it.each([
    ['held', 'acquitted'],
    ['violated', 'false-alarm'],
    ['inconclusive', 'inconclusive'],
  ] as const)('whose run was %s is %s', (verdict, outcome) => {
    expect(judgeReference(reference, { ...verdictOf([]), verdict }).outcome).toBe(outcome);
  });
});

describe('the matrix', () => {
  const caught = judgeControl(control, verdictOf(['no-overlap', 'all-accepted']));
  const survived = judgeControl({ ...control, id: 'worse' }, verdictOf([]));
  const strange = judgeControl({ ...control, id: 'strange' }, verdictOf(['no-starvation']));
  const acquitted = judgeReference(reference, verdictOf([]));
  const alarm = judgeReference(reference, verdictOf(['exercised']));

  it('is sound when all controls were caught and all references acquitted', () => {
    expect(killMatrix([caught], [acquitted])).toMatchObject({ caught: 1, acquitted: 1, sound: true });
  });

  it.each([
    ['a control survived', [caught, survived], [acquitted]],
    ['a control was caught by the wrong rule', [caught, strange], [acquitted]],
    ['a reference raised an alarm', [caught], [acquitted, alarm]],
    ['there was no control', [], [acquitted]],
  ])('is unsound when %s', (_, controls, references) => {
    expect(killMatrix(controls, references).sound).toBe(false);
  });

  it('is printed as a table that marks companions and what nothing explains', () => {
    expect(formatKillMatrix(killMatrix([caught, survived, strange], [acquitted]))).toBe(
      [
        '            client   must fire   fired',
        'caught      bad      no-overlap  no-overlap (all-accepted)',
        'survived    worse    no-overlap  none',
        'wrong-rule  strange  no-overlap  no-starvation?',
        'acquitted   good     none        none',
        '',
        '1 of 3 known-bad clients convicted by their own rule, 1 of 1 correct clients acquitted.',
      ].join('\n'),
    );
  });
});
