import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';

/**
 * A target that will not go: it ignores SIGTERM, and so do its child and a grandchild that left its group. It
 * writes everybody's number, and the proxy, to a file in the folder that it is started in, which is there only when
 * it is whole.
 */
const STUBBORN = `
  const { spawn } = require('node:child_process');
  const { renameSync, writeFileSync } = require('node:fs');
  const stay = "process.on('SIGTERM', () => {}); process.on('SIGINT', () => {}); setInterval(() => {}, 1000);";
  eval(stay);
  const child = spawn(process.execPath, ['-e', stay], { stdio: 'ignore' });
  const daemon = spawn(process.execPath, ['-e', stay], { stdio: 'ignore', detached: true });
  daemon.unref();
  writeFileSync('seen.part', JSON.stringify({ pids: [process.pid, child.pid, daemon.pid], proxy: process.env.HTTPS_PROXY, url: process.env.KRAKEN_API_URL }));
  renameSync('seen.part', 'seen.json');
`;

interface Seen {
  readonly pids: readonly number[];
  readonly proxy: string;
  readonly url: string;
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cleanup-test-'));
});
afterEach(() => {
  // Only where a test failed is anybody left.
  for (const pid of known.splice(0)) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Every process of a target that was seen in the current test. */
const known: number[] = [];

/** One run in a process of its own, with a temporary folder of its own: what `verify` does, without its line-up. */
const RUN = `
  import { DEFAULT_RUN, observeRun } from ${JSON.stringify(join(inject('compiled'), 'harness/index.js'))};
  const { script, timeoutMs } = JSON.parse(process.env.RUN);
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  const target = { kind: 'command', title: 'target', command: process.execPath, args: ['-e', script] };
  await observeRun(target, { ...DEFAULT_RUN, users: 2, timeoutMs }, { env: process.env, cwd: process.cwd(), signal: interrupt.signal });
`;

function run(script: string, timeoutMs = 60_000): ChildProcess {
  const args = ['--input-type=module', '-e', RUN];
  const env = { ...process.env, TMPDIR: folder, RUN: JSON.stringify({ script, timeoutMs }) };
  return spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore' });
}

async function seenByTarget(): Promise<Seen> {
  const file = join(folder, 'seen.json');
  for (let tries = 0; tries < 600; tries += 1) {
    if (existsSync(file)) {
      const seen = JSON.parse(readFileSync(file, 'utf8').trim()) as Seen;
      known.push(...seen.pids);
      return seen;
    }
    await sleep(50);
  }
  throw new Error('The target was not started.');
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that nobody has taken leave of has ended all the same.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function isListening(url: string): Promise<boolean> {
  const { port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Processes, sockets and files of a run that are still there. */
async function leftOf({ pids, proxy, url }: Seen): Promise<readonly unknown[]> {
  const sockets = [proxy, url].map(async (address) => ((await isListening(address)) ? [address] : []));
  const files = readdirSync(folder).filter((name) => name.startsWith('nonceproof-'));
  return [...pids.filter(isRunning), ...(await Promise.all(sockets)).flat(), ...files];
}

describe.runIf(process.platform === 'linux')(
  'what a run leaves behind (daemons are found on Linux only)',
  () => {
    it('is nothing when the target runs into its time limit', async () => {
      const limited = run(STUBBORN, 1_500);
      const seen = await seenByTarget();
      // The watchdog of the run, which is all that could end it otherwise, would end it with another status.
      expect(await once(limited, 'exit')).toEqual([0, null]);
      expect(await leftOf(seen)).toEqual([]);
    });

    it('is nothing after Ctrl-C', async () => {
      const interrupted = run(STUBBORN);
      const seen = await seenByTarget();
      interrupted.kill('SIGINT');
      await once(interrupted, 'exit');
      expect(await leftOf(seen)).toEqual([]);
    });

    it('is nothing after kill -9 and another run, which leaves a run alone that still goes on', async () => {
      const killed = run(STUBBORN);
      const seen = await seenByTarget();
      killed.kill('SIGKILL');
      await once(killed, 'exit');
      expect(seen.pids.every(isRunning)).toBe(true);

      rmSync(join(folder, 'seen.json'));
      const another = run(STUBBORN);
      const seenNow = await seenByTarget();
      expect(seen.pids.some(isRunning)).toBe(false);

      await once(run(''), 'exit');
      expect(seenNow.pids.every(isRunning)).toBe(true);
      expect(await isListening(seenNow.proxy)).toBe(true);
      another.kill('SIGINT');
      await once(another, 'exit');
      expect([...(await leftOf(seen)), ...(await leftOf(seenNow))]).toEqual([]);
    });
  },
);
