import { describe, expect, it } from 'vitest';
import { has, verifyProgram } from './intercept.test-support.ts';

/** What a thread or process of the target does: one public call, whose status it prints. */
const CALL = `fetch('https://api.kraken.com/0/public/Time').then((r) => console.log(r.status), (e) => console.log(e.cause?.message ?? e))`;
const PYTHON = `import urllib.request; print(urllib.request.urlopen('https://api.kraken.com/0/public/Time').status)`;

const CODE = JSON.stringify(CALL);
const WAYS: Readonly<Record<string, string>> = {
  'a thread made from text': `new Worker(${CODE}, { eval: true })`,
  'a thread with an environment of its own': `new Worker(${CODE}, { eval: true, env: {} })`,
  'a thread with options of its own': `new Worker(${CODE}, { eval: true, execArgv: ['--no-warnings'] })`,
  'a thread with a shared environment': `new Worker(${CODE}, { eval: true, env: SHARE_ENV })`,
  'a process with an empty environment': `spawn(process.execPath, ['-e', ${CODE}], { env: {}, stdio: 'inherit' })`,
  'a process with options of its own': `spawn(process.execPath, ['-e', ${CODE}], { env: { NODE_OPTIONS: '--no-warnings' }, stdio: 'inherit' })`,
  'execFileSync with an empty environment': `console.log(String(execFileSync(process.execPath, ['-e', ${CODE}], { env: {} })).trim())`,
  'spawnSync with an empty environment': `spawnSync(process.execPath, ['-e', ${CODE}], { env: {}, stdio: 'inherit' })`,
  'execSync in a shell': `console.log(String(execSync(JSON.stringify(process.execPath) + ' -e ' + JSON.stringify(${CODE}), { env: {} })).trim())`,
  'a process after the variables were taken out': `delete process.env.NODE_OPTIONS; spawn(process.execPath, ['-e', ${CODE}], { stdio: 'inherit' })`,
};

const IMPORTS = `import { spawn, spawnSync, execFileSync, execSync } from 'node:child_process';
  import { SHARE_ENV, Worker } from 'node:worker_threads';`;

function nodeScript(script: string): readonly string[] {
  return ['node', '--input-type=module', '-e', `${IMPORTS} ${script}`];
}

describe('whatever a Node target starts', () => {
  it.each(Object.entries(WAYS))('is led to the mock, too: %s', async (_name, script) => {
    const { observation } = await verifyProgram(nodeScript(script));
    expect(observation.stdout).toBe('200\n');
    expect(observation.publicCalls).toBe(1);
  });

  it.runIf(has('python3'))('is led to the mock when it is no Node (needs python3)', async () => {
    const script = `spawn('python3', ['-c', ${JSON.stringify(PYTHON)}], { env: { PATH: process.env.PATH }, stdio: 'inherit' })`;
    const { observation } = await verifyProgram(nodeScript(script));
    expect(observation).toMatchObject({ stdout: '200\n', publicCalls: 1 });
  });
});

describe('whatever a Node target connects with', () => {
  const line = 'GET /0/public/Time HTTP/1.1\\r\\nHost: api.kraken.com\\r\\nConnection: close\\r\\n\\r\\n';
  const print = `.on('data', (d) => console.log(String(d).slice(9, 12))).on('error', (e) => console.log(e.message))`;
  const clients: Readonly<Record<string, string>> = {
    'tls.connect(options)': `const s = tls.connect({ host: 'api.kraken.com', port: 443 }, () => s.write('${line}')); s${print}`,
    'tls.connect(port, host, options)': `const s = tls.connect(443, 'api.kraken.com', { servername: 'api.kraken.com' }, () => s.write('${line}')); s${print}`,
    'tls.connect over a socket of its own': `const socket = net.connect(443, 'api.kraken.com'); const s = tls.connect({ socket, servername: 'api.kraken.com' }, () => s.write('${line}')); s${print}`,
    'tls.connect with authorities of its own': `const s = tls.connect({ host: 'api.kraken.com', port: 443, ca: tls.rootCertificates }, () => s.write('${line}')); s${print}`,
    'tls.connect with a context of its own': `const s = tls.connect({ host: 'api.kraken.com', port: 443, secureContext: tls.createSecureContext() }, () => s.write('${line}')); s${print}`,
    'an address that it looked up itself': `const s = tls.connect({ host: '192.0.2.7', port: 443, servername: 'api.kraken.com' }, () => s.write('${line}')); s${print}`,
    'an agent that keeps connections, from an address of its own': `const agent = new https.Agent({ keepAlive: true, localAddress: '192.0.2.9' }); https.get('https://api.kraken.com/0/public/Time', { agent }, (r) => { console.log(r.statusCode); agent.destroy(); }).on('error', console.log)`,
    'undici, a pool of its own': `const { Pool } = await import('undici'); const pool = new Pool('https://api.kraken.com', { connections: 2, pipelining: 3 }); console.log((await pool.request({ path: '/0/public/Time', method: 'GET' })).statusCode); await pool.close()`,
    'undici over the proxy': `const { EnvHttpProxyAgent, request } = await import('undici'); const dispatcher = new EnvHttpProxyAgent(); console.log((await request('https://api.kraken.com/0/public/Time', { dispatcher })).statusCode); await dispatcher.close()`,
  };

  it.each(Object.entries(clients))('is led to the mock: %s', async (_name, script) => {
    const imports = `import net from 'node:net'; import tls from 'node:tls'; import https from 'node:https';`;
    const { observation } = await verifyProgram([
      'node',
      '--input-type=module',
      '-e',
      `${imports} ${script}`,
    ]);
    expect(observation).toMatchObject({ stdout: '200\n', stderr: '', publicCalls: 1 });
  });
});
