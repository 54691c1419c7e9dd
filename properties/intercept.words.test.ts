import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { has, verifyProgram } from './intercept.test-support.ts';

const NODE_BOT = 'examples/hard-coded/bot.mjs';
const PYTHON_BOT = 'examples/hard-coded/bot.py';

/** A program that does something, and then is the Node bot. */
function nodeBotAfter(script: string): readonly string[] {
  return [
    'node',
    '--input-type=module',
    '-e',
    `${script}; await import(${JSON.stringify(`${process.cwd()}/${NODE_BOT}`)});`,
  ];
}

describe('a target that goes elsewhere', () => {
  it.each([
    ['https', 'https://example.com/news', 'example.com:443'],
    ['http', 'http://example.com/news', 'example.com:80'],
    ['an address', 'http://192.0.2.1:8080/', '192.0.2.1:8080'],
  ])('is refused and named in words, from Node: %s', async (_kind, url, named) => {
    const { verdict } = await verifyProgram(
      nodeBotAfter(`await fetch('${url}').catch((e) => console.error(e.cause.message))`),
    );
    expect(verdict.verdict).toBe('held');
    expect(verdict.notes).toEqual([
      `The target tried to reach ${named}: it was refused, for only Kraken is mocked. Allow other hosts with --allow-net.`,
    ]);
  });

  it.runIf(has('curl'))('is refused and named in words, through the proxy', async () => {
    const { verdict } = await verifyProgram(['sh', '-c', `curl -s https://example.com; node ${NODE_BOT}`]);
    expect(verdict.verdict).toBe('held');
    expect(verdict.notes).toHaveLength(1);
    expect(verdict.notes[0]).toContain('example.com:443');
  });

  it.each(['wss://ws-auth.kraken.com', 'https://futures.kraken.com/derivatives', 'http://api.kraken.com'])(
    'never reaches another door of Kraken, not even with --allow-net: %s',
    async (url) => {
      const { verdict } = await verifyProgram(
        nodeBotAfter(`await fetch('${url.replace('wss', 'https')}').catch(() => 0)`),
        { allowNet: true },
      );
      expect(verdict.notes[0]).toContain(`${new URL(url).hostname}:`);
      expect(verdict.notes[0]).toContain('a host of Kraken');
    },
  );

  it.runIf(has('curl'))('reaches what is on this machine without being asked', async () => {
    const server = createServer((_request, response) => response.end('here')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const script = `curl -s http://localhost:${port}; curl -s -x "$HTTP_PROXY" --noproxy '' http://127.0.0.1:${port}; node ${NODE_BOT}`;
    const { verdict, observation } = await verifyProgram(['sh', '-c', script]);
    server.close();
    expect(observation.stdout).toBe('herehere');
    expect(verdict.notes).toEqual([]);
  });
});

describe('a target with access of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'intercept-words-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is told of, when it uses a key that this run did not issue; the key itself is nowhere', async () => {
    const apiKey = randomBytes(42).toString('base64');
    const accounts = [{ account: 'MASTER', apiKey, apiSecret: randomBytes(64).toString('base64') }];
    const file = join(folder, 'own-keys.json');
    writeFileSync(file, JSON.stringify(accounts));
    const own = nodeBotAfter(`process.env.KRAKEN_ACCOUNTS_FILE = ${JSON.stringify(file)}`);
    const { verdict, observation } = await verifyProgram(own);
    expect(verdict.verdict).toBe('violated');
    expect(verdict.notes.join()).toMatch(
      /2 calls carried an API key that this run did not issue \(fingerprint \w+, first Balance #1\)/,
    );
    expect(JSON.stringify([verdict, observation])).not.toContain(apiKey);
  });

  it('has its real credentials replaced, whatever they are called', async () => {
    const real = {
      KRAKEN_API_KEY: 'real-1',
      KRAKEN_API_SECRET: 'real-2',
      KRAKEN_PRIVATE_KEY: 'real-3',
      kraken_key: 'real-4',
      MY_KRAKEN_USER_1_API_SECRET: 'real-5',
      KRAKEN_USER_9_API_KEY: 'real-6',
      KRAKEN_OTP: 'real-7',
      KRAKEN_MODE: 'fast',
    };
    const print = `const { KRAKEN_PRIVATE_KEY: s, kraken_key: k, KRAKEN_MODE, MY_KRAKEN_USER_1_API_SECRET: s1 } = process.env;
      const [master, user] = JSON.parse((await import('node:fs')).readFileSync(process.env.KRAKEN_ACCOUNTS_FILE));
      console.log(s === master.apiSecret, k === master.apiKey, s1 === user.apiSecret, KRAKEN_MODE, JSON.stringify(process.env).includes('real-'))`;
    const { observation } = await verifyProgram(nodeBotAfter(print), { env: real });
    expect(observation.stdout).toBe('true true true fast false\n');
  });
});

describe('a target that cannot be led', () => {
  it.runIf(has('python3'))('is told of when it ignores the proxy', async () => {
    const { verdict } = await verifyProgram(['python3', PYTHON_BOT, '--no-proxy']);
    expect(verdict.verdict).not.toBe('held');
    expect(verdict.notes.join()).toContain('Nothing of the target reached the mock');
    expect(verdict.notes.join()).toContain('it ignores HTTPS_PROXY');
  });

  it.runIf(has('curl'))('is told of when it does not trust the run’s authority', async () => {
    const { verdict } = await verifyProgram([
      'sh',
      '-c',
      'unset SSL_CERT_FILE CURL_CA_BUNDLE; curl -s https://api.kraken.com/0/public/Time',
    ]);
    expect(verdict.verdict).not.toBe('held');
    expect(verdict.notes.join()).toContain('1 connection to api.kraken.com ended during the TLS handshake');
  });

  it('is told of when it ends the connection only after the handshake', async () => {
    const connect = `require('node:tls').connect({ host: 'api.kraken.com', port: 443, rejectUnauthorized: false },
      function () { this.end(); })`;
    const { verdict } = await verifyProgram(['node', '-e', connect]);
    expect(verdict.verdict).not.toBe('held');
    expect(verdict.notes.join()).toContain(
      '1 connection to api.kraken.com came through the TLS handshake, and no request followed',
    );
  });
});
