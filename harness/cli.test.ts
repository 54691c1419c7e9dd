import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Verdict } from './judge/verdict/index.ts';

const PROGRAM = join(inject('compiled'), 'harness/cli.js');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
  mkdirSync(join(folder, 'tmp'));
});
afterEach(() => rmSync(folder, { recursive: true, maxRetries: 3 }));

/** A run of the program in a folder, with a folder for temporary files, of its own. */
class Program {
  readonly child: ChildProcess;
  text = '';

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, [...preloads(), PROGRAM, ...args], {
      cwd: folder,
      env: { ...process.env, TMPDIR: join(folder, 'tmp'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.text += text));
    }
  }

  async ended(): Promise<number | null> {
    if (this.child.exitCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }
}

function preloads(): readonly string[] {
  const file = join(folder, 'preload.cjs');
  return existsSync(file) ? ['--require', file] : [];
}

/** Waits for what another process does; the test's own limit is nearer. */
async function until(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { timeout: 150_000, interval: 5 }).toBe(true);
}

function runFolders(): readonly string[] {
  return readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('nonceproof-'));
}

/** Processes of the run that are left: each has the folder's name in its environment. */
function processesLeft(): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(join(folder, 'tmp'));
    } catch {
      return false;
    }
  });
}

function verdict(): Verdict {
  return JSON.parse(readFileSync(join(folder, 'nonceproof-out/verdict.json'), 'utf8')) as Verdict;
}

function expectNothingLeft(): void {
  expect(runFolders()).toEqual([]);
  expect(processesLeft()).toEqual([]);
}

/** What is verified comes next; the trial of the judge goes before it. */
const TRIED = ['verify', '--users', '2', '--calls', '2', '--'];

/** A run that takes a minute and begins at once: no trial of the judge goes before a control. */
const LONG_RUN = ['verify', '--control', 'promise-chain', '--calls', '200', '--service-ms', '50'];

/** Whether the client of a {@link LONG_RUN} is at work. */
function isAtWork(): boolean {
  return runFolders().some((name) => existsSync(join(folder, 'tmp', name, 'client-0.ndjson')));
}

describe.runIf(process.platform === 'linux')('nonceproof, interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'by %s while the target runs: inconclusive, status %d, nothing left',
    async (signal, status) => {
      const program = new Program(LONG_RUN);
      await until(isAtWork);
      program.child.kill(signal);
      program.child.kill(signal);
      expect(await program.ended()).toBe(status);
      expect(verdict().verdict).toBe('inconclusive');
      expect(verdict().notes.join()).toContain(`nonceproof was interrupted by ${signal}.`);
      expect(program.text).toMatch(/^INCONCLUSIVE \(observed\)/m);
      expectNothingLeft();
    },
  );

  it('during the trial of the judge: stops at once, and never starts the target', async () => {
    const program = new Program([...TRIED, 'touch', 'started']);
    await until(() => runFolders().length > 0);
    program.child.kill('SIGINT');
    expect(await program.ended()).toBe(130);
    expect(existsSync(join(folder, 'started'))).toBe(false);
    expect(verdict()).toMatchObject({ verdict: 'inconclusive', counts: { calls: 0 } });
    expectNothingLeft();
  });

  it('while it writes its evidence: what is there is whole, and what was found stands', async () => {
    const script = `if (process.argv[1] === ${JSON.stringify(PROGRAM)}) {
      const files = require('fs/promises');
      const { rename } = files;
      files.rename = async (...names) => {
        process.kill(process.pid, 'SIGTERM');
        await new Promise((resolve) => setTimeout(resolve, 50));
        return rename(...names);
      };
      require('module').syncBuiltinESMExports();
    }`;
    writeFileSync(join(folder, 'preload.cjs'), script);
    const program = new Program(['verify', '--control', 'promise-chain']);
    expect(await program.ended()).toBe(143);
    expect(verdict().verdict).toBe('held');
    const files = readdirSync(join(folder, 'nonceproof-out'));
    expect(files).toContain('report.html');
    expect(files.filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(program.text).toMatch(/^HELD \(observed\)/m);
    expectNothingLeft();
  });

  it('at any moment of a run of the built-in client: never violated, nothing left', async () => {
    for (const delayMs of [150, 900, 1_700, 2_600, 3_400]) {
      const program = new Program(['verify', '--control', 'promise-chain', '--calls', '40']);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      program.child.kill('SIGINT');
      program.child.kill('SIGTERM');
      const status = await program.ended();
      // Before it listens for signals nothing has been made, and the signal itself ends it; afterwards it may be done.
      expect([null, 0, 130, 143]).toContain(status);
      expect(program.text).not.toMatch(/violated|internal error/);
      expectNothingLeft();
    }
  });

  it('while a daemon of the target keeps the output open', async () => {
    const script = `const { spawn } = require('child_process');
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'inherit' })
        .on('spawn', () => require('fs').writeFileSync('working', ''));
      setInterval(() => {}, 1000);`;
    const program = new Program([...TRIED, process.execPath, '-e', script]);
    await until(() => existsSync(join(folder, 'working')));
    program.child.kill('SIGINT');
    expect(await program.ended()).toBe(130);
    expect(verdict().notes.join()).toContain('left 1 process running outside its process group');
    expectNothingLeft();
  }, 180_000);
});

describe.runIf(process.platform === 'linux')('nonceproof, when it fails itself,', () => {
  /** Throws in the judge's own process while the client is at work, as a defect in an event handler would. */
  function preload(thrown: string): void {
    const script = `if (process.argv[1] === ${JSON.stringify(PROGRAM)}) {
      const { existsSync, readdirSync } = require('fs');
      const isAtWork = () => readdirSync('tmp').some((name) => existsSync('tmp/' + name + '/client-0.ndjson'));
      const timer = setInterval(() => { if (isAtWork()) { clearInterval(timer); ${thrown} } }, 20);
    }`;
    writeFileSync(join(folder, 'preload.cjs'), script);
  }

  it.each([
    ['an error that nothing catches', 'throw new Error("a defect")'],
    ['a rejection that nothing handles', 'Promise.reject(new Error("a defect"))'],
  ])('ends with status 70 and what evidence there is: %s', async (_, thrown) => {
    preload(thrown);
    const program = new Program(LONG_RUN);
    expect(await program.ended()).toBe(70);
    expect(program.text).toContain('internal error, which says nothing about the target: Error: a defect');
    expect(verdict().verdict).toBe('inconclusive');
    expect(verdict().notes.join()).toContain('nonceproof itself failed (a defect).');
    expectNothingLeft();
  });
});

describe.runIf(process.platform !== 'win32')('evidence (modes are of POSIX)', () => {
  it('is its user’s alone, every file of it, unless --out-mode says otherwise', async () => {
    const modes = async (...more: readonly string[]): Promise<ReadonlySet<number>> => {
      rmSync(join(folder, 'out'), { recursive: true, force: true });
      const words = [
        '--users',
        '2',
        '--calls',
        '2',
        '--out',
        'out/inner',
        '--junit',
        'out/junit.xml',
        ...more,
      ];
      const program = new Program(['verify', '--control', 'promise-chain', ...words]);
      expect(await program.ended(), program.text).toBe(0);
      const names = readdirSync(join(folder, 'out'), { recursive: true }).map(
        (name) => `out/${String(name)}`,
      );
      expect(names.length).toBeGreaterThan(8);
      return new Set(['out', ...names].map((name) => statSync(join(folder, name)).mode & 0o7777));
    };
    expect(await modes()).toEqual(new Set([0o700, 0o600]));
    expect(await modes('--out-mode', '640')).toEqual(new Set([0o750, 0o640]));
  });

  it('is not written through a link: status 64, and nothing is run', async () => {
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync('elsewhere', join(folder, 'nonceproof-out'));
    const program = new Program(['verify', '--control', 'promise-chain']);
    expect(await program.ended()).toBe(64);
    expect(program.text).toMatch(/^nonceproof: Failed to write to nonceproof-out: it is a link/m);
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual([]);
  });
});

describe('nonceproof', () => {
  it('ends quietly, and not with status 0, when nobody reads its output any more', async () => {
    const program = new Program(['explore', '--budget', '20', '--threads', '1']);
    program.child.stdout?.destroy();
    expect(await program.ended()).toBe(141);
    expect(program.text).not.toMatch(/\n\s+at /);
  });
});
