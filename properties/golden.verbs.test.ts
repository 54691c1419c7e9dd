import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exactly, inFolder, inWords, nonceproof } from './golden.test-support.ts';
import type { RunOptions } from './golden.test-support.ts';

describe('controls', () => {
  it('--list', async () => {
    await expect(await exactly(['controls', '--list'])).toMatchFileSnapshot('golden/controls/list.txt');
  });

  it.for([
    ['matrix', []],
    ['matrix.json', ['--json']],
  ] as const)('as a %s', async ([name, form]) => {
    const told = await exactly(['controls', 'counter-per-account', 'promise-chain', ...form]);
    await expect(told).toMatchFileSnapshot(`golden/controls/${name}.txt`);
  });
});

describe('init', () => {
  /** Runs `init` in a folder with these files; returns what it said and what it wrote. */
  function init(files: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<string> {
    return inFolder(async (folder) => {
      for (const [name, text] of Object.entries(files)) put(join(folder, name), text);
      const told = await nonceproof(['init', ...words], { folder });
      const written = [...told.stdout.matchAll(/^written +(.+)$/gm)].map(([, name = '']) => name);
      const shown = written.map((name) => `--- ${name}\n${readFileSync(join(folder, name), 'utf8')}`);
      return inWords({ ...told, stdout: `${told.stdout}${shown.join('')}` }, { folder, isExact: true });
    });
  }

  function put(file: string, text: string): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  const TYPESCRIPT = {
    'package.json': '{ "main": "bot.mjs", "devDependencies": { "nonceproof": "*" } }',
    'package-lock.json': '{}',
    'tsconfig.json': '{}',
    'bot.mjs': '',
  };
  const THERE = {
    'bot.py': '',
    'nonceproof.config.json': '{}',
    'nonceproof.config.ts': '',
    'nonceproof.config.mjs': '',
  };

  it.for([
    ['python', { 'bot.py': '', 'requirements.txt': 'ccxt\n' }, []],
    [
      'node',
      { 'package.json': '{ "name": "bot", "scripts": { "start": "node bot.js" } }', 'bot.js': '' },
      [],
    ],
    ['typescript', TYPESCRIPT, []],
    ['go', { 'go.mod': '', 'main.go': '' }, []],
    ['command', {}, ['--', './trade', '--fast']],
    ['there', THERE, []],
  ] as const)('for a project: %s', async ([name, files, words]) => {
    await expect(await init(files, ...words)).toMatchFileSnapshot(`golden/init/${name}.txt`);
  });
});

describe('mock', () => {
  function mock(words: readonly string[], options: Partial<RunOptions>): Promise<string> {
    return exactly(['mock', '--users', '2', ...words], options);
  }

  it.for([
    ['text', [], 'guard nothing'],
    ['admin', ['--admin'], 'guard nothing'],
    ['json', ['--json'], '\n'],
    ['admin.json', ['--json', '--admin'], '\n'],
    ['trace', ['--trace', 'trace.ndjson'], 'guard nothing'],
  ] as const)('serves: %s', async ([name, words, interruptAfter]) => {
    await expect(await mock(words, { interruptAfter })).toMatchFileSnapshot(`golden/mock/${name}.txt`);
  });
});
