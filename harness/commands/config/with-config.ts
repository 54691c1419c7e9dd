import { UsageError } from '../../usage-error.ts';
import { withConfigWords } from './config-words.ts';
import { loadConfig } from './load-config.ts';

/**
 * A command line with the folder's configuration under it. Only `verify` has one; `--no-config` goes without, and
 * `--config FILE` names it.
 * @throws {UsageError} when the configuration cannot be used
 */
export async function withConfig(args: readonly string[], cwd: string): Promise<readonly string[]> {
  const [verb, ...typed] = args;
  if (verb !== 'verify' || ownWords(typed).some((word) => ['--no-config', '--help', '-h'].includes(word)))
    return args;
  const loaded = await loadConfig(cwd, namedConfig(ownWords(typed)));
  return loaded === null ? args : [verb, ...withConfigWords(typed, loaded)];
}

/** The words that are nonceproof's own, not those of the command behind `--`. */
function ownWords(typed: readonly string[]): readonly string[] {
  const end = typed.indexOf('--');
  return end < 0 ? typed : typed.slice(0, end);
}

function namedConfig(words: readonly string[]): string | undefined {
  const at = words.findLastIndex((word) => word === '--config' || word.startsWith('--config='));
  if (at < 0) return undefined;
  const value = words[at]?.includes('=') === true ? words[at].slice('--config='.length) : words[at + 1];
  if (value !== undefined && value !== '') return value;
  throw new UsageError('Failed to read --config: it names no file. Name one.');
}
