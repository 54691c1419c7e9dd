/** A trace that was changed in any way is never called held, and nothing that a file holds ends `check` badly. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { formatTraceLine, main, sealTrace } from '../harness/index.ts';
import type { Verdict } from '../harness/index.ts';
import type { JournalRecord } from '../mock-kraken/index.ts';
import { madeUpCalls } from './report.test-support.ts';
import { mutation } from './trace-mutations.test-support.ts';
import type { Mutation } from './trace-mutations.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'trace-mutations-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A history that holds, with something in every field that a record may have. */
function goodCalls(): readonly JournalRecord[] {
  return madeUpCalls({ calls: 24, accounts: 3 }).map((call): JournalRecord => {
    const { seq, arrivedNs } = call;
    if (seq === 4) return { ...call, outcome: 'rejected', error: 'EOrder:Insufficient funds' };
    if (seq === 9) return { ...call, outcome: 'faulted', error: 'EService:Busy', fault: 'busy' };
    if (seq === 14) return { ...call, fault: 'slow-service', committedNs: arrivedNs + 1_000, tag: 'call 14' };
    if (call.method !== 'AddOrder') return call;
    const intents = [{ digest: `d${seq}`, likeness: 'XBTUSD buy', id: `O${seq}` }];
    return { ...call, effect: { kind: 'order', ids: [`O${seq}`] }, intents, clientRef: `ref ${seq}` };
  });
}

const HEADER = {
  version: 1,
  nonceproof: '1.0.0',
  command: 'verify',
  target: 'node bot.js',
  startedAt: '2026-11-26T01:00:00.000Z',
  accounts: 3,
  scope: 'global',
  seed: 7,
  scenario: { serviceMs: 5, faults: null },
} as const;

const END = {
  exit: { status: 0, signal: null, endedBy: null, timeoutMs: 120_000 },
  struck: ['kill'],
  defects: [],
} as const;

const SEALED = Buffer.from([...sealTrace(HEADER, goodCalls(), undefined, END)].join(''));
const UNSEALED = Buffer.from(goodCalls().map(formatTraceLine).join(''));

interface Checked {
  readonly status: number;
  readonly verdict: Verdict;
  readonly said: string;
}

/** Runs `nonceproof check` on these bytes. */
async function check(trace: Buffer): Promise<Checked> {
  writeFileSync(join(folder, 'trace.ndjson'), trace);
  let status = -1;
  let said = '';
  await main(['check', 'trace.ndjson', '--json'], {
    stdout: { write: (text) => (said += text) },
    stderr: { write: (text) => (said += text) },
    env: {},
    cwd: folder,
    setExitStatus: (exit) => (status = exit),
  });
  if (status > 2) throw new Error(`check ended with ${status}: ${said.slice(0, 2_000)}`);
  return { status, verdict: JSON.parse(said) as Verdict, said };
}

const RUNS = { seed: 20_261_126, numRuns: 600 };

describe('a sealed trace', () => {
  it('is held as it was written', async () => {
    expect((await check(SEALED)).verdict).toMatchObject({
      verdict: 'held',
      sealed: true,
      seed: 7,
      notes: [],
    });
  });

  it('is never held when anything in it was changed', async () => {
    const seen = new Map<string, number>();
    const isChange = ({ apply }: Mutation): boolean => !apply(SEALED).equals(SEALED);
    await fc.assert(
      fc.asyncProperty(mutation.filter(isChange), async ({ kind, apply }) => {
        const { status, verdict, said } = await check(apply(SEALED));
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
        expect([status, verdict.verdict, verdict.sealed], said).toEqual([
          expect.toSatisfy((exit: unknown) => exit === 1 || exit === 2),
          expect.not.stringMatching('held'),
          false,
        ]);
        // An empty file has no line to name.
        if (verdict.counts.calls > 0) expect(verdict.notes.join()).toMatch(/\blines? \d/i);
      }),
      RUNS,
    );
    expect(seen.size).toBeGreaterThan(40);
  });

  it.each([
    ['header', (lines: readonly string[]) => lines.slice(1), 'Line 1 is no header'],
    ['footer', (lines: readonly string[]) => lines.slice(0, -1), 'ends after line 25 without a footer'],
    ['first record', (lines: readonly string[]) => lines.toSpliced(1, 1), 'line 2 (#2 first, not #1)'],
    [
      'last record',
      (lines: readonly string[]) => lines.toSpliced(24, 1),
      'counts 24 records, and there are 23',
    ],
  ])('is inconclusive without its %s, and says so', async (_part, change, found) => {
    const lines = SEALED.toString().split(/(?<=\n)/);
    const { status, verdict } = await check(Buffer.from(change(lines).join('')));
    expect(status).toBe(2);
    expect(verdict.notes.join()).toContain(found);
  });

  it('is violated, broken or not, when what can be read breaks a rule', async () => {
    const [first, ...others] = madeUpCalls({ calls: 24, accounts: 3, overlaps: 0.5 });
    if (first === undefined) throw new TypeError('There are calls.');
    const lines = [...sealTrace(HEADER, [first, ...others])].join('').split(/(?<=\n)/);
    expect((await check(Buffer.from(lines.join('')))).status).toBe(1);
    const { verdict } = await check(Buffer.from(lines.toSpliced(1, 1).slice(0, -1).join('')));
    expect(verdict).toMatchObject({ verdict: 'violated', sealed: false });
  });
});

describe('an unsealed trace', () => {
  it('may hold, and is called unsealed', async () => {
    expect((await check(UNSEALED)).verdict).toMatchObject({ verdict: 'held', sealed: false });
  });

  it('is never called sealed, and held only when its lines still follow each other from the first', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, async ({ apply }) => {
        const changed = apply(UNSEALED);
        const { verdict } = await check(changed);
        expect(verdict.sealed).toBe(false);
        if (verdict.verdict !== 'held') return;
        const lines = changed
          .toString()
          .split(/\r?\n/)
          .filter((line) => line.trim() !== '');
        const seqs = lines.map((line) => (JSON.parse(line.replace('\ufeff', '')) as { seq: number }).seq);
        expect(seqs).toEqual(seqs.map((_seq, i) => i + 1));
      }),
      RUNS,
    );
  });
});
