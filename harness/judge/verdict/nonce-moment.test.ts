import { describe, expect, test } from 'vitest';
import { createExchange, generateCredentials } from '../../../mock-kraken/index.ts';
import type { Exchange, ExchangeCall, JournalRecord } from '../../../mock-kraken/index.ts';
import { createRandom } from '../../random.ts';
import { aCall, outcomeOf } from '../rules/history.test-support.ts';
import { nonceIncreasing } from '../rules/nonce-increasing.ts';
import { judge } from './judge.ts';
import type { Verdict } from './verdict.ts';

const ACCOUNTS = generateCredentials({ users: 2, seed: 1 });

function verdictOf(calls: readonly JournalRecord[], scope: 'global' | 'key' = 'global'): Verdict {
  const context = { scope, accounts: null, faultKinds: [], seed: 1, strength: 'observed' } as const;
  return judge(calls, { ...context, reproduce: '' }, { exit: null, clientCalls: null });
}

function openExchange(scope: 'global' | 'key'): Exchange {
  const exchange = createExchange({ scope, verifySignatures: false, overlap: 'tolerate' });
  for (const account of ACCOUNTS) exchange.addAccount(account);
  return exchange;
}

/** A run in which heads, bodies and ends of calls mingle as they may, with nonces that rise only mostly. */
function mingled(seed: number, scope: 'global' | 'key'): readonly JournalRecord[] {
  const random = createRandom(seed);
  const exchange = openExchange(scope);
  const headed: { readonly call: ExchangeCall; readonly nonce: number }[] = [];
  const bodied: ExchangeCall[] = [];
  const take = <T>(list: T[]): T | undefined => list.splice(Math.floor(random() * list.length), 1)[0];
  for (let step = 0, nonce = 100; step < 120; step += 1) {
    const atNs = step * 1_000;
    const dice = random();
    if (dice < 0.4 && step < 90) {
      nonce += Math.floor(random() * 4) - 1;
      const apiKey = ACCOUNTS[Math.floor(random() * ACCOUNTS.length)]?.apiKey ?? '';
      const headers = { 'api-key': apiKey, 'content-type': 'application/x-www-form-urlencoded' };
      const call = exchange.begin({ path: '/0/private/Balance', headers }, atNs);
      headed.push({ call, nonce });
    } else if (dice < 0.7) {
      const next = take(headed);
      if (next === undefined) continue;
      exchange.receiveBody(next.call, `nonce=${next.nonce}`, atNs);
      bodied.push(next.call);
    } else {
      const call = take(bodied);
      if (call !== undefined) exchange.finish(call, atNs);
    }
  }
  for (const { call, nonce } of headed) {
    exchange.receiveBody(call, `nonce=${nonce}`, 200_000);
    bodied.push(call);
  }
  for (const call of bodied) exchange.finish(call, 300_000);
  return exchange.journal;
}

describe('journal and rules speak of one moment of a nonce', () => {
  test.each(['global', 'key'] as const)('whatever mingles, in scope %s', (scope) => {
    let changedPlaces = 0;
    for (let seed = 1; seed <= 150; seed += 1) {
      const journal = mingled(seed, scope);
      const notes = verdictOf(journal, scope).notes.filter((note) => !note.startsWith('Under scope key'));
      expect({ seed, notes }).toEqual({ seed, notes: [] });
      if (journal.some(({ committedNs }) => committedNs !== undefined)) changedPlaces += 1;
    }
    expect(changedPlaces).toBeGreaterThan(100);
  });

  test('a run without overlaps has no second moment', () => {
    const exchange = openExchange('global');
    for (const [index, nonce] of ['5', '6'].entries()) {
      const headers = {
        'api-key': ACCOUNTS[0]?.apiKey ?? '',
        'content-type': 'application/x-www-form-urlencoded',
      };
      const call = exchange.begin({ path: '/0/private/Balance', headers }, index * 1_000);
      exchange.receiveBody(call, `nonce=${nonce}`, index * 1_000 + 200);
      exchange.finish(call, index * 1_000 + 400);
    }
    expect(exchange.journal.map((record) => 'committedNs' in record)).toEqual([false, false]);
  });
});

describe('a nonce that is out of order', () => {
  const early = aCall(1, { nonce: '9', arrivedNs: 0, departedNs: 100, committedNs: 80 });
  const late = aCall(2, { nonce: '8', arrivedNs: 10, departedNs: 90, committedNs: 20 });

  test('by the heads only, is in order by the bodies', () => {
    expect(verdictOf([early, late]).rules.find(({ id }) => id === 'nonce-increasing')?.status).toBe('held');
  });

  test('by the bodies, is convicted although the heads look well', () => {
    const calls = [
      { ...early, nonce: '8' },
      { ...late, nonce: '9', violations: [] },
    ];
    expect(verdictOf(calls).rules.find(({ id }) => id === 'nonce-increasing')).toMatchObject({
      status: 'violated',
      first: [1, 2],
      explanation:
        "MASTER's Balance carried nonce 8 and its body arrived 60 ns after that of MASTER's Balance with nonce 9, which is not lower (#1, #2).",
    });
  });

  test('of calls that follow each other is convicted whatever a file says of bodies', () => {
    const first = aCall(1, { nonce: '9', arrivedNs: 0, departedNs: 50, committedNs: 50 });
    const second = aCall(2, { nonce: '8', arrivedNs: 60, departedNs: 90, committedNs: 60 });
    expect(verdictOf([first, second]).verdict).toBe('violated');
    expect(outcomeOf(nonceIncreasing, [first, second]).status).toBe('violated');
  });
});

test('a history that lies about broken rules is still found out', () => {
  const blamed = [aCall(1), aCall(2, { violations: ['nonce-reused', 'nonce-increasing'] })];
  expect(verdictOf(blamed).notes.join()).toContain('names a broken rule 2 times');
});
