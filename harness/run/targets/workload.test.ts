import { describe, expect, it } from 'vitest';
import { runWorkload } from './workload.ts';
import type { MakeCall } from './workload.ts';

const accounts = ['MASTER', 'USER_1', 'USER_2'];

interface Asked {
  readonly account: string;
  readonly method: string;
}

/** Runs the workload over a call that answers at once. */
async function run(
  callsPerAccount: number,
  fails: (asked: Asked) => boolean = () => false,
): Promise<Asked[]> {
  const asked: Asked[] = [];
  const call: MakeCall = async (account, method) => {
    asked.push({ account, method });
    if (fails({ account, method })) throw new Error('no');
    return method === 'AddOrder' ? { txid: [`O${asked.length}`] } : {};
  };
  await runWorkload(call, { accounts, callsPerAccount });
  return asked;
}

describe('runWorkload', () => {
  it.each([1, 2, 3, 4, 5, 7, 10, 23])('makes exactly %i calls per account', async (callsPerAccount) => {
    const asked = await run(callsPerAccount);
    for (const account of accounts) {
      expect(asked.filter((call) => call.account === account)).toHaveLength(callsPerAccount);
    }
  });

  it('begins with the balance of every account, and copies only after MASTER has ordered', async () => {
    const asked = await run(5);
    expect(asked.slice(0, 4)).toEqual([
      { account: 'MASTER', method: 'Balance' },
      { account: 'USER_1', method: 'Balance' },
      { account: 'USER_2', method: 'Balance' },
      { account: 'MASTER', method: 'AddOrder' },
    ]);
  });

  it('cancels each resting order by the id it was given', async () => {
    const cancelled: unknown[] = [];
    const call: MakeCall = async (_account, method, params) => {
      if (method === 'CancelOrder') cancelled.push(params['txid']);
      return method === 'AddOrder' ? { txid: ['OAAAAA'] } : {};
    };
    await runWorkload(call, { accounts, callsPerAccount: 5 });
    expect(cancelled).toEqual(['OAAAAA', 'OAAAAA', 'OAAAAA']);
  });

  it('goes on with everybody when one account fails', async () => {
    const asked = await run(5, ({ account }) => account === 'USER_1');
    expect(asked.filter(({ account }) => account === 'USER_2')).toHaveLength(5);
  });

  it('does not cancel an order that was refused', async () => {
    const asked = await run(5, ({ method }) => method === 'AddOrder');
    expect(asked.some(({ method }) => method === 'CancelOrder')).toBe(false);
  });
});
