import { describe, expect, it } from 'vitest';
import { planProcesses, PROCESSES_MAX } from './process-plan.ts';

function accounts(count: number): { account: string; apiKey: string; apiSecret: string }[] {
  return Array.from({ length: count }, (_, i) => ({
    account: i === 0 ? 'MASTER' : `USER_${i}`,
    apiKey: `key ${i}`,
    apiSecret: `secret ${i}`,
  }));
}

describe('the processes of a run', () => {
  it('all know every account, and read the same file', () => {
    const plan = planProcesses({ accounts: accounts(3), processes: 2, perAccount: false });
    expect(plan.map(({ index, accountsFile }) => [index, accountsFile])).toEqual([
      [0, 'accounts.json'],
      [1, 'accounts.json'],
    ]);
    expect(plan.every((process) => process.accounts.length === 3)).toBe(true);
  });

  it('know one account each where there is one for each, and nobody else’s credentials', () => {
    const plan = planProcesses({ accounts: accounts(3), processes: 1, perAccount: true });
    expect(plan.map((process) => process.accounts.map(({ account }) => account))).toEqual([
      ['MASTER'],
      ['USER_1'],
      ['USER_2'],
    ]);
    expect(new Set(plan.map(({ accountsFile }) => accountsFile)).size).toBe(3);
  });

  it('are not more than a machine can run', () => {
    expect(() =>
      planProcesses({ accounts: accounts(PROCESSES_MAX + 1), processes: 1, perAccount: true }),
    ).toThrow('Failed to start 257 processes: at most 256 run at a time. Lower --users or --processes.');
  });
});
