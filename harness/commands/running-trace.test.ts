import { spawn, spawnSync } from 'node:child_process';
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
import { readTrace } from '../judge/history/index.ts';
import type { TraceHeader } from '../judge/history/index.ts';
import { aCall } from '../judge/rules/history.test-support.ts';
import { createRunFolder } from '../run/run-folder.ts';
import { UsageError } from '../usage-error.ts';
import { RunningTrace } from './running-trace.ts';

const COMPILED = inject('compiled');
const PROGRAM = join(COMPILED, 'harness/cli.js');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'running-trace-'));
});
afterEach(() => rmSync(folder, { recursive: true, maxRetries: 3 }));

const HEADER: TraceHeader = {
  version: 1,
  nonceproof: '0.1.0',
  command: 'verify',
  target: 'a bot',
  startedAt: '2026-11-26T00:00:00.000Z',
  accounts: 2,
  scope: 'global',
  seed: 42,
  scenario: {},
};

function started(name = 'trace.ndjson'): RunningTrace {
  const place = { path: join(folder, name), named: name, mode: 0o640 };
  return new RunningTrace({ place, header: HEADER, redact: (text) => text.replace('hunter2', '***') });
}

describe('the trace of a run that goes on', () => {
  it('has every call as soon as it is over, without credentials, and says that its end is missing', async () => {
    const trace = started();
    const path = join(folder, 'trace.ndjson');
    for (const seq of [1, 2, 3]) {
      trace.onCall(aCall(seq, { tag: 'hunter2' }));
      expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(seq + 1);
    }
    expect(readFileSync(path, 'utf8')).not.toContain('hunter2');
    const { header, calls, defects } = await readTrace([readFileSync(path)] as never, () => undefined);
    expect([header, calls]).toEqual([HEADER, 3]);
    expect(defects.join()).toContain('without a footer: it was cut off, or its writer was ended');
    trace.close();
    trace.close();
    trace.onCall(aCall(4));
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(4);
  });

  it.runIf(process.platform !== 'win32')('is a new file of the mode that was asked for', () => {
    writeFileSync(join(folder, 'precious'), 'kept');
    symlinkSync(join(folder, 'precious'), join(folder, 'trace.ndjson'));
    started().close();
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('kept');
    expect(statSync(join(folder, 'trace.ndjson')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(['precious', 'trace.ndjson']);
  });

  it('is refused where it cannot be made, and leaves nothing', () => {
    mkdirSync(join(folder, 'trace.ndjson'));
    expect(() => started()).toThrow(UsageError);
    expect(() => started()).toThrow(/^Failed to write to trace.ndjson: .* name another place\.$/);
    expect(readdirSync(folder)).toEqual(['trace.ndjson']);
    expect(() => started('missing/trace.ndjson')).toThrow(/ENOENT/);
  });

  it.runIf(process.platform === 'linux')('ends where the disk is full, and the run goes on', () => {
    const script = `
      const { RunningTrace } = await import(${JSON.stringify(join(COMPILED, 'harness/commands/running-trace.js'))});
      const place = { path: 'trace.ndjson', named: 'here', mode: 0o600 };
      const trace = new RunningTrace({ place, header: ${JSON.stringify(HEADER)}, redact: (text) => text });
      for (let i = 0; i < 20; i += 1) trace.onCall(${JSON.stringify(aCall(1))});
      console.log('goes on');`;
    // 512 bytes to a file: what lies beyond is refused, as by a disk that is full.
    const limited = `ulimit -f 1; exec "$0" --input-type=module -e "$1"`;
    const { stdout } = spawnSync('sh', ['-c', limited, process.execPath, script], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout).toBe('goes on\n');
    expect(statSync(join(folder, 'trace.ndjson')).size).toBe(512);
  });
});

/** A run that takes a minute and begins at once: no trial of the judge goes before a control. */
const LONG_RUN = ['verify', '--control', 'promise-chain', '--calls', '200', '--service-ms', '50'];

describe.runIf(process.platform === 'linux')('verify', () => {
  const env = (): NodeJS.ProcessEnv => ({ ...process.env, TMPDIR: join(folder, 'tmp') });
  const out = (name: string): string => join(folder, 'nonceproof-out', name);
  const linesOf = (file: string): number =>
    existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
  beforeEach(() => mkdirSync(join(folder, 'tmp')));

  it('that is killed leaves what it saw, and nothing of an earlier run beside it', async () => {
    mkdirSync(join(folder, 'nonceproof-out'));
    for (const name of ['verdict.json', 'report.html', 'trace.ndjson']) writeFileSync(out(name), 'HELD');
    const program = spawn(process.execPath, [PROGRAM, ...LONG_RUN], {
      cwd: folder,
      env: env(),
      stdio: 'ignore',
    });
    await expect.poll(() => linesOf(out('trace.ndjson')) > 20, { timeout: 150_000 }).toBe(true);
    const ended = once(program, 'exit');
    program.kill('SIGKILL');
    await ended;
    // As the next run does.
    await (await createRunFolder(join(folder, 'tmp'))).remove();
    expect(readdirSync(join(folder, 'nonceproof-out'))).toEqual(['trace.ndjson']);
    expect(statSync(out('trace.ndjson')).mode & 0o777).toBe(0o600);
    const checked = spawnSync(process.execPath, [PROGRAM, 'check', 'nonceproof-out/trace.ndjson'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(checked.stdout).toMatch(/^note: The trace ends after line \d+ without a footer: it was cut off/m);
    expect(checked.stdout).toMatch(/^INCONCLUSIVE \(observed, unsealed\): the history is not whole/m);
    expect(checked.status).toBe(2);
  });

  it('tells the verdict also where its evidence finds no room, and ends with 64', () => {
    const limited = `ulimit -f 64; exec "$0" "$@"`;
    const words = ['verify', '--control', 'promise-chain', '--users', '2', '--calls', '5'];
    const { stdout, stderr, status } = spawnSync('sh', ['-c', limited, process.execPath, PROGRAM, ...words], {
      cwd: folder,
      env: env(),
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^HELD \(observed\): \d+ of 10 rules over 10 calls\.$/m);
    expect(stderr).toMatch(/Failed to write all evidence to nonceproof-out: EFBIG.* Make room for it/);
    expect(status).toBe(64);
    expect(readdirSync(join(folder, 'nonceproof-out')).join()).not.toMatch(/\.part|report\.html/);
  });
});
