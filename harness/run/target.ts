import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FaultPlan } from '../../mock-kraken/index.ts';
import { slowestServiceMs } from './faults/index.ts';
import { RUNNER_SETTINGS } from './targets/index.ts';
import type { RunnerOptions } from './targets/index.ts';
import type { RunOptions } from './run-options.ts';

/** The client under verification. There are two kinds and no third. */
export type Target =
  /** A client module: run by the runner, in a process of its own. */
  | { readonly kind: 'module'; readonly title: string; readonly url: string }
  /** Any program, driven through its environment. */
  | {
      readonly kind: 'command';
      readonly title: string;
      readonly command: string;
      readonly args: readonly string[];
    };

/** A command line, and what it finds in its environment beside the contract's variables. */
export interface TargetCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A client module as a target. */
export function moduleTarget(title: string, url: string): Target {
  return { kind: 'module', title, url };
}

/** The built-in client: a client module like any other. */
export const BUILT_IN_CLIENT: Target = moduleTarget(
  'built-in client',
  besideThis('./targets/built-in-client'),
);

/** The folder whose files a target is: that of a client module, and where a program is started. */
export function folderOf(target: Target, cwd: string): string {
  return target.kind === 'module' ? dirname(fileURLToPath(target.url)) : cwd;
}

const RUNNER = besideThis('./targets/module-runner');

/** What differs from process to process: where the runner of client modules writes, and what it is told. */
export type RunnerLogs = Pick<RunnerOptions, 'clientLog' | 'clockLog' | 'coordination' | 'startLine'>;

/** What to start for a target: the program itself, or the runner with the client module. */
export function commandOf(
  target: Target,
  { settings, ...logs }: { readonly settings: RunOptions } & RunnerLogs,
): TargetCommand {
  if (target.kind === 'command') return { command: target.command, args: target.args, env: {} };
  const told = runnerSettings(target.url, settings, logs);
  return {
    command: process.execPath,
    args: [...typescriptLoader(), fileURLToPath(RUNNER)],
    env: { [RUNNER_SETTINGS]: JSON.stringify(told) },
  };
}

/** The plan of a plain run, where its slowness is asked for. */
export const NO_FAULTS: FaultPlan = { version: 1, name: 'none', faults: [] };

function runnerSettings(module: string, settings: RunOptions, logs: RunnerLogs): RunnerOptions {
  const { scope, clock, processes, threads, situations, faults, nemesis } = settings;
  const isHarsh = faults !== null || nemesis.length > 0;
  const slowest = isHarsh ? { slowestServiceMs: slowestServiceMs(faults ?? NO_FAULTS, settings) } : {};
  const isSkewed = nemesis.includes('skew');
  return { module, ...logs, scope, clock, processes, threads, situations, isSkewed, ...slowest };
}

/** Source beside source, build beside build. */
function besideThis(path: string): string {
  return new URL(`${path}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href;
}

/** A clone runs from TypeScript; the runner itself sees to a module of the user's that is. */
function typescriptLoader(): readonly string[] {
  return RUNNER.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : [];
}
