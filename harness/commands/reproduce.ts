import { shellWord } from './shell-word.ts';
import type { VerifyOptions } from './verify-options.ts';

/** Options that change what happens in a run, in the order in which they are shown. */
const REPEATED = [
  'users',
  'calls',
  'scope',
  'serviceMs',
  'processes',
  'threads',
  'coordinator',
  'nemesis',
  'perAccount',
  'allowNet',
  'timeout',
  'faults',
  'faultPlan',
  'strict',
  'control',
  'target',
] as const;

/** The command line that makes the same run again. The seed is always said, though it may be the default. */
export function commandLineOf(command: readonly string[], options: VerifyOptions, seed: number): string {
  const said = REPEATED.filter((name) => options[name] !== undefined);
  const words = said.flatMap((name) => [
    `--${kebab(name)}`,
    ...(options[name] === true ? [] : [String(options[name])]),
  ]);
  const target = command.length === 0 ? [] : ['--', ...command];
  return ['nonceproof', 'verify', '--seed', String(seed), ...words, ...target].map(shellWord).join(' ');
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
