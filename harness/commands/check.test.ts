import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../mock-kraken/index.ts';
import { formatClientLine, formatTraceLine, sealTrace } from '../judge/history/index.ts';
import type { TraceEnd, TraceHeader } from '../judge/history/index.ts';
import { aCall, aClientCall, aUserCall } from '../judge/rules/history.test-support.ts';
import { UsageError } from '../usage-error.ts';
import { registerCheck } from './check.ts';

const GOOD = [aCall(1, { tag: 'a' }), aUserCall(2, { tag: 'b' }), aCall(3), aUserCall(4)];
const OVERLAPPING = [aCall(1, { departedNs: 22_000_000 }), ...GOOD.slice(1)];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nonceproof-check-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function save(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

function saveTrace(name: string, calls: readonly JournalRecord[]): string {
  return save(name, calls.map(formatTraceLine).join(''));
}

/** Runs `check` with these words; gives what it printed and the exit status that it set. */
async function check(
  ...words: string[]
): Promise<{ readonly stdout: string; readonly status: number | null }> {
  let stdout = '';
  let status: number | null = null;
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  registerCheck(program, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => undefined },
    env: {},
    cwd: folder,
    setExitStatus: (wanted) => (status = wanted),
  });
  for (const command of program.commands) command.copyInheritedSettings(program);
  await program.parseAsync(['check', ...words], { from: 'user' });
  return { stdout, status };
}

describe('check', () => {
  test('ends with 0 for a history that holds', async () => {
    const { stdout, status } = await check(saveTrace('good.ndjson', GOOD));
    expect(stdout).toContain('HELD (observed, unsealed): 9 of 10 rules over 4 calls');
    expect(status).toBe(0);
  });

  test('ends with 1 for one that is violated, and says last how to see it again', async () => {
    const { stdout, status } = await check(saveTrace("it's bad.ndjson", OVERLAPPING));
    expect(stdout.trimEnd().split('\n').at(-1)).toBe("nonceproof check 'it'\\''s bad.ndjson' --scope global");
    expect(status).toBe(1);
  });

  test('ends with 2 for one that is not whole, and names the line', async () => {
    const { stdout, status } = await check(
      save('torn.ndjson', `${GOOD.map(formatTraceLine).join('')}{"seq":5,"acc`),
    );
    expect(stdout).toContain('line 5 (it is not JSON)');
    expect(stdout).toContain('INCONCLUSIVE (observed, unsealed): the history is not whole');
    expect(status).toBe(2);
  });

  test('ends with 2 for an empty file', async () => {
    expect(await check(save('empty.ndjson', ''))).toMatchObject({ status: 2 });
  });

  test('judges by the scope that it is told', async () => {
    const file = saveTrace('cross.ndjson', OVERLAPPING);
    expect((await check(file, '--scope', 'key')).status).toBe(0);
    expect((await check(file, '--scope', 'global')).stdout).toContain(
      'Under scope key this run would have held',
    );
  });

  test('prints nothing but JSON when asked to', async () => {
    const { stdout } = await check(saveTrace('good.ndjson', GOOD), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'held', counts: { accounts: 2, calls: 4 } });
  });

  test('misses accounts that should have called', async () => {
    const file = saveTrace('good.ndjson', GOOD);
    expect((await check(file, '--accounts', '2')).status).toBe(0);
    expect((await check(file, '--accounts', '3')).stdout).toContain('No call came from USER_2.');
    expect((await check(file, '--accounts', 'MASTER, OTHER')).stdout).toContain('No call came from OTHER.');
  });

  test('compares with what the client was told', async () => {
    const trace = saveTrace('good.ndjson', GOOD);
    const told = (tag: string): string => formatClientLine(aClientCall(tag));
    const honest = save(
      'honest.ndjson',
      told('a') + formatClientLine(aClientCall('b', { account: 'USER_1' })),
    );
    expect((await check(trace, '--client', honest)).status).toBe(0);
    expect((await check(trace, '--client', save('lying.ndjson', told('a') + told('z')))).status).toBe(1);
  });

  test.each(['missing.ndjson', '.', 'good.ndjson/deeper'])('refuses to read %s', async (file) => {
    saveTrace('good.ndjson', GOOD);
    await expect(check(file)).rejects.toThrow(UsageError);
    await expect(check(file)).rejects.toThrow(/^Failed to read .*: .*\. Name a file that can be read\.$/);
  });

  test.each([['--scope', 'nowhere'], ['--accounts', '0'], ['--accounts', '999999'], ['--nonsense']])(
    'refuses %s %s',
    async (...words) => {
      await expect(check(saveTrace('good.ndjson', GOOD), ...words)).rejects.toMatchObject({ exitCode: 1 });
    },
  );
});

describe('a sealed trace of verify', () => {
  const header = (change: object = {}): TraceHeader => ({
    version: 1,
    nonceproof: '0.1.0',
    command: 'verify',
    target: 'a bot',
    startedAt: '2026-11-26T00:00:00.000Z',
    accounts: 2,
    scope: 'global',
    seed: 42,
    scenario: { faults: { version: 1, name: 'two', faults: [{ kind: 'unavailable' }, { kind: 'busy' }] } },
    ...change,
  });
  const struck = (kind: string, seq: number): JournalRecord =>
    aCall(seq, { tag: null, outcome: 'faulted', error: 'EService:Unavailable', fault: kind } as object);
  const seal = (name: string, calls: readonly JournalRecord[], change: object = {}, end?: TraceEnd): string =>
    save(name, [...sealTrace(header(change), calls, (text) => text, end)].join(''));
  const WELL = { status: 0, signal: null, endedBy: null, timeoutMs: 120_000 };
  const ended = (changes: Partial<TraceEnd> = {}): TraceEnd => ({
    exit: WELL,
    struck: [],
    defects: [],
    ...changes,
  });

  test('whose planned faults did not all strike is not held, as the run itself was not', async () => {
    const file = seal('one-of-two.ndjson', [...GOOD, struck('unavailable', 5)]);
    const { stdout, status } = await check(file);
    expect(stdout).toMatch(/inconclusive +exercised +.*busy/);
    expect(status).toBe(2);
  });

  test('whose planned faults all struck is held', async () => {
    const { stdout, status } = await check(
      seal('both.ndjson', [...GOOD, struck('unavailable', 5), struck('busy', 6)]),
    );
    expect(stdout).toContain('HELD (observed, sealed)');
    expect(status).toBe(0);
  });

  test.each([
    ['of a mock that ran by itself', { command: 'mock' }],
    ['without a plan', { scenario: { faults: null } }],
    ['with a plan that cannot be read', { scenario: { faults: [1] } }],
  ])('promises no fault: %s', async (name, change) => {
    const { status } = await check(seal(`${name}.ndjson`, GOOD, change));
    expect(status).toBe(0);
  });

  describe('tells what no record shows', () => {
    const afflicted = { scenario: { clock: 'faults', nemesis: ['kill', 'stop'] } };
    const all = ['clock-back', 'clock-ahead', 'clock-stall', 'clock-restart', 'kill', 'stop'];

    test.each(all)('of the faults of clock and processes, %s did not strike', async (missing) => {
      const struck = all.filter((kind) => kind !== missing);
      const { stdout, status } = await check(seal('missing.ndjson', GOOD, afflicted, ended({ struck })));
      expect(stdout).toMatch(new RegExp(`inconclusive +exercised .*${missing} never fired`));
      expect(status).toBe(2);
    });

    test('all of them struck', async () => {
      const { status } = await check(seal('struck.ndjson', GOOD, afflicted, ended({ struck: all })));
      expect(status).toBe(0);
    });

    test('nothing is said of them: none struck', async () => {
      expect((await check(seal('silent.ndjson', GOOD, afflicted))).stdout).toContain('clock-back');
    });

    test('a mock that ran by itself promises none of them', async () => {
      const { status } = await check(seal('mock.ndjson', GOOD, { ...afflicted, command: 'mock' }));
      expect(status).toBe(0);
    });

    const plain = { scenario: {} };
    test.each([
      ['crashed', { status: 3 }, 2, 'The target ended with status 3'],
      ['was killed', { status: null, signal: 'SIGSEGV' }, 2, 'was ended by SIGSEGV'],
      ['was interrupted', { status: null, signal: 'SIGTERM', endedBy: 'interrupt' }, 2, 'was ended early'],
      ['was at work', { status: null, endedBy: 'time-limit' }, 2, 'its time limit, and was ended'],
      [
        'hung',
        {
          status: null,
          endedBy: 'time-limit',
          stillness: { lastMs: 100_000, longestBeforeMs: 10 },
        },
        1,
        'The target hung',
      ],
    ] as const)('the target %s', async (name, exit, expected, words) => {
      const end = ended({ exit: { ...WELL, ...exit } });
      const { stdout, status } = await check(seal(`${name}.ndjson`, GOOD, plain, end));
      expect(stdout).toContain(words);
      expect(status).toBe(expected);
    });

    test('why the run itself could not be relied on', async () => {
      const end = ended({ defects: ['the judge cannot be believed'] });
      const { stdout, status } = await check(seal('doubted.ndjson', GOOD, plain, end));
      expect(stdout).toContain('note: the judge cannot be believed');
      expect(status).toBe(2);
    });

    test('the run was judged strictly', async () => {
      const refused = { outcome: 'rejected', error: 'EOrder:Insufficient funds' } as const;
      const calls = [...GOOD, aCall(5, { method: 'AddOrder', ...refused })];
      expect((await check(seal('mild.ndjson', calls, plain, ended()))).status).toBe(0);
      const strict = await check(seal('strict.ndjson', calls, { scenario: { strict: true } }, ended()));
      expect(strict.status).toBe(1);
      expect(strict.stdout.trimEnd().split('\n').at(-1)).toContain('--strict');
    });
  });
});
