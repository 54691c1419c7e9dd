import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatTraceLine } from './judge/history/index.ts';
import { main } from './main.ts';
import { NASTY, UNSEEN, withText } from './reports/hostile-text.test-support.ts';
import { DEFAULT_RUN } from './run/index.ts';
import type { Verdict } from './judge/verdict/index.ts';
import { version } from './version.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'main-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** Runs one command line in a folder of its own. */
async function run(...args: string[]) {
  const said = { stdout: '', stderr: '', status: -1 };
  await main(args, {
    stdout: { write: (text) => (said.stdout += text) },
    stderr: { write: (text) => (said.stderr += text) },
    env: process.env,
    cwd,
    setExitStatus: (status) => {
      said.status = status;
    },
  });
  return said;
}

const NUMBER: unknown = expect.any(Number);

function git(...words: readonly string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, '-C', cwd, ...words], { encoding: 'utf8' }).trim();
}

/** A client module that is right. */
const CLIENT = `import { createHmac, createHash } from 'node:crypto';
  export function createClient(world) {
    let chain = Promise.resolve();
    let last = 0n;
    const send = async ({ apiKey, apiSecret }, method, params) => {
      const now = world.clock.wallNs();
      last = now > last ? now : last + 1n;
      const path = '/0/private/' + method;
      const body = new URLSearchParams({ nonce: String(last), ...params }).toString();
      const digest = createHash('sha256').update(last + body).digest();
      const sign = createHmac('sha512', Buffer.from(apiSecret, 'base64')).update(path).update(digest).digest('base64');
      const headers = { 'api-key': apiKey, 'api-sign': sign, 'content-type': 'application/x-www-form-urlencoded' };
      const reply = JSON.parse((await world.transport({ method: 'POST', path, headers, body })).body);
      if (reply.error.length > 0) throw new Error(reply.error[0]);
      return reply.result;
    };
    return { call(name, method, params) {
      const account = world.accounts.find((one) => one.account === name);
      const result = chain.then(() => send(account, method, params));
      chain = result.catch(() => undefined);
      return result;
    } };
  }`;

const SMALL = ['--users', '5', '--calls', '5'];

describe('nonceproof: what a user can get wrong', () => {
  it.each([
    [['verify', '--users', '0'], 'Expected a whole number from 1 to 10000, got "0"'],
    [['verify', '--users', 'many'], 'got "many"'],
    [['verify', '--users', '1.5'], 'got "1.5"'],
    [['verify', '--scope', 'universe'], 'Expected one of global, key, got "universe"'],
    [['verify', '--frobnicate'], "unknown option '--frobnicate'"],
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['verify', '--control', 'nobody'], 'Failed to find control nobody'],
    [['verify', '--control', 'no-lock', '--', 'true'], 'exclude each other'],
    [['verify', '--out', '/proc/nowhere', '--', 'true'], 'Failed to write to /proc/nowhere'],
    [['verify', '--', 'no-such-program-anywhere'], 'Failed to start no-such-program-anywhere'],
    [['verify', '--target', './no-such-module.ts'], 'no-such-module.ts'],
    [['verify', '--faults', 'gremlins'], 'Expected one of none, network, hostile, clock, got "gremlins"'],
    [['verify', '--fault-plan', 'no-such-plan.json'], 'Failed to read fault plan no-such-plan.json'],
    [['verify', '--fault-plan', 'plan.json', '--faults', 'network'], 'exclude each other'],
    [['check', 'no-such-file.ndjson'], 'no-such-file.ndjson'],
    [['controls', 'nobody'], 'Failed to find control nobody'],
    [['mock', '--port', '70000'], 'got "70000"'],
  ])('%j ends with status 64 and one clear sentence', async (args, sentence) => {
    const { stderr, stdout, status } = await run(...args);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(status).toBe(64);
  });

  it.each([
    ['check', (text: string) => ['check', `no-${text}`]],
    ['check --client', (text: string) => ['check', `no-${text}`, '--client', text]],
    ['check --scope', (text: string) => ['check', 'file', '--scope', text]],
    ['controls', (text: string) => ['controls', `x${text}`]],
    ['controls --seed', (text: string) => ['controls', '--seed', text]],
    ['explore --target', (text: string) => ['explore', '--target', `./no-${text}`]],
    ['explore --model', (text: string) => ['explore', '--model', text]],
    ['explore --budget', (text: string) => ['explore', '--budget', text]],
    ['explore --corpus', (text: string) => ['explore', '--corpus', `no-${text}`]],
    ['replay', (text: string) => ['replay', `np1_${text}`]],
    ['an option', (text: string) => ['check', `--${text}`]],
    ['a verb', (text: string) => [`x${text}`]],
  ])('says nothing unseen and no command to a runner of a hostile name: %s', async (_name, argsOf) => {
    for (const text of NASTY) {
      const { stdout, stderr, status } = await run(...argsOf(text.replaceAll('\0', '')));
      for (const said of [stdout, stderr]) {
        expect(said).not.toMatch(UNSEEN);
        expect(said).not.toMatch(/^\s*::|##\[/m);
      }
      expect(status).toBe(64);
    }
  });

  it('shows the text of a hostile trace as text', async () => {
    for (const text of NASTY) {
      const calls = withText(text).calls.map((call) => formatTraceLine(call));
      writeFileSync(join(cwd, 'trace.ndjson'), calls.join(''));
      for (const args of [
        ['check', 'trace.ndjson'],
        ['check', '--json', 'trace.ndjson', '--accounts', text],
      ]) {
        const { stdout, stderr } = await run(...args);
        expect(stdout + stderr).not.toMatch(UNSEEN);
        expect(stdout + stderr).not.toMatch(/^\s*::|##\[/m);
      }
    }
  });

  it('says what there is', async () => {
    const { stdout, status } = await run('--help');
    for (const verb of ['verify', 'mock', 'check', 'controls']) expect(stdout).toContain(verb);
    expect(status).toBe(0);
  });
});

describe('nonceproof verify', () => {
  it('acquits the built-in client and leaves evidence', async () => {
    const { stdout, status } = await run('verify', ...SMALL);
    expect(stdout).toContain('known-bad clients convicted');
    expect(stdout).toContain('HELD (observed): 10 of 10 rules over 25 calls. Evidence: nonceproof-out');
    expect(status).toBe(0);
    for (const file of ['verdict.json', 'trace.ndjson', 'client.ndjson', 'junit.xml']) {
      expect(existsSync(join(cwd, 'nonceproof-out', file))).toBe(true);
    }
  });

  it('convicts a control and ends with the command that does it again', async () => {
    const { stdout, status } = await run('verify', '--control', 'no-lock', '--seed', '7');
    expect(stdout).toMatch(/violated +no-overlap/);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('nonceproof verify --seed 7 --control no-lock');
    expect(status).toBe(1);
  });

  it('prints JSON and nothing else with --json', async () => {
    const { stdout, stderr, status } = await run('verify', '--json', '--control', 'promise-chain');
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'held',
      strength: 'observed',
      scope: 'global',
      seed: 42,
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('says in verdict.json where the verdict comes from', async () => {
    git('init', '-q');
    writeFileSync(join(cwd, 'client.mjs'), CLIENT);
    git('add', '.');
    git('commit', '-q', '-m', 'a client');
    mkdirSync(join(cwd, 'nonceproof-out'));
    writeFileSync(join(cwd, 'nonceproof-out', 'of-an-earlier-run.json'), '');
    await run('verify', '--users', '3', '--calls', '4', '--target', './client.mjs');
    const [verdict, trace, page] = ['verdict.json', 'trace.ndjson', 'report.html'].map((name) =>
      readFileSync(join(cwd, 'nonceproof-out', name), 'utf8'),
    );
    const { provenance } = JSON.parse(verdict ?? '') as Verdict;
    if (provenance === undefined) throw new Error('There is no provenance.');
    const { measured, ...fixed } = provenance;
    expect(fixed).toEqual({
      nonceproof: version,
      recordedBy: version,
      command: 'verify',
      target: './client.mjs',
      scenario: {
        ...fixed.scenario,
        accounts: 3,
        callsPerAccount: 4,
        seed: 42,
        scope: 'global',
        faults: null,
      },
    });
    expect(Object.keys(fixed.scenario ?? {}).length).toBe(Object.keys(DEFAULT_RUN).length);
    const figures = ['queueWait', 'service', 'total'].map(
      (name) => [name, { count: 12, p50Ns: NUMBER, p90Ns: NUMBER, p99Ns: NUMBER, maxNs: NUMBER }] as const,
    );
    expect(measured).toMatchObject({
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      durationMs: NUMBER,
      // What is in its own folder is in no commit, and does not count.
      source: { commit: git('rev-parse', 'HEAD'), dirty: false },
      trace: { records: 12, sha256: /"sha256":"([0-9a-f]{64})"/.exec(trace ?? '')?.[1] },
      figures: { calls: 12, callsPerSecond: NUMBER, ...Object.fromEntries(figures) },
    });
    const { methods } = measured.figures;
    expect(methods.reduce((sum, { calls }) => sum + calls, 0)).toBe(12);
    for (const { method, calls, total } of methods)
      expect([method, total?.count]).toEqual([expect.any(String), calls]);
    expect(page).toContain(measured.source?.commit);
    expect(page).toContain(measured.trace?.sha256);
  });

  it('leaves no secret and no full key in the evidence', async () => {
    await run('verify', '--control', 'promise-chain');
    const trace = readFileSync(join(cwd, 'nonceproof-out', 'trace.ndjson'), 'utf8');
    const keys = new Set(trace.match(/"key":"[^"]*"/g));
    expect(keys.size).toBeGreaterThan(1);
    for (const key of keys) expect(key.length).toBeLessThan(40);
    const withoutSeal = trace.replace(/"sha256":"[0-9a-f]{64}"/, '');
    expect(withoutSeal).not.toMatch(/[A-Za-z0-9+/]{60}/);
  });

  it('verifies a client module of the user', async () => {
    writeFileSync(join(cwd, 'client.mjs'), CLIENT);
    const { stdout, status } = await run('verify', ...SMALL, '--target', './client.mjs');
    expect(stdout).toContain('HELD (observed)');
    expect(status).toBe(0);
  });
});
