import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSourceState } from './source-state.ts';
import type { SourceQuestion } from './source-state.ts';

let folder = '';
let repository = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'source-state-'));
  repository = join(folder, 'bot');
  mkdirSync(repository);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const IDENTITY = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];

/** Asks Git in a world without settings of the machine's. */
function git(...words: readonly string[]): string {
  const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...IDENTITY, '-C', repository, ...words], { env, encoding: 'utf8' }).trim();
}

/** Makes a repository of one commit. */
function commit(): string {
  writeFileSync(join(repository, 'bot.py'), 'print()\n');
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'a bot');
  return git('rev-parse', 'HEAD');
}

function ask(question: Partial<SourceQuestion> = {}): ReturnType<typeof readSourceState> {
  const env = { PATH: process.env['PATH'], HOME: folder };
  return readSourceState({ folder: repository, except: [], env, ...question });
}

describe('the state of a folder', () => {
  it('is the commit that it is at, also when asked further down', async () => {
    const head = commit();
    mkdirSync(join(repository, 'inner'));
    expect(await ask()).toEqual({ commit: head, dirty: false });
    expect(await ask({ folder: join(repository, 'inner') })).toEqual({ commit: head, dirty: false });
  });

  it('is dirty when a file was changed, anywhere in the repository', async () => {
    const head = commit();
    mkdirSync(join(repository, 'inner'));
    writeFileSync(join(repository, 'bot.py'), 'raise\n');
    expect(await ask({ folder: join(repository, 'inner') })).toEqual({ commit: head, dirty: true });
  });

  it('is dirty when there is a file that is in no commit, whatever the settings hide', async () => {
    commit();
    git('config', 'status.showUntrackedFiles', 'no');
    writeFileSync(join(repository, 'new.py'), '');
    expect(await ask()).toMatchObject({ dirty: true });
  });

  it('is not dirty by the evidence of an earlier run', async () => {
    commit();
    mkdirSync(join(repository, 'out [1]'));
    writeFileSync(join(repository, 'out [1]', 'verdict.json'), '{}');
    writeFileSync(join(repository, 'junit.xml'), '');
    const except = [join(repository, 'out [1]'), join(repository, 'junit.xml'), join(folder, 'elsewhere')];
    expect(await ask({ except })).toMatchObject({ dirty: false });
    writeFileSync(join(repository, 'out 1'), '');
    expect(await ask({ except })).toMatchObject({ dirty: true });
  });

  it('is not that of another repository that the environment names', async () => {
    const head = commit();
    const elsewhere = { GIT_DIR: join(folder, 'other.git'), GIT_WORK_TREE: folder, GIT_INDEX_FILE: devNull };
    const env = { PATH: process.env['PATH'], HOME: folder, ...elsewhere };
    expect(await ask({ env })).toEqual({ commit: head, dirty: false });
  });

  it('is not known without a repository, a commit, Git, or in a package that was installed', async () => {
    expect(await ask()).toBeUndefined();
    git('init', '-q');
    expect(await ask()).toBeUndefined();
    commit();
    expect(await ask({ env: { PATH: folder } })).toBeUndefined();
    const installed = join(repository, 'node_modules', 'bot');
    mkdirSync(installed, { recursive: true });
    expect(await ask({ folder: installed })).toBeUndefined();
  });

  it('is not asked for any more after an interrupt', async () => {
    commit();
    expect(await ask({ signal: AbortSignal.abort() })).toBeUndefined();
  });
});

describe.runIf(process.platform !== 'win32')('a folder that is not trusted', () => {
  function program(path: string, script: string): string {
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o700);
    return path;
  }

  it('has neither its hooks nor its file system monitor run, and is not written to', async () => {
    const head = commit();
    const ran = join(folder, 'ran');
    git('config', 'core.fsmonitor', program(join(folder, 'monitor'), `touch '${ran}'`));
    program(join(repository, '.git', 'hooks', 'post-index-change'), `touch '${ran}'`);
    rmSync(ran, { force: true });
    // The file is as it was committed, and Git would note so in its index.
    utimesSync(join(repository, 'bot.py'), 0, 1);
    const index = readFileSync(join(repository, '.git', 'index'));
    expect(await ask()).toEqual({ commit: head, dirty: false });
    expect(existsSync(ran)).toBe(false);
    expect(readFileSync(join(repository, '.git', 'index')).equals(index)).toBe(true);
  });

  it('has no credentials told', async () => {
    const told = join(folder, 'told');
    program(join(folder, 'git'), `env > '${told}'`);
    await ask({ env: { PATH: `${folder}:${process.env['PATH']}`, KRAKEN_API_SECRET: 'a secret' } });
    expect(readFileSync(told, 'utf8')).toContain('GIT_TERMINAL_PROMPT=0');
    expect(readFileSync(told, 'utf8')).not.toContain('a secret');
  });

  it('cannot make a run wait: at the time limit its state is not known', async () => {
    program(join(folder, 'git'), 'exec sleep 300');
    expect(await ask({ env: { PATH: `${folder}:${process.env['PATH']}` }, timeoutMs: 50 })).toBeUndefined();
  });

  it('leaves nothing running when its time is over', async () => {
    const started = join(folder, 'pid');
    program(
      join(folder, 'git'),
      `echo $$ > '${started}.part'; mv '${started}.part' '${started}'; exec sleep 300`,
    );
    expect(await askUntil(started)).toBeUndefined();
    await expect.poll(() => isAlive(Number(readFileSync(started, 'utf8')))).toBe(false);
  });

  it('is dirty after the first lines: the rest is not waited for', async () => {
    const script = `case "$*" in *rev-parse*) printf '/\\n%040d\\n' 1;; *) yes '?? file';; esac`;
    program(join(folder, 'git'), script);
    const env = { PATH: `${folder}:${process.env['PATH']}` };
    expect(await ask({ env })).toEqual({ commit: `${'0'.repeat(39)}1`, dirty: true });
  });

  it('has a commit and nothing more when only that was said in time', async () => {
    const asked = join(folder, 'asked');
    const hang = `touch '${asked}'; exec sleep 300`;
    program(join(folder, 'git'), `case "$*" in *rev-parse*) printf '/\\n%040d\\n' 1;; *) ${hang};; esac`);
    expect(await askUntil(asked)).toEqual({ commit: `${'0'.repeat(39)}1` });
  });

  /** Asks the `git` in the folder, until it has made a file. */
  async function askUntil(made: string): ReturnType<typeof ask> {
    const stop = new AbortController();
    const env = { PATH: `${folder}:${process.env['PATH']}` };
    const answer = ask({ env, signal: stop.signal, timeoutMs: 3_600_000 });
    await expect.poll(() => existsSync(made), { timeout: 60_000 }).toBe(true);
    stop.abort();
    return answer;
  }
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
