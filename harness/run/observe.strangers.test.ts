import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeRun } from './judge-run.ts';
import { observeRun } from './observe.ts';
import { DEFAULT_RUN } from './run-defaults.ts';
import type { Target } from './target.ts';

let folder = '';
let strangers: ChildProcess[] = [];
beforeEach(() => {
  [folder, strangers] = [mkdtempSync(join(tmpdir(), 'strangers-test-')), []];
});
afterEach(() => {
  for (const stranger of strangers) stranger.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Makes `private(url, key)` and `untilThere(file)` known. The authority of the run's TLS is of no interest. */
const PRELUDE = `
  const { createHash, createHmac } = require('node:crypto');
  const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
  let nonce = BigInt(Date.now()) * 1000000n;
  function balance(url, { apiKey, apiSecret }) {
    nonce += 1n;
    const path = '/0/private/Balance';
    const body = 'nonce=' + nonce;
    const digest = createHash('sha256').update(nonce + body).digest();
    const sign = createHmac('sha512', Buffer.from(apiSecret, 'base64')).update(path).update(digest).digest('base64');
    const headers = { 'api-key': apiKey, 'api-sign': sign, 'content-type': 'application/x-www-form-urlencoded' };
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', headers, rejectUnauthorized: false, agent: false };
      require(url.split(':')[0]).request(url + path, options, (reply) => reply.resume().once('end', resolve))
        .once('error', reject).end(body);
    });
  }
  async function untilThere(file) {
    while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
    return readFileSync(file, 'utf8');
  }
  const UNKNOWN = { apiKey: 'c29tZWJvZHkgZWxzZQ==', apiSecret: 'c29tZWJvZHkgZWxzZQ==' };
`;

/** Tells the test's folder where the mock and its TLS door are, and calls once a stranger has called, if there is any. */
function bot(calls: string, { waitsFor }: { readonly waitsFor?: string } = {}): Target {
  const script = `${PRELUDE}
    const { KRAKEN_API_URL, KRAKEN_ACCOUNTS_FILE, NONCEPROOF_INTERCEPT } = process.env;
    const url = KRAKEN_API_URL;
    const tls = 'https://127.0.0.1:' + JSON.parse(NONCEPROOF_INTERCEPT).doorPort;
    const accounts = JSON.parse(readFileSync(KRAKEN_ACCOUNTS_FILE, 'utf8'));
    (async () => {
      writeFileSync('urls.part', url + ' ' + tls);
      renameSync('urls.part', 'urls');
      ${waitsFor === undefined ? '' : `await untilThere('${waitsFor}');`}
      for (const account of accounts) await balance(url, account);
      ${calls}
    })();`;
  return { kind: 'command', title: 'bot', command: process.execPath, args: ['-e', script] };
}

/** Another program on this machine: calls the mock and its TLS door, many at once, with a key of its own. */
function startStranger(): void {
  const script = `${PRELUDE}
    (async () => {
      const urls = (await untilThere('urls')).split(' ');
      await Promise.all(Array.from({ length: 20 }, (_, i) => balance(urls[i % 2], UNKNOWN)));
      writeFileSync('called', '');
    })();`;
  strangers.push(spawn(process.execPath, ['-e', script], { cwd: folder, stdio: 'inherit' }));
}

async function judged(target: Target) {
  const settings = { ...DEFAULT_RUN, users: 2, callsPerAccount: 1 };
  const observation = await observeRun(target, settings, { env: process.env, cwd: folder });
  const remarks = { reproduce: '', judgeLine: null, evidenceDir: null, defects: [] };
  return judgeRun({ target, settings }, observation, remarks).verdict;
}

describe.runIf(process.platform === 'linux')('a run beside other programs (told apart on Linux only)', () => {
  it('is held, and says that their calls were left out', async () => {
    startStranger();
    const verdict = await judged(bot('', { waitsFor: 'called' }));
    expect(verdict).toMatchObject({ verdict: 'held', counts: { calls: 2, accepted: 2 } });
    expect(verdict.notes).toEqual([
      expect.stringMatching(/^20 calls of other programs on this machine were left out/),
    ]);
  });

  it.each([
    ['itself', 'await balance(url, UNKNOWN);'],
    ['over TLS', 'await balance(tls, UNKNOWN);'],
    [
      'by a daemon that has left its session, its parent and its environment',
      `const script = ${JSON.stringify(PRELUDE)} + 'balance(' + JSON.stringify(url) + ', UNKNOWN).then(() => writeFileSync("called", ""))';
        const start = 'require("child_process").spawn(process.execPath, ["-e", ' + JSON.stringify(script) + '], { detached: true, stdio: "ignore", env: {} }).unref()';
        require('node:child_process').execFileSync(process.execPath, ['-e', start]);
        await untilThere('called');`,
    ],
  ])('is convicted when its target calls with an unknown key %s', async (_how, calls) => {
    const verdict = await judged(bot(calls));
    expect(verdict).toMatchObject({ verdict: 'violated', counts: { calls: 3, accepted: 2 } });
    expect(verdict.notes.join()).not.toContain('other programs');
  });
});
