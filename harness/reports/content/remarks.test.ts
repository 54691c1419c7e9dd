import { describe, expect, test } from 'vitest';
import { aCall } from '../../judge/rules/history.test-support.ts';
import type { Verdict } from '../../judge/verdict/index.ts';
import { PLAIN } from '../colors.ts';
import { GOOD, judged } from '../fixtures.test-support.ts';
import { githubAnnotations, githubSummary } from '../github.ts';
import { htmlReport } from '../html.ts';
import { jsonReport } from '../json.ts';
import { junitReport } from '../junit.ts';
import { refusedLine, warningLines } from './remarks.ts';
import { tapReport } from '../tap.ts';
import { terminalReport } from '../terminal.ts';

const WARNING = {
  id: 'lost-precision',
  rule: 'nonce-exact',
  calls: 60,
  first: [1],
  explanation: 'two calls within 256 ns would carry one nonce',
} as const;
const REFUSED = aCall(5, { outcome: 'rejected', error: 'EOrder:Order minimum not met' });
const { verdict: plain, facts } = judged([...GOOD, REFUSED]);
const verdict: Verdict = { ...plain, warnings: [WARNING] };

describe('refusals and warnings stand in every report:', () => {
  const reports: Readonly<Record<string, () => string | Promise<string>>> = {
    terminal: () => terminalReport(verdict, facts, PLAIN),
    JSON: () => jsonReport(verdict),
    JUnit: () => junitReport(verdict, facts),
    TAP: () => tapReport(verdict, facts),
    "GitHub's summary": () => githubSummary(verdict, facts),
    HTML: () => htmlReport({ verdict, facts, calls: [...GOOD, REFUSED], client: null }),
  };
  test.each(Object.entries(reports))('%s', async (_name, report) => {
    const text = await report();
    expect(verdict.verdict).toBe('held');
    expect(text).toContain('EOrder:Order minimum not met');
    expect(text).toContain('lost-precision');
    expect(text).toContain(WARNING.explanation);
  });

  test("GitHub's annotations have the warning", () => {
    expect(githubAnnotations(verdict)).toContain('::warning title=nonceproof::lost-precision: two calls');
  });
});

test('a run without them says nothing of them', () => {
  const { verdict: clean } = judged(GOOD);
  expect([refusedLine(clean), warningLines(clean)]).toEqual([null, []]);
  expect(terminalReport(clean, facts, PLAIN)).not.toMatch(/refused|warning/);
});

test('the line names the most frequent errors and counts the rest', () => {
  const calls = Array.from({ length: 10 }, (_, i) =>
    aCall(i + 1, { outcome: 'rejected', error: `EOrder:Reason ${Math.min(i, 6)}` }),
  );
  const { verdict: many } = judged(calls);
  expect(refusedLine(many)).toBe(
    '10 calls for what they asked for: EOrder:Reason 6 (4), EOrder:Reason 0 (1), EOrder:Reason 1 (1), EOrder:Reason 2 (1), EOrder:Reason 3 (1), others (2); ' +
      "the client's business, judged only with --strict",
  );
});
