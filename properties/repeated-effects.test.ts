/** Bots of a language that shares no code with us, and what is said of them when a reply is lost. */
import { describe, expect, it } from 'vitest';
import type { FaultKind, FaultPlan } from '../mock-kraken/index.ts';
import { has, verifyProgram } from './intercept.test-support.ts';

const BOT = 'properties/bots/repeats.py';

const METHODS = {
  order: 'AddOrder',
  'json-order': 'AddOrder',
  batch: 'AddOrderBatch',
  withdrawal: 'Withdraw',
  'wallet-transfer': 'WalletTransfer',
  'account-transfer': 'AccountTransfer',
  allocation: 'Earn/Allocate',
} as const;

type What = keyof typeof METHODS;

const EVERYTHING = Object.keys(METHODS) as readonly What[];

function losing(method: string, kind: FaultKind, ms?: number): FaultPlan {
  const duration = ms === undefined ? {} : { ms };
  return { version: 1, name: `${method}: ${kind}`, faults: [{ kind, nth: 1, method, ...duration }] };
}

interface Finding {
  readonly status: string | undefined;
  readonly explanation: string | undefined;
  readonly broken: readonly string[];
}

async function findingOf(what: What, how: string, faults: FaultPlan | null): Promise<Finding> {
  const { verdict, broken } = await verifyProgram(['python3', BOT, what, how], { users: 2, faults });
  const rule = verdict.rules.find(({ id }) => id === 'effect-once');
  return { status: rule?.status, explanation: rule?.explanation, broken };
}

function lost(what: What): FaultPlan {
  return losing(METHODS[what], 'html-502-after-apply');
}

describe.runIf(has('python3'))('a bot that lost a reply (runs where there is python3)', () => {
  it.each(EVERYTHING)('is convicted when it asks for the same again: %s', async (what) => {
    expect(await findingOf(what, 'again', lost(what))).toMatchObject({
      status: 'violated',
      broken: ['effect-once'],
    });
  });

  it.each([
    ['order', 'new-name'],
    ['order', 'new-userref'],
    ['order', 'new-deadline'],
    ['json-order', 'new-name'],
    ['batch', 'new-name'],
  ] as const)('is convicted whatever it calls it: %s, %s', async (what, how) => {
    expect(await findingOf(what, how, lost(what))).toMatchObject({
      status: 'violated',
      broken: ['effect-once'],
    });
  });

  it.each(['new-price', 'new-size'])('is not held when it sends it with a %s', async (how) => {
    const { status, explanation } = await findingOf('order', how, lost('order'));
    expect(status).toBe('inconclusive');
    expect(explanation).toContain('the same but for its price, size or another detail');
  });

  it.each(EVERYTHING)('is held when it asked, saw it, and then repeats it on purpose: %s', async (what) => {
    expect(await findingOf(what, 'asks', lost(what))).toMatchObject({ status: 'held', broken: [] });
  });

  it('is convicted when it asked where the first cannot be seen', async () => {
    expect(await findingOf('order', 'asks-elsewhere', lost('order'))).toMatchObject({ status: 'violated' });
  });

  it('is convicted when it gave up before the reply came', async () => {
    const slow = losing('AddOrder', 'slow-service', 2_000);
    const { broken } = await findingOf('order', 'impatient', slow);
    expect(broken).toContain('effect-once');
  });

  it('is held when the first had no effect; that it was lucky is said', async () => {
    const { status, explanation } = await findingOf(
      'order',
      'new-name',
      losing('AddOrder', 'html-502-before-apply'),
    );
    expect(status).toBe('held');
    expect(explanation).toContain('1 repeat sent blindly, harmless because the first had no effect');
  });
});

describe.runIf(has('python3'))('a bot that lost no reply (runs where there is python3)', () => {
  it.each(EVERYTHING)('is held when it asks for the same three times: %s', async (what) => {
    const { status, explanation } = await findingOf(what, 'three-times', null);
    expect(status).toBe('held');
    expect(explanation).toBe(`${what === 'batch' ? 6 : 3} effects, each of another intent`);
  });
});
