import type { CallOptions } from './client-module.ts';

/** Makes one call and settles as the client's caller was told. */
export type MakeCall = (
  account: string,
  method: string,
  params: Readonly<Record<string, unknown>>,
  options?: CallOptions,
) => Promise<unknown>;

/** Who calls, and how often. */
export interface WorkloadOptions {
  /** MASTER first. */
  readonly accounts: readonly string[];
  /** Calls that each account makes, all told; at least 1. */
  readonly callsPerAccount: number;
}

/**
 * A copy-trading day in small: every account checks its balance at the same moment; MASTER places an order; on
 * MASTER's reply every user copies it, rests a limit order and cancels it, and polls.
 *
 * An account makes its later calls back to back, without waiting for one before asking for the next, so that
 * calls of *one* key stand next to each other in the queue: spread over the accounts, two calls of a key are so
 * far apart that two nonces of one millisecond never meet.
 *
 * Every account makes exactly `callsPerAccount` calls, as long as they succeed. A failing call fails nobody
 * else; only what depends on its result is left out.
 */
export async function runWorkload(call: MakeCall, options: WorkloadOptions): Promise<void> {
  const { accounts, callsPerAccount } = options;
  const [master, ...users] = accounts;
  if (master === undefined) return;
  const tolerant: MakeCall = (...args) => call(...args).catch(() => undefined);
  await Promise.all(accounts.map((account) => tolerant(account, 'Balance', {})));
  if (callsPerAccount < 2) return;
  await tolerant(master, 'AddOrder', marketOrder(1));
  const masterRest = burst(tolerant, master, { first: 2, callsPerAccount });
  const copies = users.map((user) => burst(tolerant, user, { first: 1, callsPerAccount }));
  await Promise.all([masterRest, ...copies]);
}

interface BurstOptions {
  /** How many calls the account has made already. */
  readonly first: number;
  readonly callsPerAccount: number;
}

/** Asks for all remaining calls of one account at once. */
async function burst(call: MakeCall, account: string, options: BurstOptions): Promise<void> {
  const pending: Promise<unknown>[] = [];
  for (let n = options.first; n < options.callsPerAccount; n += 1) {
    const last = n === options.callsPerAccount - 1;
    const step = STEPS[(n - 1) % STEPS.length];
    if (step === 'rest-and-cancel' && !last) {
      pending.push(restAndCancel(call, account, n));
      n += 1;
    } else if (step === 'order') {
      pending.push(call(account, 'AddOrder', marketOrder(n)));
    } else {
      pending.push(call(account, step === 'balance' ? 'Balance' : 'OpenOrders', {}));
    }
  }
  await Promise.all(pending);
}

/** What an account does after its first call, over and over; `rest-and-cancel` takes two calls. */
const STEPS = ['order', 'rest-and-cancel', 'rest-and-cancel', 'poll', 'balance', 'poll'] as const;

async function restAndCancel(call: MakeCall, account: string, n: number): Promise<void> {
  const reply = await call(account, 'AddOrder', restingOrder(n));
  const txid = orderIds(reply)[0];
  if (txid !== undefined) await call(account, 'CancelOrder', { txid });
}

function marketOrder(n: number): Readonly<Record<string, unknown>> {
  const type = n % 2 === 1 ? 'buy' : 'sell';
  return { pair: 'XBTUSD', type, ordertype: 'market', volume: '0.001' };
}

/** Far below any market: it rests until it is cancelled. */
function restingOrder(n: number): Readonly<Record<string, unknown>> {
  return { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: `${1_000 + n}`, volume: '0.001' };
}

/** The order ids in a result of `AddOrder`; empty for any other result. */
export function orderIds(result: unknown): readonly string[] {
  if (typeof result !== 'object' || result === null || !('txid' in result)) return [];
  const { txid } = result;
  if (typeof txid === 'string') return [txid];
  return Array.isArray(txid) ? txid.filter((id) => typeof id === 'string') : [];
}
