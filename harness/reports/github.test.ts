import { describe, expect, it } from 'vitest';
import { RULE_IDS } from '../judge/history/index.ts';
import type { Verdict } from '../judge/verdict/index.ts';
import { githubAnnotations, githubSummary } from './github.ts';
import type { RunFacts } from './content/index.ts';
import { tapReport } from './tap.ts';

const VERDICT: Verdict = {
  verdict: 'violated',
  strength: 'observed',
  sealed: null,
  scope: 'global',
  seed: 42,
  rules: RULE_IDS.map((id) => ({ id, status: 'held', violations: 0, first: [], explanation: 'fine' })),
  counts: { accounts: 2, calls: 20, accepted: 20, rejected: 0, refused: 0, faulted: 0, publicCalls: 0 },
  refusals: [],
  warnings: [],
  strict: false,
  notes: [],
  reproduce: 'nonceproof verify --seed 42 -- bot',
};
const FACTS: RunFacts = {
  title: 'bot',
  accounts: 2,
  scope: 'global',
  seed: 42,
  judgeLine: null,
  statistics: {
    calls: 20,
    elapsedNs: 2e9,
    callsPerSecond: 10,
    queueWait: null,
    service: null,
    total: null,
    nonces: null,
    methods: [],
    otherMethods: null,
  },
  evidenceDir: null,
};

const ALL_VIOLATED: Verdict = {
  ...VERDICT,
  rules: RULE_IDS.map((id) => ({
    id,
    status: 'violated',
    violations: 3,
    first: [2, 1],
    explanation: 'a: 100%\nb, c',
  })),
  notes: ['one', 'two'],
};

describe('annotations', () => {
  it('are ten at most, violated rules first, and escaped so that each is one command', () => {
    const lines = githubAnnotations(ALL_VIOLATED).trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe('::error title=violated%3A nonce-increasing::3 times. a: 100%25%0Ab, c');
  });

  it('are none for a run that held and has nothing to tell', () => {
    expect(githubAnnotations({ ...VERDICT, verdict: 'held' })).toBe('');
  });
});

describe('the summary of a step', () => {
  it('has a row for each rule, in which nothing is Markdown', () => {
    const rules = VERDICT.rules.map((rule) => ({
      ...rule,
      explanation: 'a|b <img> @team #1 `x`\n\n# title',
    }));
    const summary = githubSummary({ ...VERDICT, rules }, FACTS);
    const rows = summary.split('\n').filter((line) => line.startsWith('| <code>'));
    expect(rows).toHaveLength(10);
    expect(rows[0]).not.toMatch(/<img>|@team|`x`|# title/);
    expect(rows[0]?.match(/\|/g)).toHaveLength(4);
  });

  it('ends with the command that runs it again', () => {
    expect(githubSummary(VERDICT, FACTS)).toContain('```\nnonceproof verify --seed 42 -- bot\n```');
  });
});

describe('TAP', () => {
  it('passes what held, skips what does not apply, and fails everything else', () => {
    const statuses = ['held', 'violated', 'inconclusive', 'not-applicable'] as const;
    const rules = statuses.map((status, i) => ({
      id: RULE_IDS[i] ?? 'exercised',
      violations: 0,
      first: [],
      status,
      explanation: 'why #1',
    }));
    const lines = tapReport({ ...VERDICT, rules }, FACTS).split('\n');
    expect(lines.slice(0, 2)).toEqual(['TAP version 14', '1..4']);
    expect(lines.filter((line) => /^(not )?ok/.test(line))).toEqual([
      'ok 1 - nonce-increasing',
      'not ok 2 - nonce-global-order',
      'not ok 3 - nonce-reused',
      String.raw`ok 4 - nonce-exact # SKIP why \#1`,
    ]);
  });

  it('fails when the history is not whole, although no rule says so', () => {
    const report = tapReport({ ...VERDICT, verdict: 'inconclusive', notes: ['Lines are missing.'] }, FACTS);
    expect(report).toContain('not ok 11 - whole-history');
  });

  it('lets nothing from outside forge a line', () => {
    const report = tapReport({ ...VERDICT, notes: ['x\nok 99 - forged'] }, FACTS);
    expect(report).not.toMatch(/^ok 99/m);
  });
});
