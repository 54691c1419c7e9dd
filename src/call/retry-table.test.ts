import { describe, expect, it } from 'vitest';
import type { CallEvent } from './call-events.ts';
import type { KrakenClient } from '../kraken-client.ts';
import type { OrderRequest } from '../kraken-types.ts';
import { RETRY_TABLE } from './retry-decision.ts';
import type { FailureCause, MethodEffect, RetryRow } from './retry-decision.ts';
import {
  breakConnection,
  refuse,
  refuseConnection,
  Scene,
  succeed,
  watch,
} from '../scripted-exchange.test-support.ts';
import type { Answer } from '../scripted-exchange.test-support.ts';

/** What the exchange answers so that a call fails for a cause, each time. A cause without an answer does not compile. */
const FAILURES: Readonly<Record<FailureCause, Answer>> = {
  'not-sent': refuseConnection,
  unknown: breakConnection,
  'invalid-nonce': refuse('EAPI:Invalid nonce'),
  'rate-limited': refuse('EOrder:Rate limit exceeded'),
  throttled: refuse('EAPI:Rate limit exceeded'),
  'locked-out': refuse('EGeneral:Temporary lockout'),
  deadline: refuse('EService:Deadline elapsed'),
  refused: refuse('EGeneral:Permission denied'),
  'order-absent': breakConnection,
};

const ORDER: OrderRequest = { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '1', volume: '1' };

/** A call of each effect. One that changes something and has a deadline, so that this can be refused. */
const CALLS: Readonly<
  Record<MethodEffect, { method: string; make(client: KrakenClient): Promise<unknown> }>
> = {
  nothing: { method: 'Balance', make: (client) => client.getBalance() },
  order: { method: 'AddOrder', make: (client) => client.placeOrder(ORDER) },
  cancel: { method: 'CancelOrder', make: (client) => client.cancelOrder({ txid: 'OABCDE' }) },
  something: { method: 'EditOrder', make: (client) => client.queryPrivate('EditOrder', { txid: 'OABCDE' }) },
};

/** `any`: an effect to which the row applies; a deadline is only refused to what has one. */
function effectOf({ cause, effect }: RetryRow): MethodEffect {
  if (effect !== 'any') return effect;
  return cause === 'deadline' ? 'something' : 'nothing';
}

async function failFor(row: RetryRow): Promise<{ sent: number; events: CallEvent[]; methods: string[] }> {
  const scene = new Scene();
  const events: CallEvent[] = [];
  const { make, method } = CALLS[effectOf(row)];
  scene.exchange.on(method, FAILURES[row.cause]);
  scene.exchange.on('OpenOrders', succeed({ open: {} })).on('ClosedOrders', succeed({ closed: {} }));
  const call = watch(make(scene.client({ onEvent: (event) => events.push(event) })));
  await scene.pass(120_000, 250);
  expect(call.error).toBeDefined();
  const { methods } = scene.exchange;
  return { sent: methods.filter((each) => each === method).length, events, methods };
}

describe('each row of the retry table is reached at default settings', () => {
  it.each(RETRY_TABLE)('$cause, $effect: $action', async (row) => {
    const { events, methods, sent } = await failFor(row);
    const retries = events.filter((event) => event.type === 'retried');
    if (row.cause === 'order-absent') {
      expect(sent).toBe(1 + (row.timesMax ?? 0));
    } else if (row.action === 'retry') {
      expect(retries.map(({ cause }) => cause)).toEqual(
        Array.from({ length: row.timesMax ?? 0 }, () => row.cause),
      );
      expect(sent).toBe(1 + (row.timesMax ?? 0));
    } else {
      expect(retries).toEqual([]);
      expect(methods.includes('OpenOrders')).toBe(row.action === 'ask');
      if (row.action === 'give-up') expect(sent).toBe(1);
    }
  });
});

describe('a read', () => {
  it.each(Object.entries(FAILURES))(
    'never says that it may have taken effect: %s',
    async (_cause, answer) => {
      const scene = new Scene();
      scene.exchange.on('Balance', answer);
      const balance = watch(scene.client().getBalance());
      await scene.pass(120_000, 250);
      expect(balance.error).toMatchObject({ outcome: 'not-executed' });
      expect((balance.error as Error).message).not.toMatch(/may have taken effect/);
    },
  );

  it('that is answered too late, or cancelled, does not say so either', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', () => new Promise(() => undefined));
    const change = new AbortController();
    const client = scene.client({ settlingMs: 1_000 });
    const calls = [
      watch(client.getBalance({ timeoutMs: 500 })),
      watch(client.getBalance({ signal: change.signal })),
    ];
    await scene.pass(3_000);
    change.abort();
    await scene.pass(2_000);
    for (const { error } of calls) {
      expect(error).toMatchObject({ outcome: 'not-executed' });
      expect((error as Error).message).not.toMatch(/may have taken effect/);
    }
  });

  it('is read again after a lost reply, at default settings', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', breakConnection, succeed({ ZUSD: '1' }));
    const balance = watch(scene.client().getBalance());
    await scene.pass(11_000, 250);
    expect(balance.value).toEqual({ ZUSD: '1' });
  });
});
