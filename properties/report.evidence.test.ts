import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../harness/index.ts';
import { generateCredentials } from '../mock-kraken/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'report-evidence-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A bot that is careless with what it is given. */
const BLABBER = `
  const accounts = require('node:fs').readFileSync(process.env.KRAKEN_ACCOUNTS_FILE, 'utf8');
  console.log(accounts, process.env.KRAKEN_API_SECRET);
  console.error('API-Key: ' + process.env.KRAKEN_API_KEY);
  fetch('https://api.kraken.com/0/private/Balance', { method: 'POST', body: 'nonce=1', headers: {
    'API-Key': process.env.KRAKEN_API_KEY, 'API-Sign': process.env.KRAKEN_API_SECRET } });
`;

describe('what verify leaves in its folder', () => {
  it('is all there, and holds no key and no secret, whatever the target prints', async () => {
    const said: string[] = [];
    let status = -1;
    const line = [
      'verify',
      '--no-config',
      '--users',
      '3',
      '--seed',
      '5',
      '--out',
      folder,
      '--',
      process.execPath,
      '-e',
      BLABBER,
    ];
    await main(line, {
      stdout: { write: (text) => said.push(text) },
      stderr: { write: (text) => said.push(text) },
      env: process.env,
      cwd: folder,
      setExitStatus: (exit) => (status = exit),
    });
    expect(status).toBe(1);
    const files = readdirSync(folder);
    expect(files).toEqual(
      expect.arrayContaining([
        'report.html',
        'trace.json',
        'trace.ndjson',
        'verdict.json',
        'junit.xml',
        'target-stdout.log',
        'target-stderr.log',
      ]),
    );
    const everything = [...said, ...files.map((file) => readFileSync(join(folder, file), 'utf8'))].join('\n');
    for (const { apiKey, apiSecret } of generateCredentials({ users: 3, seed: 5 })) {
      expect(everything).not.toContain(apiKey);
      expect(everything).not.toContain(apiSecret);
    }
    expect(readFileSync(join(folder, 'target-stdout.log'), 'utf8')).toContain(
      '"account":"USER_2","apiKey":"[redacted]"',
    );
  });
});
