import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { has } from './intercept.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'ci-test-'));
const packageVersion = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;

/** What `npm run verify` runs in a clone. */
const SOURCE = `--import ${import.meta.resolve('tsx')} ${resolve('harness/cli.ts')}`;
/** What is published, and is run unless something else is asked for. */
const BUILD = join(inject('compiled'), 'harness/cli.js');

/** `npx --yes nonceproof@VERSION …` is the program at hand, and says which version was asked for. */
beforeAll(() => {
  const shim = join(folder, 'npx');
  writeFileSync(shim, `#!/bin/sh\necho "$2" >> ${join(folder, 'asked')}\nshift 2\nexec node $PROGRAM "$@"\n`);
  chmodSync(shim, 0o755);
  copyFileSync('examples/hard-coded/bot.py', join(folder, 'bot.py'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface ShellRun {
  readonly status: number | null;
  readonly output: string;
}

function shell(script: string, env: Readonly<Record<string, string>> = {}): ShellRun {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
    {
      cwd: folder,
      env: { ...process.env, PROGRAM: BUILD, PATH: `${folder}:${process.env['PATH'] ?? ''}`, ...env },
      encoding: 'utf8',
    },
  );
  return { status, output: stdout + stderr };
}

/** The blocks of a document that are of one language. */
function blocks(file: string, language: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, body]) => body ?? '',
  );
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly {
      readonly run?: string;
      readonly env?: Readonly<Record<string, string>>;
      readonly uses?: string;
    }[];
  };
}

describe.runIf(has('python3'))('what CI runs, as far as it can be run here (needs python3)', () => {
  const action = parse(readFileSync('action.yml', 'utf8')) as Action;

  /** What GitHub does with a composite action's first step. */
  function runAction(
    inputs: Readonly<Record<string, string>>,
    program: string = BUILD,
  ): ShellRun & { readonly outputs: string; readonly summary: string } {
    const [step] = action.runs.steps;
    const outputs = join(folder, 'github-output');
    const summary = join(folder, 'github-summary');
    for (const file of [outputs, summary]) writeFileSync(file, '');
    const value = (expression: string): string => {
      const name = /^\$\{\{ inputs\.(\w+) \}\}$/.exec(expression)?.[1] ?? '';
      return inputs[name] ?? action.inputs[name]?.default ?? '';
    };
    const env = Object.fromEntries(
      Object.entries(step?.env ?? {}).map(([name, text]) => [name, value(text)]),
    );
    const run = shell(step?.run ?? 'exit 99', {
      ...env,
      PROGRAM: program,
      GITHUB_OUTPUT: outputs,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_ACTIONS: 'true',
    });
    return { ...run, outputs: readFileSync(outputs, 'utf8'), summary: readFileSync(summary, 'utf8') };
  }

  it('the action passes a bot that is right, and says so', () => {
    const run = runAction({ command: 'python3 bot.py', options: '--users 2 --calls 2' }, SOURCE);
    expect(run).toMatchObject({ status: 0, outputs: 'verdict=held\n' });
    expect(run.summary).toContain('### nonceproof: HELD');
    expect(run.output).not.toContain('::error');
  });

  it('the action fails a bot that is wrong, with annotations', () => {
    const run = runAction({
      command: 'python3 bot.py --all-at-once',
      options: '--users 3 --calls 2 --service-ms 200',
    });
    expect(run).toMatchObject({ status: 1, outputs: 'verdict=violated\n' });
    expect(run.summary).toContain('### nonceproof: VIOLATED');
    expect(run.output).toContain('::error title=violated%3A no-overlap::');
  });

  it('the action takes nothing of its inputs into its script', () => {
    const [step] = action.runs.steps;
    expect(action.runs.using).toBe('composite');
    expect(step?.run).not.toContain('${{');
  });

  it('the scripts of docs/ci.md for GitLab and pre-commit run, and hold', () => {
    const [, gitlab = '', precommit = ''] = blocks('docs/ci.md', 'yaml');
    const { script: lines } = (parse(gitlab) as { nonceproof: { script: readonly string[] } }).nonceproof;
    const { repos } = parse(precommit) as { repos: { hooks: { entry: string }[] }[] };
    const entry = repos[0]?.hooks[0]?.entry;
    for (const line of [...lines, entry ?? '']) {
      const run = shell(line.replace('--users 20', '--users 3'));
      expect(run).toMatchObject({ status: 0 });
    }
  });

  it('asks for this version everywhere', () => {
    const asked = new Set(readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n'));
    expect([...asked]).toEqual([`nonceproof@${packageVersion}`]);
    const named = readFileSync('docs/ci.md', 'utf8').match(/nonceproof@\d[\w.-]*/g);
    expect(new Set(named)).toEqual(asked);
  });
});
