import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forMarkdownFence, forTap, forTerminal } from '../reports/content/index.ts';
import { NASTY } from '../reports/hostile-text.test-support.ts';
import { commandLineOf } from './reproduce.ts';
import { shellWord } from './shell-word.ts';

/** A word can hold any text but NUL, which no argument holds, and lone surrogates, which are no UTF-8. */
const isArgument = (text: string): boolean => !/[\0\p{Cs}]/u.test(text);
const WORDS: readonly string[] = [
  ...NASTY,
  '',
  "it's",
  '$(id) `id` $HOME',
  '~',
  'a b',
  '\u001b7',
  '\u00011',
  "\t'\\x41\\'",
  'é\u200b1',
  '##[error]\\n',
  '!!',
].filter(isArgument);

/** The words that bash reads in a line. */
function readBack(words: string): readonly string[] {
  const line = `printf '%s\\0' ${words}\n`;
  return execFileSync('bash', ['-c', line], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('a command line of any words', () => {
  it('is read back by bash as it was, from the terminal and from Markdown', () => {
    const line = WORDS.map(shellWord).join(' ');
    expect(readBack(forTerminal(`nonceproof ${line}`)).slice(1)).toEqual(WORDS);
    expect(forMarkdownFence(line)).toBe(line);
  });

  it('is read back by bash whatever stands in it', () => {
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 30 }).filter(isArgument), {
      seed: 20_261_126,
      numRuns: 500,
    });
    expect(readBack(forTerminal(texts.map(shellWord).join(' ')))).toEqual(texts);
  });

  it('is shown bare or in single quotes where nothing is unseen', () => {
    expect(['bot.py', 'a b', "it's", ''].map(shellWord)).toEqual([
      'bot.py',
      "'a b'",
      String.raw`'it'\''s'`,
      "''",
    ]);
    expect(shellWord('a\u001b[2J')).toBe(String.raw`$'a\033[2J'`);
  });

  it('is what verify says to run again', () => {
    const line = commandLineOf(['./bot\u001b[2J\n::error::x', '\u202eup'], { out: 'out' }, 7);
    expect(readBack(forTerminal(line))).toEqual([
      'nonceproof',
      'verify',
      '--seed',
      '7',
      '--',
      './bot\u001b[2J\n::error::x',
      '\u202eup',
    ]);
    expect(forTap(line)).not.toContain('\u{fffd}');
  });
});
