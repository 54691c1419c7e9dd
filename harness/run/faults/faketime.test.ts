import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CLOCK_FAULT_KINDS } from '../targets/index.ts';
import { FakedTime, findFaketime } from './faketime.ts';

/** `null` where it is not installed. */
function installedFaketime(): string | null {
  try {
    return findFaketime(process.env);
  } catch {
    return null;
  }
}

const library = installedFaketime();
/** Long enough for each fault to be set once. */
const ROUND_MS = 1_000;

function fakedTime(env: Readonly<Record<string, string>> = {}): FakedTime {
  const folder = mkdtempSync(join(tmpdir(), 'faketime-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  let calls = 0;
  return new FakedTime({
    library: library ?? 'libfaketime',
    file: join(folder, 'clock'),
    env,
    wallMs: () => Date.now(),
    callsSoFar: () => (calls += 1),
  });
}

/** Fakes the clock of a program that calls all the time, until every fault has struck. */
async function strike(script: string): Promise<readonly string[]> {
  const time = fakedTime();
  const env = { ...process.env, ...time.variables };
  const child = spawn(process.execPath, ['-e', script], { env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  let struck: readonly string[] = [];
  while (struck.length < CLOCK_FAULT_KINDS.length && child.exitCode === null) {
    time.start();
    await sleep(ROUND_MS);
    struck = time.stop();
  }
  child.kill();
  await ended;
  return struck;
}

describe('FakedTime', () => {
  it.skipIf(library === null)('strikes a program with every fault (needs faketime)', async () => {
    const struck = await strike('setInterval(() => Date.now(), 2)');
    expect([...struck].sort()).toEqual([...CLOCK_FAULT_KINDS].sort());
  });

  it('does not claim to have struck a program that never asks it for the time', async () => {
    const time = fakedTime();
    time.start();
    await sleep(500);
    expect(time.stop()).toEqual([]);
  });

  it('comes before what is loaded into the program already', () => {
    expect(fakedTime().variables['LD_PRELOAD']).not.toContain(':');
    expect(fakedTime({ LD_PRELOAD: 'other' }).variables['LD_PRELOAD']).toMatch(/.:other$/);
  });
});
