import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { judgeRun } from './judge-run.ts';
import { observeRun } from './observe.ts';
import type { RunOptions } from './run-options.ts';
import { DEFAULT_RUN } from './run-defaults.ts';
import { BUILT_IN_CLIENT } from './target.ts';
import type { Target } from './target.ts';

const REMARKS = { reproduce: 'again', judgeLine: null, evidenceDir: null, defects: [] };

async function judged(target: Target, wished: Partial<RunOptions> = {}) {
  const settings = { ...DEFAULT_RUN, users: 3, callsPerAccount: 3, ...wished };
  const observation = await observeRun(target, settings, { env: process.env, cwd: process.cwd() });
  const { verdict } = judgeRun({ target, settings }, observation, REMARKS);
  const status = Object.fromEntries(verdict.rules.map((rule) => [rule.id, rule.status]));
  return { observation, verdict, status };
}

/** A program that runs `script` with `balance(account)` at hand: one signed Balance call. */
function bot(script: string): Target {
  return { kind: 'command', title: 'bot', command: process.execPath, args: ['-e', `${BALANCE}${script}`] };
}

const BALANCE = `
  const { createHmac, createHash } = require('node:crypto');
  const accounts = JSON.parse(require('node:fs').readFileSync(process.env.KRAKEN_ACCOUNTS_FILE, 'utf8'));
  let nonce = BigInt(Date.now()) * 1000000n;
  async function balance({ apiKey, apiSecret }) {
    nonce += 1n;
    const path = '/0/private/Balance';
    const body = 'nonce=' + nonce;
    const digest = createHash('sha256').update(nonce + body).digest();
    const sign = createHmac('sha512', Buffer.from(apiSecret, 'base64')).update(path).update(digest).digest('base64');
    const reply = await fetch(process.env.KRAKEN_API_URL + path, { method: 'POST', body, headers: {
      'api-key': apiKey, 'api-sign': sign, 'content-type': 'application/x-www-form-urlencoded' } });
    return reply.json();
  }
`;

describe('a command over sockets', () => {
  it('is held when it calls one account after the other', async () => {
    const { verdict } = await judged(
      bot('(async () => { for (const one of accounts) await balance(one); })()'),
    );
    expect(verdict).toMatchObject({ verdict: 'held', counts: { accounts: 3, calls: 3, accepted: 3 } });
  });

  it('is convicted when it calls all accounts at once', async () => {
    const { verdict, status } = await judged(bot('accounts.forEach(balance)'));
    expect(verdict.verdict).toBe('violated');
    expect(status['no-overlap']).toBe('violated');
  });

  it('is told of its accounts in the way of the contract', async () => {
    const { observation } = await judged(
      bot(`const { KRAKEN_API_KEY, KRAKEN_API_SECRET, NONCEPROOF_USERS, NONCEPROOF_CALLS, NONCEPROOF_SEED } = process.env;
        console.log(JSON.stringify([accounts.map((one) => one.account), KRAKEN_API_KEY === accounts[0].apiKey,
          KRAKEN_API_SECRET === accounts[0].apiSecret, NONCEPROOF_USERS, NONCEPROOF_CALLS, NONCEPROOF_SEED,
          process.env.NONCEPROOF_PROCESS]))`),
    );
    expect(JSON.parse(observation.stdout)).toEqual([
      ['MASTER', 'USER_1', 'USER_2'],
      true,
      true,
      '3',
      '3',
      '42',
      '0',
    ]);
  });

  it('is never held when it makes no call', async () => {
    const { verdict } = await judged(bot(''));
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.rules.find(({ id }) => id === 'exercised')?.explanation).toContain('KRAKEN_API_URL');
  });

  it('is inconclusive when it crashes, and its last words are shown without its credentials', async () => {
    const { status, verdict, observation } = await judged(
      bot(`accounts.reduce((before, one) => before.then(() => balance(one)), Promise.resolve()).then(() => {
        console.error('out of money\\nKRAKEN_API_SECRET=' + process.env.KRAKEN_API_SECRET);
        process.exit(3);
      })`),
    );
    expect(status['all-settle']).toBe('inconclusive');
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.rules.filter((rule) => rule.status === 'violated')).toEqual([]);
    expect(observation.stderr).toContain('out of money');
    expect(verdict.notes[0]).toBe(
      'The target ended with status 3. Its last lines on stderr:\nout of money\nKRAKEN_API_SECRET=[redacted]',
    );
  });

  it('is inconclusive when it ends before any call, and says why before it says anything of addresses', async () => {
    const { verdict } = await judged({
      kind: 'command',
      title: 'missing',
      command: process.execPath,
      args: ['no-such-module.js'],
    });
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.notes[0]).toMatch(
      /^The target ended with status 1\. Its last lines on stderr:\n[^]*no-such-module/,
    );
    expect(verdict.rules.map(({ explanation }) => explanation).join()).not.toContain('KRAKEN_API_URL');
  });

  it('is convicted when it hangs', async () => {
    const hangs = bot(
      'accounts.reduce((before, one) => before.then(() => balance(one)), Promise.resolve()); setInterval(() => {}, 1000)',
    );
    const { status, observation } = await judged(hangs, { timeoutMs: 12_000 });
    expect(status['all-settle']).toBe('violated');
    expect(observation.exit).toMatchObject({ endedBy: 'time-limit' });
  });

  it('is inconclusive when its time limit ends it at work', async () => {
    const busy = bot(
      '(async () => { for (let i = 0; ; i += 1) await balance(accounts[i % accounts.length]); })()',
    );
    const { verdict } = await judged(busy, { timeoutMs: 4_000 });
    expect(verdict.rules.filter((rule) => rule.status === 'violated')).toEqual([]);
    expect(verdict.verdict).toBe('inconclusive');
  });

  it('is never held when it calls from fewer accounts than it was given', async () => {
    const { verdict } = await judged(bot('balance(accounts[0])'));
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.rules.find(({ id }) => id === 'exercised')?.explanation).toContain('USER_1');
  });

  it('is seen to overlap although it leaves before the replies', async () => {
    const leaves = `
      let sent = 0;
      require('node:diagnostics_channel').subscribe('undici:request:bodySent', () => {
        sent += 1;
        if (sent === accounts.length) setImmediate(() => process.exit(0));
      });
      accounts.forEach(balance);
    `;
    const { status } = await judged(bot(leaves), { serviceMs: 1_000, arrivalJitterMs: 0 });
    expect(status['no-overlap']).toBe('violated');
  });
});

describe('the built-in client over sockets', () => {
  it.each(['global', 'key'] as const)('is held under scope %s', async (scope) => {
    const { verdict, observation } = await judged(BUILT_IN_CLIENT, {
      users: 6,
      callsPerAccount: 8,
      scope,
      clock: 'steps',
    });
    expect(verdict.rules.filter(({ status }) => status === 'violated' || status === 'inconclusive')).toEqual(
      [],
    );
    expect(verdict.counts).toMatchObject({ accounts: 6, calls: 48, accepted: 48 });
    expect(observation.clientCalls).toHaveLength(48);
  });

  it('leaves nothing behind in the temporary folder', async () => {
    const ours = (): string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`nonceproof-${process.pid}-`));
    await judged(BUILT_IN_CLIENT);
    expect(ours()).toEqual([]);
  });
});
