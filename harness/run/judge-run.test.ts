import { expect, it } from 'vitest';
import { createRedactor } from '../redaction/index.ts';
import { aCall, aClientCall } from '../judge/rules/history.test-support.ts';
import { judgeRun } from './judge-run.ts';
import type { JudgedRun } from './judge-run.ts';
import type { Observation } from './observe.ts';
import { DEFAULT_RUN } from './run-defaults.ts';
import type { RunOptions } from './run-options.ts';
import { BUILT_IN_CLIENT } from './target.ts';

const TAGS = Array.from({ length: 40 }, (_, i) => `t${i}`);

/** One account's calls, served in the opposite order of asking. */
const OBSERVATION: Observation = {
  accounts: ['MASTER'],
  journal: TAGS.toReversed().map((tag, i) => aCall(i + 1, { tag })),
  publicCalls: 0,
  connectionsRefused: 0,
  clientCalls: TAGS.map((tag, i) => aClientCall(tag, { askedMs: i })),
  clockOffsetMs: 0,
  originMs: 0,
  vanishedCalls: 0,
  clockFaults: [],
  struck: [],
  exit: { status: 0, signal: null, endedBy: null, timeoutMs: 1_000 },
  elapsedMs: 1_000,
  stdout: '',
  stderr: '',
  lastWords: [],
  notes: [],
  redactor: createRedactor([]),
};

function judged(settings: Partial<RunOptions>, changes: Partial<Observation> = {}): JudgedRun {
  const observation = { ...OBSERVATION, ...changes };
  return judgeRun({ target: BUILT_IN_CLIENT, settings: { ...DEFAULT_RUN, ...settings } }, observation, {
    reproduce: '',
    judgeLine: null,
    evidenceDir: null,
    defects: [],
  });
}

it('says of what the verdict is: how the target was spread out, and what it shared', () => {
  expect(judged({}).facts.title).toBe('built-in client');
  expect(judged({ threads: 4, coordinator: 'threads' }).facts.title).toBe(
    'built-in client · 4 threads · coordinator threads',
  );
  expect(judged({ processes: 2, threads: 3, coordinator: 'postgres' }).facts.title).toBe(
    'built-in client · 2 processes · 3 threads each · coordinator postgres',
  );
});

it('judges waits unless processes are stopped or cut off for a while', () => {
  const starvation = ({ verdict }: JudgedRun): string | undefined =>
    verdict.rules.find(({ id }) => id === 'no-starvation')?.status;
  expect(starvation(judged({}))).toBe('violated');
  expect(starvation(judged({ nemesis: ['kill', 'skew'] }))).toBe('violated');
  for (const kind of ['stop', 'cut', 'stall', 'restart'] as const) {
    expect(starvation(judged({ nemesis: [kind] }))).toBe('held');
  }
});

it('concludes nothing from a run with calls of which no program is known', () => {
  const journal = TAGS.map((tag, i) => aCall(i + 1, { tag }));
  const whole = judged({}, { journal }).verdict;
  const { verdict, notes } = judged({}, { journal, vanishedCalls: 2 }).verdict;
  expect(whole.notes.join()).not.toContain('closed before');
  expect(verdict).toBe('inconclusive');
  expect(notes.join()).toContain('2 calls with an API key that this run did not issue came over connections');
});
