import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Credentials, FaultPlan } from '../../mock-kraken/index.ts';
import { KrakenClient } from '../../src/index.ts';
import { main } from '../main.ts';
import type { Verdict } from '../judge/verdict/index.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'mock-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

interface Greeting {
  readonly url: string;
  readonly accounts: readonly Credentials[];
  readonly admin?: { readonly url: string; readonly token: string };
}

/** `nonceproof mock --json …` until `end` is called, as Ctrl-C does. */
async function serve(...args: string[]) {
  const interrupt = new AbortController();
  const said = { stderr: '', status: 0 };
  let greet: (text: string) => void = () => undefined;
  const greeted = new Promise<string>((resolve) => (greet = resolve));
  const over = main(['mock', '--json', '--service-ms', '1', '--jitter-ms', '0', ...args], {
    stdout: { write: (text) => greet(text) },
    stderr: { write: (text) => (said.stderr += text) },
    env: {},
    cwd,
    signal: interrupt.signal,
    setExitStatus: (status) => {
      said.status = status;
    },
  });
  const first = await Promise.race([greeted, over.then(() => '{}')]);
  const end = async () => {
    interrupt.abort();
    await over;
    return said;
  };
  return { ...(JSON.parse(first) as Greeting), end };
}

function clientOf({ url, accounts }: Greeting): KrakenClient {
  const [master] = accounts;
  if (master === undefined) throw new Error('no account');
  const { account, apiKey, apiSecret } = master;
  return new KrakenClient({ accountIdentifier: account, apiKey, apiSecret, baseUrl: url });
}

async function ask(mock: Greeting, path: string, method = 'GET'): Promise<unknown> {
  const headers = { authorization: `Bearer ${mock.admin?.token}` };
  return (await fetch(`${mock.admin?.url}${path}`, { method, headers })).json();
}

/** The records of a sealed trace: the lines between header and footer. */
function recordsOf(file: string): unknown[] {
  const lines = readFileSync(join(cwd, file), 'utf8').trimEnd().split('\n');
  expect([lines.at(0), lines.at(-1)]).toEqual([
    expect.stringMatching(/^{"header":{"version":1,/),
    expect.stringMatching(/^{"footer":{"records":\d+,"sha256":"[0-9a-f]{64}"}}$/),
  ]);
  return lines.slice(1, -1).map((line) => JSON.parse(line) as unknown);
}

describe('nonceproof mock', () => {
  it('serves until it is interrupted, and has every call in the trace by then', async () => {
    const mock = await serve('--trace', 'trace.ndjson');
    await clientOf(mock).getBalance();
    expect(mock.admin).toBeUndefined();
    expect(await mock.end()).toMatchObject({ status: 0, stderr: '1 calls written to trace.ndjson\n' });
    expect(recordsOf('trace.ndjson')).toMatchObject([{ seq: 1, method: 'Balance', outcome: 'accepted' }]);
  });

  it('tells the verdict so far, without evidence none; a reset begins another history and another file', async () => {
    const mock = await serve('--admin', '--trace', 'trace.ndjson');
    const client = clientOf(mock);
    const verdicts = [await ask(mock, '/verdict')];
    await Promise.all([client.getBalance(), client.getBalance()]);
    verdicts.push(await ask(mock, '/verdict'));
    await ask(mock, '/reset', 'POST');
    verdicts.push(await ask(mock, '/verdict'));
    await client.getBalance();
    await mock.end();
    expect(verdicts.map((verdict) => (verdict as Verdict).verdict)).toEqual([
      'inconclusive',
      'held',
      'inconclusive',
    ]);
    expect([recordsOf('trace.ndjson').length, recordsOf('trace.2.ndjson').length]).toEqual([2, 1]);
  });

  it.each([
    [[], 'EAPI:Rate limit exceeded'],
    [['--limits', 'off'], null],
  ])('with %j, the 30th call in a row is answered %j', async (args, error) => {
    const mock = await serve('--trace', 'trace.ndjson', ...args);
    const client = clientOf(mock);
    for (let calls = 0; calls < 30; calls++)
      await client.getBalance({ timeoutMs: 500 }).catch(() => undefined);
    await mock.end();
    const errors = recordsOf('trace.ndjson').map((line) => (line as { error: string | null }).error);
    expect(errors.includes('EAPI:Rate limit exceeded')).toBe(error !== null);
  });

  it('carries out a fault plan from a file', async () => {
    const plan: FaultPlan = { version: 1, name: 'one', faults: [{ kind: 'busy', nth: 1 }] };
    writeFileSync(join(cwd, 'plan.json'), JSON.stringify(plan));
    const mock = await serve('--fault-plan', 'plan.json', '--trace', 'trace.ndjson');
    await clientOf(mock).getBalance();
    await mock.end();
    expect(recordsOf('trace.ndjson')[0]).toMatchObject({ fault: 'busy', outcome: 'faulted' });
  });

  it.each([
    [['--faults', 'hostile', '--fault-plan', 'plan.json'], 'exclude each other'],
    [['--fault-plan', 'none.json'], 'Failed to read fault plan none.json'],
    [['--faults', 'clock'], 'Expected one of none, network, hostile'],
    [['--limits', 'some'], 'Expected one of on, off'],
    [['--trace', '/proc/nowhere/trace.ndjson'], 'Failed to write to /proc/nowhere/trace.ndjson'],
  ])('%j ends with status 64 and one clear sentence', async (args, sentence) => {
    const mock = await serve(...args);
    const { status, stderr } = await mock.end();
    expect([status, existsSync(join(cwd, 'trace.ndjson'))]).toEqual([64, false]);
    expect(stderr).toContain(sentence);
  });
});
