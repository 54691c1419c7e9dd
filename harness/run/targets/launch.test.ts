import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { UsageError } from '../../usage-error.ts';
import { launch } from './launch.ts';
import type { Launch } from './launch.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'launch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(
  script: string,
  timeoutMs = 30_000,
  signal?: AbortSignal,
  planned: Pick<Launch, 'stop' | 'kill' | 'graceMs'> = {},
) {
  return launch({
    ...planned,
    command: process.execPath,
    args: ['-e', script],
    env: process.env,
    cwd: folder,
    timeoutMs,
    stdoutFile: join(folder, 'out'),
    stderrFile: join(folder, 'err'),
    signal,
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until it is so. */
async function until(isSo: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(isSo()).toBe(true), { timeout: 120_000, interval: 10 });
}

describe('launch', () => {
  it('keeps what the program says and how it ended', async () => {
    const exit = await start('console.log("words"); console.error("complaint"); process.exitCode = 3');
    expect(exit).toEqual({ status: 3, signal: null, endedBy: null, timeoutMs: 30_000 });
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('words\n');
    expect(readFileSync(join(folder, 'err'), 'utf8')).toBe('complaint\n');
  });

  it('ends a program at its time limit', async () => {
    const exit = await start('setInterval(() => {}, 1000)', 300);
    expect(exit).toMatchObject({ signal: 'SIGTERM', endedBy: 'time-limit' });
  });

  describe('a planned stop', () => {
    const READY = 'console.log(1); setInterval(() => {}, 1000);';
    const isReady = (): boolean =>
      existsSync(join(folder, 'out')) && readFileSync(join(folder, 'out'), 'utf8') !== '';

    it.each([
      [
        'lets the program end by itself',
        `process.on('SIGTERM', () => process.exit(7));`,
        60_000,
        { status: 7, signal: null },
      ],
      [
        'kills the program when its grace is over',
        `process.on('SIGTERM', () => {});`,
        50,
        { status: null, signal: 'SIGKILL' },
      ],
    ])('%s', async (_, script, graceMs, ending) => {
      const stop = new AbortController();
      const running = start(`${script} ${READY}`, 600_000, undefined, { stop: stop.signal, graceMs });
      await until(isReady);
      stop.abort();
      const exit = await running;
      expect(exit).toMatchObject({ ...ending, endedBy: 'planned-stop' });
      expect(exit.ranMs).toBeGreaterThan(0);
    });

    it('may be a kill: the program hears nothing of it', async () => {
      const kill = new AbortController();
      const script = `process.on('SIGTERM', () => process.exit(7)); ${READY}`;
      const running = start(script, 600_000, undefined, { kill: kill.signal });
      await until(isReady);
      kill.abort();
      expect(await running).toMatchObject({ signal: 'SIGKILL', endedBy: 'planned-stop' });
    });

    it('that came before the program ran still stops it', async () => {
      const exit = await start(READY, 600_000, undefined, { stop: AbortSignal.abort() });
      expect(exit.endedBy).toBe('planned-stop');
    });

    it('stays planned when an interrupt follows', async () => {
      const [stop, interrupt] = [new AbortController(), new AbortController()];
      const script = `process.on('SIGTERM', () => {}); ${READY}`;
      const running = start(script, 600_000, interrupt.signal, { stop: stop.signal, graceMs: 300 });
      await until(isReady);
      stop.abort();
      interrupt.abort();
      expect(await running).toMatchObject({ signal: 'SIGKILL', endedBy: 'planned-stop' });
    });
  });

  it('kills a program that ignores SIGTERM, and what it started', async () => {
    const stop = new AbortController();
    const running = start(
      `process.on('SIGTERM', () => {});
       const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
       console.log(child.pid);
       setInterval(() => {}, 1000);`,
      30_000,
      stop.signal,
    );
    const said = (): string => readFileSync(join(folder, 'out'), 'utf8');
    await until(() => existsSync(join(folder, 'out')) && said() !== '');
    stop.abort();
    expect(await running).toMatchObject({ signal: 'SIGKILL', endedBy: 'interrupt' });
    const pid = Number(said());
    await until(() => !isAlive(pid));
  });

  it('kills what a program leaves behind when it ends by itself', async () => {
    await start(
      `const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
       require('fs').writeFileSync('pid', String(child.pid));
       process.exit(0);`,
    );
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await until(() => !isAlive(pid));
  });

  it('ends early when asked to', async () => {
    const stop = new AbortController();
    const running = start('setInterval(() => {}, 1000)', 30_000, stop.signal);
    setTimeout(() => stop.abort(), 200);
    expect(await running).toMatchObject({ endedBy: 'interrupt', signal: 'SIGTERM' });
  });

  it('starts nothing when it is asked to end before', async () => {
    const exit = await start('require("fs").writeFileSync("started", "")', 30_000, AbortSignal.abort());
    expect(exit).toMatchObject({ status: null, signal: null, endedBy: 'interrupt' });
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });

  it.runIf(process.platform === 'linux').each([
    ['ends by itself', 'process.exit(0)', 30_000, null],
    ['is ended by its time limit', 'setInterval(() => {}, 1000)', 3_000, 'time-limit'],
  ] as const)(
    'does not wait for a process that left the group and keeps the output open, when the program %s',
    async (_, end, timeoutMs, endedBy) => {
      const exit = await start(
        `const { spawn } = require('child_process');
         const daemon = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'inherit' });
         require('fs').writeFileSync('pid', String(daemon.pid));
         daemon.on('spawn', () => { console.log('last words'); ${end}; });`,
        timeoutMs,
      );
      const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
      onTestFinished(() => void process.kill(pid, 'SIGKILL'));
      // It did outlive the program, so that nothing but the limit on reading can have ended this.
      expect(isAlive(pid)).toBe(true);
      expect(exit).toMatchObject({ endedBy });
      expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('last words\n');
    },
  );

  it('keeps the beginning and the end of what is too much', async () => {
    let leftOut = 0;
    const exit = await launch({
      command: process.execPath,
      args: ['-e', 'console.log("first"); console.log("x\\n".repeat(1e6)); console.log("last")'],
      env: process.env,
      cwd: folder,
      timeoutMs: 120_000,
      stdoutFile: join(folder, 'out'),
      stderrFile: join(folder, 'err'),
      outputBytesMax: 1_000,
      onOutputLeftOut: (bytes) => (leftOut += bytes),
    });
    expect(exit).toMatchObject({ status: 0 });
    const kept = readFileSync(join(folder, 'out'), 'utf8');
    expect(kept).toMatch(/^first\n[x\n]+\[nonceproof left out \d+ bytes here\]\n[x\n]+last\n$/);
    expect(kept.length).toBeLessThan(1_100);
    expect(leftOut).toBeGreaterThan(1.9e6);
  });

  it('goes on when the output cannot be kept', async () => {
    const exit = await launch({
      command: process.execPath,
      args: ['-e', 'process.stdout.write("x".repeat(1e6), () => process.exit(7))'],
      env: process.env,
      cwd: folder,
      timeoutMs: 30_000,
      stdoutFile: join(folder, 'no-such-folder', 'out'),
      stderrFile: join(folder, 'err'),
    });
    expect(exit).toMatchObject({ status: 7, endedBy: null });
  });

  it('says so in a sentence when there is no such program', async () => {
    const missing = launch({
      command: 'no-such-program-anywhere',
      args: [],
      env: {},
      cwd: folder,
      timeoutMs: 1_000,
      stdoutFile: join(folder, 'out'),
      stderrFile: join(folder, 'err'),
    });
    await expect(missing).rejects.toThrow(
      new UsageError(
        'Failed to start no-such-program-anywhere: there is no such program. Name a program that can be run from here.',
      ),
    );
  });
});
