import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { has, verifyProgram } from './intercept.test-support.ts';

const NODE_BOT = 'examples/hard-coded/bot.mjs';
const PYTHON_BOT = 'examples/hard-coded/bot.py';
const SHELL_BOT = 'examples/hard-coded/bot.sh';

/** So slow that calls which may overlap do, however far apart the processes of a bot start. */
const SLOW = { callsPerAccount: 1, serviceMs: 600 };

function nodeBot(client: string, spread: string): readonly string[] {
  return ['node', NODE_BOT, '--client', client, '--spread', spread];
}

describe('programs with Kraken’s address written into them', () => {
  it.each([NODE_BOT, PYTHON_BOT, SHELL_BOT])('%s knows no other address', (bot) => {
    const source = readFileSync(bot, 'utf8');
    expect(source).toContain('https://api.kraken.com');
    expect(source).not.toContain('KRAKEN_API_URL');
  });

  const ways = ['fetch', 'https', 'undici'].flatMap((client) =>
    ['none', 'threads', 'processes'].map((spread) => ({ client, spread })),
  );

  const held = { verdict: 'held', counts: { accounts: 3, calls: 6, accepted: 6 }, notes: [] };

  it.each(ways)('a Node bot is held: $client, accounts in $spread', async ({ client, spread }) => {
    const { verdict } = await verifyProgram(nodeBot(client, spread));
    expect(verdict).toMatchObject(held);
  });

  it.each(ways)(
    'without a lock it is convicted: $client, accounts in $spread',
    async ({ client, spread }) => {
      const { broken, verdict } = await verifyProgram([...nodeBot(client, spread), '--all-at-once'], SLOW);
      expect(verdict.counts.accounts).toBe(3);
      expect(broken).toContain('no-overlap');
    },
  );

  describe.runIf(has('python3'))('Python 3, standard library (runs where there is python3)', () => {
    it('is held with one call at a time', async () => {
      const { verdict } = await verifyProgram(['python3', PYTHON_BOT]);
      expect(verdict).toMatchObject(held);
    });

    it('is convicted with a thread for each account and no lock', async () => {
      const { broken } = await verifyProgram(['python3', PYTHON_BOT, '--all-at-once'], SLOW);
      expect(broken).toContain('no-overlap');
    });
  });

  describe.runIf(has('curl') && has('openssl'))(
    'curl in a loop (runs where there are curl and openssl)',
    () => {
      const perKey = { perAccount: true, scope: 'key' } as const;

      it('is held with one call at a time, one process for each account', async () => {
        const { verdict } = await verifyProgram(['bash', SHELL_BOT], perKey);
        expect(verdict).toMatchObject(held);
      });

      it('is convicted when it does not wait', async () => {
        const { broken } = await verifyProgram(['bash', SHELL_BOT, '--all-at-once'], {
          ...perKey,
          ...SLOW,
          callsPerAccount: 2,
        });
        expect(broken).toContain('no-overlap');
      });
    },
  );
});
