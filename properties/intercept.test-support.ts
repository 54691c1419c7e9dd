import { spawnSync } from 'node:child_process';
import { DEFAULT_RUN, judgeRun, observeRun } from '../harness/index.ts';
import type { Observation, RunOptions, Target, Verdict } from '../harness/index.ts';

/** One run of a program as it is, judged. */
export interface JudgedProgram {
  readonly verdict: Verdict;
  readonly observation: Observation;
  /** Ids of the rules that were broken. */
  readonly broken: readonly string[];
}

/** How a program is run; everything has a default that is quick. */
export interface ProgramRun extends Partial<RunOptions> {
  /** Put into the target's environment, over this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Small, and slow enough that calls which may overlap do. */
const SMALL: Partial<RunOptions> = { users: 3, callsPerAccount: 2, serviceMs: 30, timeoutMs: 60_000 };

/** Runs a command line under verification. */
export async function verifyProgram(
  commandLine: readonly string[],
  run: ProgramRun = {},
): Promise<JudgedProgram> {
  const [command = '', ...args] = commandLine;
  const { env = {}, ...wished } = run;
  const settings = { ...DEFAULT_RUN, ...SMALL, ...wished };
  const target: Target = { kind: 'command', title: commandLine.join(' '), command, args };
  const surroundings = { env: { ...process.env, ...env }, cwd: process.cwd() };
  const observation = await observeRun(target, settings, surroundings);
  const remarks = { reproduce: '', judgeLine: null, evidenceDir: null, defects: [] };
  const { verdict } = judgeRun({ target, settings }, observation, remarks);
  const broken = verdict.rules.filter(({ status }) => status === 'violated').map(({ id }) => id);
  return { verdict, observation, broken };
}

/** Whether this machine has a program. */
export function has(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}
