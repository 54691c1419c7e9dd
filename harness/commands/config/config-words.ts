import { UsageError } from '../../usage-error.ts';
import type { LoadedConfig } from './load-config.ts';

/** Options that choose what is verified. One on the command line puts aside all in the configuration. */
const TARGET_OPTIONS: readonly string[] = ['command', 'target', 'control'];

/**
 * Puts a configuration under a command line: as words before those that were typed, so that an option's own
 * parser reads both, and what was typed, coming later, counts.
 * @param typed - the words after `verify`
 */
export function withConfigWords(typed: readonly string[], { file, config }: LoadedConfig): readonly string[] {
  const chosen = choosesTarget(typed);
  const options = Object.entries(config).filter(([name]) => !(chosen && TARGET_OPTIONS.includes(name)));
  const words = options.flatMap(([name, value]) =>
    name === 'command' ? [] : optionWords(name, value, file),
  );
  const { command } = config;
  if (chosen || command === undefined) return [...words, ...typed];
  return [...words, ...typed, '--', ...commandWords(command, file)];
}

function choosesTarget(typed: readonly string[]): boolean {
  return typed.some((word) => /^(--|--(control|target)(=.*)?)$/.test(word));
}

function optionWords(name: string, value: unknown, file: string): readonly string[] {
  const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (value === true) return [option];
  if (value === false || value === undefined || value === null) return [];
  if (typeof value === 'number' || typeof value === 'string') return [`${option}=${value}`];
  throw new UsageError(
    `Failed to read ${file}: expected "${name}" to be a number, a string or a boolean, got ${JSON.stringify(value)}. Correct it.`,
  );
}

function commandWords(command: unknown, file: string): readonly string[] {
  const isList =
    Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === 'string');
  if (isList) return command;
  throw new UsageError(
    `Failed to read ${file}: expected "command" to be a list of words, got ${JSON.stringify(command)}. Write ["python3", "bot.py"], say.`,
  );
}
