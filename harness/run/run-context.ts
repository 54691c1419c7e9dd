import type { NemesisKind } from './coordination/index.ts';
import { CLOCK_FAULT_KINDS } from './targets/index.ts';
import type { RuleContext } from '../judge/rules/index.ts';
import type { RunOptions } from './run-options.ts';

/** What of a run's settings the rules ask about. */
export interface RunSetup extends Pick<
  RunOptions,
  'clock' | 'perAccount' | 'processes' | 'strict' | 'threads'
> {
  readonly nemesis: readonly string[];
  readonly situations: readonly string[];
  /** Kinds of fault in the plan. */
  readonly planned: readonly string[];
}

/** Returns what the rules must know of how a run was set up, wherever it is judged. */
export function runContext(
  setup: RunSetup,
): Pick<RuleContext, 'absences' | 'accountLimit' | 'faultKinds' | 'instances' | 'strict'> {
  const { clock, nemesis, perAccount, planned, processes, situations, strict, threads } = setup;
  return {
    instances: perAccount ? 1 : processes * threads,
    absences: nemesis.some((kind) => ABSENCES.includes(kind)),
    accountLimit: situations.includes('account-limit'),
    faultKinds: [...new Set([...planned, ...(clock === 'faults' ? CLOCK_FAULT_KINDS : []), ...nemesis])],
    strict,
  };
}

/** What keeps a process from its place in the queue for a while, and does not end it. */
const ABSENCES: readonly string[] = ['stop', 'cut', 'stall', 'restart'] satisfies NemesisKind[];
