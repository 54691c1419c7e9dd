import { describe, expect, test } from 'vitest';
import { provenanceOf } from '../../provenance/index.ts';
import type { Provenance } from '../../provenance/index.ts';
import { PLAIN } from '../colors.ts';
import { GOOD, judged } from '../fixtures.test-support.ts';
import { githubSummary } from '../github.ts';
import { htmlReport } from '../html.ts';
import { jsonReport } from '../json.ts';
import { junitReport } from '../junit.ts';
import { provenanceFacts, provenanceLine, scenarioFacts } from './provenance-lines.ts';
import { tapReport } from '../tap.ts';
import { terminalReport } from '../terminal.ts';

const plain = judged(GOOD);
const { statistics } = plain.facts;
const COMMIT = '1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b';
const HEADER = {
  version: 1,
  nonceproof: '0.1.0',
  command: 'verify',
  target: 'python bot.py',
  startedAt: '2026-11-26T07:28:30.107Z',
  accounts: 2,
  scope: 'global',
  seed: 42,
  scenario: { serviceMs: 5, faults: null },
  node: 'v24.3.0',
  platform: 'linux x64',
  source: { commit: COMMIT, dirty: true },
} as const;
const TRACE = { records: 4, sha256: '273a2f656996ef82'.repeat(4) };
const KNOWN: Provenance = provenanceOf({
  nonceproof: '0.1.0',
  header: HEADER,
  trace: TRACE,
  durationMs: 5_909,
  figures: statistics,
});
const UNKNOWN: Provenance = provenanceOf({
  nonceproof: '0.1.0',
  header: null,
  trace: null,
  figures: statistics,
});

describe('where a verdict comes from', () => {
  test('is told thing by thing', () => {
    expect(provenanceFacts({ ...plain.verdict, provenance: KNOWN })).toEqual([
      ['nonceproof', '0.1.0'],
      ['recorded by', 'nonceproof verify'],
      ['target', 'python bot.py'],
      ['Node', 'v24.3.0'],
      ['platform', 'linux x64'],
      ['started', '2026-11-26T07:28:30.107Z'],
      ['duration', '5.9 s'],
      ['commit', COMMIT],
      ['files', 'changed since the commit, or in none'],
      ['trace SHA-256', TRACE.sha256],
    ]);
  });

  test('names both versions when they differ', () => {
    const provenance = { ...KNOWN, nonceproof: '0.2.0' };
    const [[, versions] = []] = provenanceFacts({ ...plain.verdict, provenance });
    expect(versions).toBe('0.2.0, recorded with 0.1.0');
  });

  test('leaves out what is not known', () => {
    expect(provenanceFacts({ ...plain.verdict, provenance: UNKNOWN })).toEqual([['nonceproof', '0.1.0']]);
    expect(provenanceLine({ ...plain.verdict, provenance: UNKNOWN })).toBe('nonceproof 0.1.0');
    expect(scenarioFacts({ ...plain.verdict, provenance: UNKNOWN })).toEqual([]);
    expect(provenanceFacts(plain.verdict)).toEqual([]);
    expect(provenanceLine(plain.verdict)).toBeNull();
  });

  test('is one short line on a terminal', () => {
    const line = provenanceLine({ ...plain.verdict, provenance: KNOWN }) ?? '';
    expect(line).toBe(
      'nonceproof 0.1.0 · Node v24.3.0 · linux x64 · 2026-11-26T07:28:30.107Z · commit 1a2b3c4d5e6f (changed) · trace 273a2f656996ef82',
    );
  });

  test('has every part of the scenario, the longest cut', () => {
    const scenario = { seed: 42, faults: { name: 'x'.repeat(9_000) } };
    const facts = scenarioFacts({ ...plain.verdict, provenance: { ...KNOWN, scenario } });
    expect(facts[0]).toEqual(['seed', '42']);
    expect(facts[1]?.[1]).toMatch(/^\{"name":"x{100,}… \(9011 characters; all of it is in verdict\.json\)$/);
  });

  test('stands in every report, with the figures', async () => {
    const verdict = { ...plain.verdict, provenance: KNOWN };
    const { facts } = plain;
    const reports = {
      html: await htmlReport({ verdict, facts, calls: GOOD, client: null }),
      terminal: terminalReport(verdict, facts, PLAIN),
      junit: junitReport(verdict, facts),
      tap: tapReport(verdict, facts),
      markdown: githubSummary(verdict, facts),
      json: jsonReport(verdict),
    };
    for (const [name, report] of Object.entries(reports)) {
      expect(report, name).toContain('v24.3.0');
      expect(report, name).toContain('linux x64');
      expect(report, name).toContain('2026-11-26T07:28:30.107Z');
      expect(report, name).toContain(COMMIT.slice(0, 12));
      expect(report, name).toContain(TRACE.sha256.slice(0, 16));
      expect(report, name).toMatch(/12 ms|5\.0 ms|"p99Ns": \d+/);
      if (name !== 'terminal') expect(report, name).toMatch(/serviceMs/);
      if (name !== 'terminal') expect(report, name).toContain(TRACE.sha256);
    }
  });
});
