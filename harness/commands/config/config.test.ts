import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { detectProject } from './detect-project.ts';
import { starterFiles } from './starter-files.ts';
import { withConfig } from './with-config.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

describe('a configuration under a command line', () => {
  it('comes before what was typed, so that what was typed counts', async () => {
    put({
      'nonceproof.config.json':
        '{ "command": ["python3", "bot.py"], "users": 3, "serviceMs": 7.5, "allowNet": true, "json": false }',
    });
    expect(await withConfig(['verify', '--users', '9'], folder)).toEqual([
      'verify',
      '--users=3',
      '--service-ms=7.5',
      '--allow-net',
      '--users',
      '9',
      '--',
      'python3',
      'bot.py',
    ]);
  });

  it('chooses no target where one was typed', async () => {
    put({ 'nonceproof.config.json': '{ "command": ["x"], "calls": 2 }' });
    for (const typed of [['--', 'node', 'a.js'], ['--control', 'no-lock'], ['--target=a.ts']]) {
      expect(await withConfig(['verify', ...typed], folder)).toEqual(['verify', '--calls=2', ...typed]);
    }
  });

  it.each(['ts', 'mts', 'js', 'mjs'])('may be written in .%s', async (extension) => {
    const type = extension.endsWith('ts') ? ' as { users: number }' : '';
    put({
      [`nonceproof.config.${extension}`]: `export default { users: 4 }${type};`,
      'package.json': '{ "type": "module" }',
    });
    expect(await withConfig(['verify'], folder)).toEqual(['verify', '--users=4']);
  });

  it('is left alone where it is not asked for', async () => {
    put({ 'nonceproof.config.json': 'not even JSON' });
    for (const line of [['verify', '--no-config'], ['verify', '--help'], ['mock'], []]) {
      expect(await withConfig(line, folder)).toEqual(line);
    }
  });

  it('is taken from where --config says, and --config behind -- is the bot’s', async () => {
    put({ 'ci/strict.json': '{ "users": 50 }' });
    expect(await withConfig(['verify', '--config', 'ci/strict.json'], folder)).toContain('--users=50');
    const line = ['verify', '--', 'bot', '--config', 'ci/strict.json'];
    expect(await withConfig(line, folder)).toEqual(line);
  });

  it.each([
    ['not even JSON', /Failed to load nonceproof.config.json: .* Correct it, or go without: --no-config/],
    ['[1]', /it holds no configuration/],
    ['{ "users": [1] }', /expected "users" to be a number, a string or a boolean, got \[1\]/],
    ['{ "command": "python3 bot.py" }', /expected "command" to be a list of words, got "python3 bot.py"/],
  ])('is refused in a sentence: %s', async (text, message) => {
    put({ 'nonceproof.config.json': text });
    await expect(withConfig(['verify'], folder)).rejects.toThrow(message);
  });
});

describe('what init finds out', () => {
  it.each([
    [
      { 'package.json': '{ "scripts": { "start": "node a.js" } }', 'package-lock.json': '{}' },
      'npm start --silent',
      'npm ci',
    ],
    [
      { 'package.json': '{ "main": "src/bot.js" }', 'src/bot.js': '', 'pnpm-lock.yaml': '' },
      'node src/bot.js',
      'corepack pnpm install --frozen-lockfile',
    ],
    [{ 'package.json': '{ "bin": { "bot": "cli.mjs" } }', 'cli.mjs': '' }, 'node cli.mjs', 'npm install'],
    [
      { 'main.py': '', 'requirements.txt': '' },
      'python3 main.py',
      'python3 -m pip install -r requirements.txt',
    ],
    [{ 'bot.mjs': '' }, 'node bot.mjs', undefined],
    [{ 'go.mod': '', 'main.go': '' }, 'go run .', 'go build ./...'],
    [{ 'Cargo.toml': '' }, 'cargo run --release --quiet', 'cargo build --release'],
    [{ 'README.md': '' }, undefined, undefined],
    [{ 'package.json': 'broken', 'bot.py': '' }, 'python3 bot.py', 'npm install'],
  ] as const)('is the command and the installation: %o', (files, command, install) => {
    put(files);
    const project = detectProject(folder);
    expect([project.command?.join(' '), project.install[0]]).toEqual([command, install]);
  });

  it('becomes a configuration that verify reads, and a workflow that runs verify', async () => {
    put({
      'package.json': '{ "main": "bot.js", "devDependencies": { "nonceproof": "1" } }',
      'bot.js': '',
      'tsconfig.json': '{}',
    });
    const project = detectProject(folder);
    const [config, workflow] = starterFiles({ project, command: project.command ?? [], version: '1.2.3' });
    put({ [config?.name ?? '']: config?.text ?? '' });
    expect(config?.name).toBe('nonceproof.config.ts');
    expect((await withConfig(['verify'], folder)).slice(-3)).toEqual(['--', 'node', 'bot.js']);
    const { jobs } = parse(workflow?.text ?? '') as { jobs: { verify: { steps: { run?: string }[] } } };
    expect(jobs.verify.steps.flatMap(({ run }) => run ?? [])).toEqual([
      'npm install',
      'npx nonceproof verify --out nonceproof-out',
    ]);
  });
});
