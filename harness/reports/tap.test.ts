import { describe, expect, test } from 'vitest';
import type { RuleVerdict, Verdict } from '../judge/verdict/index.ts';
import { GOOD, judged, OVERLAPPING } from './fixtures.test-support.ts';
import { tapReport } from './tap.ts';

const { facts, verdict } = judged(GOOD);

function reportOf(changes: Partial<Verdict>, title = 'a bot'): readonly string[] {
  return tapReport({ ...verdict, ...changes }, { ...facts, title }).split('\n');
}

function ruleOf(changes: Partial<RuleVerdict>): RuleVerdict {
  return { id: 'no-overlap', status: 'held', violations: 0, first: [], explanation: '', ...changes };
}

describe('the TAP report', () => {
  test('is a test point for each rule, in the number that its plan says', () => {
    const lines = reportOf({});
    expect(lines.slice(0, 2)).toEqual(['TAP version 14', `1..${verdict.rules.length}`]);
    expect(lines.filter((line) => /^(not )?ok \d+ - /.test(line))).toHaveLength(verdict.rules.length);
  });

  test('says what is broken in YAML, strings as JSON writes them', () => {
    const broken = judged(OVERLAPPING);
    const lines = tapReport(broken.verdict, broken.facts).split('\n');
    const at = lines.findIndex((line) => line.endsWith(' - no-overlap'));
    expect(lines[at]).toMatch(/^not ok \d+ - no-overlap$/);
    const rule = broken.verdict.rules.find(({ id }) => id === 'no-overlap');
    expect(lines.slice(at + 1, at + 7)).toEqual([
      '  ---',
      `  message: ${JSON.stringify(rule?.explanation)}`,
      '  status: violated',
      `  violations: ${rule?.violations}`,
      `  calls: ${JSON.stringify(rule?.first)}`,
      '  ...',
    ]);
  });

  test('escapes what TAP gives a meaning to, in what a rule says', () => {
    const explanation = 'C:\\bot #1: none\nat all';
    const lines = reportOf({ rules: [ruleOf({ status: 'not-applicable', explanation })] });
    expect(lines).toContain(String.raw`ok 1 - no-overlap # SKIP C:\\bot \#1: none at all`);
  });

  test('keeps titles, notes and commands on their line', () => {
    const lines = reportOf(
      { notes: ['one\r\ntwo', 'a\u2028b'], reproduce: 'run\n--seed 1' },
      'bot\nok 99 - x',
    );
    expect(lines).toContain('# nonceproof bot ok 99 - x: held (observed)');
    expect(lines).toContain('# note: one two');
    expect(lines).toContain('# note: a b');
    expect(lines).toContain('# run --seed 1');
  });

  test('has one more point that is not ok when the verdict is inconclusive and no rule is', () => {
    const rules = [ruleOf({})];
    const lines = reportOf({ verdict: 'inconclusive', rules, notes: ['A line was "cut" off.'] });
    expect(lines).toContain('1..2');
    expect(lines).toContain('not ok 2 - whole-history');
    expect(lines).toContain(`  message: ${JSON.stringify('A line was "cut" off.')}`);
    const ruleSaysSo = reportOf({ verdict: 'inconclusive', rules: [ruleOf({ status: 'inconclusive' })] });
    expect(ruleSaysSo).toContain('1..1');
    expect(ruleSaysSo).toContain('not ok 1 - no-overlap');
  });
});
