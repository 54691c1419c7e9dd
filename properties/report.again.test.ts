import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatTraceLine, jsonReport, main } from '../harness/index.ts';
import type { Verdict } from '../harness/index.ts';
import { madeUpCalls, madeUpReport } from './report.test-support.ts';

const BAD = { calls: 50, accounts: 3, overlaps: 0.2 };
const GOOD = { calls: 50, accounts: 3 };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-again-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(run: typeof BAD | typeof GOOD, verdict?: Verdict): void {
  writeFileSync(join(folder, 'trace.ndjson'), madeUpCalls(run).map(formatTraceLine).join(''));
  if (verdict !== undefined) writeFileSync(join(folder, 'verdict.json'), jsonReport(verdict));
}

/** Runs `nonceproof report` on the folder; returns the page. */
async function report(...options: readonly string[]): Promise<string> {
  let status = -1;
  let complaint = '';
  await main(['report', folder, ...options], {
    stdout: { write: () => true },
    stderr: { write: (text) => (complaint += text) },
    env: {},
    cwd: folder,
    setExitStatus: (exit) => (status = exit),
  });
  if (status !== 0) throw new Error(`${status} ${complaint}`);
  return readFileSync(join(folder, 'report.html'), 'utf8');
}

describe('nonceproof report', () => {
  it('needs the trace alone', async () => {
    put(BAD);
    const page = await report();
    expect(page).toContain('<span class="word">VIOLATED</span>');
    expect(page).toMatch(/<h3>no-overlap/);
    expect(JSON.parse(readFileSync(join(folder, 'trace.json'), 'utf8'))).toHaveProperty('traceEvents');
  });

  it('shows what the run concluded where that is more than a trace can tell', async () => {
    const { verdict } = madeUpReport(GOOD);
    const explanation = 'The target was still running after 9 s and was ended.';
    const rules = verdict.rules.map((rule) =>
      rule.id === 'all-settle' ? { ...rule, status: 'violated' as const, violations: 1, explanation } : rule,
    );
    put(GOOD, { ...verdict, verdict: 'violated', rules });
    expect(await report()).toContain(explanation);
  });

  it('never shows a rule as kept that the trace shows broken', async () => {
    put(BAD, madeUpReport(GOOD).verdict);
    const page = await report();
    expect(page).toContain('<span class="word">VIOLATED</span>');
    expect(page).toContain('The verdict.json beside the trace is of another run');
  });

  it('judges under another scope when asked', async () => {
    put({ ...BAD, accounts: 50 });
    expect(await report('--scope', 'key')).toContain('<dd>key</dd>');
  });

  it('says where there is no trace', async () => {
    await expect(report()).rejects.toThrow(
      /^64 nonceproof: Failed to read a trace at .* Name a folder with trace.ndjson in it/,
    );
  });
});
