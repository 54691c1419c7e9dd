import { randomBytes } from 'node:crypto';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { UsageError } from '../usage-error.ts';
import { processOf, processSpace } from '../processes.ts';
import { createRunFolder, RUN_SECRET } from './run-folder.ts';
import type { RunFolder } from './run-folder.ts';

/** A user without rights: `nobody` (Linux Standard Base). */
const OTHER_UID = 65_534;
const IS_ROOT = process.getuid?.() === 0;
/** Another for each run of the tests: clean-up ends every process on the machine that carries it. */
const SECRET = randomBytes(16).toString('hex');
/** No process has it: a number above what Linux gives (`PID_MAX_LIMIT`, 2^22). */
const ENDED = { pid: 5_000_000, started: 'long ago' };

let parent = '';
const processes: ChildProcess[] = [];
const folders: RunFolder[] = [];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'run-folder-'));
});
afterEach(async () => {
  for (const { pid } of processes.splice(0)) endIfThere(pid ?? 0);
  for (const folder of folders.splice(0)) await folder.remove();
  rmSync(parent, { recursive: true });
});

function endIfThere(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The test has ended it.
  }
}

async function createFolder(): Promise<RunFolder> {
  const folder = await createRunFolder(parent);
  folders.push(folder);
  return folder;
}

/** Starts a process that does nothing, as the leader of a group, and waits until it runs. */
async function startIdle(env: NodeJS.ProcessEnv = {}, options: SpawnOptions = {}): Promise<ChildProcess> {
  const child = spawn('sleep', ['600'], {
    ...options,
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], ...env },
  });
  processes.push(child);
  await once(child, 'spawn');
  return child;
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** Makes a folder as an ended run leaves it, with other content where a test says so. */
function abandon({
  owner = {},
  groups = [] as readonly unknown[],
  name = 'nonceproof-1-abcdef',
} = {}): string {
  const path = join(parent, name);
  mkdirSync(path, { mode: 0o700 });
  const text = JSON.stringify({ ...ENDED, secret: SECRET, space: processSpace(), ...owner });
  writeFileSync(join(path, 'owner.json'), text, { mode: 0o600 });
  writeFileSync(join(path, 'groups.ndjson'), groups.map((group) => `${JSON.stringify(group)}\n`).join(''));
  return path;
}

function giveTo(uid: number, path: string): void {
  for (const name of readdirSync(path)) chownSync(join(path, name), uid, uid);
  chownSync(path, uid, uid);
}

describe.runIf(process.platform === 'linux')(
  'the folder of a run (environments are read on Linux only)',
  () => {
    it('is this user’s alone, under a name that cannot be foretold', async () => {
      const [one, another] = [await createFolder(), await createFolder()];
      expect(statSync(one.path).mode & 0o777).toBe(0o700);
      expect(statSync(one.file('owner.json')).mode & 0o777).toBe(0o600);
      expect(one.path.slice(0, -6)).toBe(another.path.slice(0, -6));
      expect(one.path).not.toBe(another.path);
      one.noteGroup(process.pid);
      expect(statSync(one.file('groups.ndjson')).mode & 0o777).toBe(0o600);
    });

    it('is gone with every process that has its secret, in whatever group', async () => {
      const folder = await createRunFolder(parent);
      const own = await startIdle({ [RUN_SECRET]: folder.secret });
      const similar = await startIdle({
        [`X_${RUN_SECRET}`]: folder.secret,
        [RUN_SECRET]: `${folder.secret}0`,
      });
      const ended = once(own, 'exit');
      expect(await folder.remove()).toEqual({ processes: 1, isGone: true });
      await ended;
      expect(isRunning(similar)).toBe(true);
      expect(existsSync(folder.path)).toBe(false);
    });

    it('is not made where there is no folder for temporary files', async () => {
      const missing = createRunFolder(join(parent, 'missing'));
      await expect(missing).rejects.toThrow(UsageError);
      await expect(missing).rejects.toThrow(/^Failed to make a folder for the run: ENOENT.* Set TMPDIR to/);
    });
  },
);

describe.runIf(process.platform === 'linux')('a folder that a killed run left', () => {
  it('is removed, and the run’s processes are ended', async () => {
    const daemon = await startIdle({ [RUN_SECRET]: SECRET });
    const leader = await startIdle();
    const ends = [once(daemon, 'exit'), once(leader, 'exit')];
    const path = abandon({ groups: [processOf(leader.pid ?? 0)] });
    await createFolder();
    await Promise.all(ends);
    expect(existsSync(path)).toBe(false);
  });

  it('says nothing about a process that has got the number of one of its groups', async () => {
    const other = await startIdle();
    const path = abandon({
      groups: [
        { pid: other.pid, started: 'before' },
        { pid: other.pid, started: null },
      ],
    });
    await createFolder();
    expect(isRunning(other)).toBe(true);
    expect(existsSync(path)).toBe(false);
  });

  it('says nothing about a group whose leader has ended: it may be another one', async () => {
    const leader = spawn('sh', ['-c', 'sleep 600 & echo $!'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    processes.push(leader);
    const [line] = (await once(leader.stdout, 'data')) as [Buffer];
    if (isRunning(leader)) await once(leader, 'exit');
    abandon({ groups: [{ pid: leader.pid, started: 'before' }] });
    await createFolder();
    expect(processOf(Number(line)).started).not.toBeNull();
  });

  it.each(['another container', 'another boot'])('is left alone by a run in %s', async (space) => {
    const daemon = await startIdle({ [RUN_SECRET]: SECRET });
    const path = abandon({ owner: { space } });
    await createFolder();
    expect(isRunning(daemon)).toBe(true);
    expect(existsSync(path)).toBe(true);
  });

  it('is left alone while its owner still runs', async () => {
    const path = abandon({ owner: processOf(process.pid) });
    await createFolder();
    expect(existsSync(path)).toBe(true);
  });

  it('is left alone where other users may put another in its place', async () => {
    const daemon = await startIdle({ [RUN_SECRET]: SECRET });
    const path = abandon();
    chmodSync(parent, 0o777);
    await createFolder();
    expect([isRunning(daemon), existsSync(path)]).toEqual([true, true]);
    chmodSync(parent, 0o1777);
    const ended = once(daemon, 'exit');
    await createFolder();
    await ended;
    expect(existsSync(path)).toBe(false);
  });

  it('is no reason to fail when it cannot be removed (needs root, to be another user)', async ({ skip }) => {
    if (!IS_ROOT) skip('root alone can start a program as another user');
    const path = abandon();
    mkdirSync(join(path, 'kept', 'inner'), { recursive: true });
    writeFileSync(join(path, 'kept', 'inner', 'file'), '');
    giveTo(OTHER_UID, path);
    giveTo(OTHER_UID, join(path, 'kept'));
    chmodSync(join(path, 'kept', 'inner'), 0);
    chownSync(parent, OTHER_UID, OTHER_UID);
    const module = join(inject('compiled'), 'harness/run/run-folder.js');
    const script = `const { createRunFolder } = await import(${JSON.stringify(module)});
      const folder = await createRunFolder(${JSON.stringify(parent)});
      const { mkdirSync, writeFileSync, chmodSync } = await import('node:fs');
      mkdirSync(folder.file('kept')); writeFileSync(folder.file('kept/file'), ''); chmodSync(folder.file('kept'), 0);
      console.log(JSON.stringify(await folder.remove()));`;
    const said = execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
      uid: OTHER_UID,
      gid: OTHER_UID,
      encoding: 'utf8',
      env: {},
    });
    expect(JSON.parse(said)).toEqual({ processes: 0, isGone: false });
  });
});

describe.runIf(process.platform === 'linux')('a folder that another user made up', () => {
  /** Starts the process that the folder names: it must survive. */
  async function victim(): Promise<{ readonly child: ChildProcess; readonly groups: readonly unknown[] }> {
    const child = await startIdle({ [RUN_SECRET]: SECRET });
    return { child, groups: [processOf(child.pid ?? 0)] };
  }

  it('ends nothing (needs root, to be another user)', async ({ skip }) => {
    if (!IS_ROOT) skip('root alone can make a file another user’s');
    const { child, groups } = await victim();
    const path = abandon({ groups });
    giveTo(OTHER_UID, path);
    await createFolder();
    expect([isRunning(child), existsSync(path)]).toEqual([true, true]);
  });

  it('ends nothing when its files are ours, and the folder is not (needs root, to be another user)', async ({
    skip,
  }) => {
    if (!IS_ROOT) skip('root alone can make a folder another user’s');
    const { child, groups } = await victim();
    const path = abandon({ groups });
    chownSync(path, OTHER_UID, OTHER_UID);
    await createFolder();
    expect([isRunning(child), existsSync(path)]).toEqual([true, true]);
  });

  it('ends nothing when its files alone are another user’s (needs root, to be another user)', async ({
    skip,
  }) => {
    if (!IS_ROOT) skip('root alone can make a file another user’s');
    const { child, groups } = await victim();
    const path = abandon({ groups });
    chownSync(join(path, 'owner.json'), OTHER_UID, OTHER_UID);
    await createFolder();
    expect([isRunning(child), existsSync(path)]).toEqual([true, true]);
  });

  it.each([0o777, 0o750, 0o705])('ends nothing when others may write or read it: mode %o', async (mode) => {
    const { child, groups } = await victim();
    const path = abandon({ groups });
    chmodSync(path, mode);
    await createFolder();
    expect([isRunning(child), existsSync(path)]).toEqual([true, true]);
  });

  it('ends nothing when it is a link', async () => {
    const { child, groups } = await victim();
    const path = abandon({ groups, name: 'elsewhere' });
    symlinkSync(path, join(parent, 'nonceproof-1-abcdef'));
    await createFolder();
    expect([isRunning(child), existsSync(path)]).toEqual([true, true]);
  });

  const strange: Readonly<Record<string, (file: string, text: string) => void>> = {
    'a link': (file, text) => {
      writeFileSync(join(parent, 'owner'), text);
      symlinkSync(join(parent, 'owner'), file);
    },
    'a hard link': (file, text) => {
      writeFileSync(join(parent, 'owner'), text);
      linkSync(join(parent, 'owner'), file);
    },
    'a named pipe': (file) => execFileSync('mkfifo', [file]),
    'a named pipe that holds an owner': (file, text) => {
      execFileSync('mkfifo', [file]);
      const pipe = openSync(file, 'r+');
      onTestFinished(() => closeSync(pipe));
      writeSync(pipe, text);
    },
    'a folder': (file) => mkdirSync(file),
    'too long': (file, text) => writeFileSync(file, `${text}${' '.repeat(2 * 1024 * 1024)}`),
    garbage: (file) => writeFileSync(file, '{"pid":'),
    'of another shape': (file) => writeFileSync(file, JSON.stringify({ pid: -1, secret: '', started: [] })),
    'without a secret of its own': (file) =>
      writeFileSync(file, JSON.stringify({ ...ENDED, space: processSpace(), secret: '' })),
  };
  it.each(Object.entries(strange))('ends nothing when its owner file is %s', async (_, replace) => {
    const { child, groups } = await victim();
    const path = abandon({ groups });
    const owner = join(path, 'owner.json');
    rmSync(owner);
    replace(owner, JSON.stringify({ ...ENDED, secret: SECRET, space: processSpace() }));
    await createFolder();
    expect([isRunning(child), existsSync(path)]).toEqual([true, true]);
  });

  it.each([
    [
      'numbers that are no group of a run',
      [
        { pid: 0, started: null },
        { pid: 1, started: null },
        { pid: -1, started: null },
      ],
    ],
    ['garbage', ['{', 17, null, { pid: '2' }, { pid: 1e300, started: '1' }]],
  ])('ends nothing by groups that are %s', async (_, groups) => {
    const child = await startIdle();
    const path = abandon({ groups: [...groups, { pid: child.pid }] });
    await createFolder();
    expect([isRunning(child), existsSync(path)]).toEqual([true, false]);
  });
});
