import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ManualRuntime } from '../manual-runtime.test-support.ts';
import { callCost, RATE_TIERS, RateBudget } from './rate-budget.ts';
import { breakConnection, refuse, Scene, succeed, watch } from '../scripted-exchange.test-support.ts';
import type { Answer } from '../scripted-exchange.test-support.ts';

const { starter } = RATE_TIERS;

describe('what a call costs', () => {
  const HISTORY = ['Ledgers', 'QueryLedgers', 'TradesHistory', 'QueryTrades'];
  const ENGINE = ['AddOrder', 'AddOrderBatch', 'AmendOrder', 'EditOrder', 'CancelOrder', 'CancelOrderBatch'];
  const OTHER = ['Balance', 'CancelAll', 'ClosedOrders', 'Withdraw'];

  it.each([
    ...HISTORY.map((method) => [method, 4] as const),
    ...ENGINE.map((method) => [method, 0] as const),
    ...OTHER.map((method) => [method, 1] as const),
  ])('%s: %d', (method, cost) => {
    expect(callCost(method, starter)).toBe(cost);
  });

  it('in each tier what Kraken says (Kraken docs, rate limits), where it says two things the higher', () => {
    expect(RATE_TIERS).toEqual({
      starter: { counterMax: 15, decayPerSecond: 0.33, historyCost: 4 },
      intermediate: { counterMax: 20, decayPerSecond: 0.5, historyCost: 4 },
      pro: { counterMax: 20, decayPerSecond: 1, historyCost: 4 },
    });
  });
});

/** One unit is kept back, and a millisecond is added to each wait. */
describe('room, to the unit and the millisecond', () => {
  const limits = { counterMax: 5, decayPerSecond: 0.5, historyCost: 4 };

  function charged(methods: readonly string[]): { budget: RateBudget; runtime: ManualRuntime } {
    const runtime = new ManualRuntime();
    runtime.advance(100_000);
    const budget = new RateBudget(limits, runtime.clock);
    for (const method of methods) budget.charge(method);
    return { budget, runtime };
  }

  const reads = (count: number): string[] => Array.from({ length: count }, () => 'Balance');

  it.each([
    [reads(0), 'Balance', 0],
    [reads(3), 'Balance', 0],
    [reads(4), 'Balance', 2_001],
    [reads(5), 'Balance', 4_001],
    [reads(0), 'Ledgers', 0],
    [reads(1), 'Ledgers', 2_001],
    [['Ledgers'], 'Balance', 2_001],
    [reads(9), 'AddOrder', 0],
    [['AddOrder', ...reads(3)], 'Balance', 0],
  ])('after %j, %s waits %d ms', (before, method, waitMs) => {
    expect(charged(before).budget.msUntilRoom(method)).toBe(waitMs);
  });

  it('grows with time, however often it is asked for, and not beyond all', () => {
    const { budget, runtime } = charged(reads(4));
    runtime.advance(500);
    expect(budget.msUntilRoom('Balance')).toBe(1_501);
    runtime.advance(500);
    expect(budget.msUntilRoom('Balance')).toBe(1_001);
    runtime.advance(1_001);
    expect(budget.msUntilRoom('Balance')).toBe(0);
    runtime.advance(3_600_000);
    for (const method of reads(4)) budget.charge(method);
    expect(budget.msUntilRoom('Balance')).toBe(2_001);
  });

  it('is none when Kraken says that the counter is full, whatever was counted here', () => {
    const { budget, runtime } = charged([]);
    budget.exhaust('Balance');
    expect(budget.msUntilRoom('Balance')).toBe(4_001);
    runtime.advance(2_000);
    budget.exhaust('Balance');
    expect(budget.msUntilRoom('Balance')).toBe(4_001);
    const fuller = charged(['Ledgers', 'Ledgers']).budget;
    fuller.exhaust('Balance');
    expect(fuller.msUntilRoom('Balance')).toBe(10_001);
  });

  it('stays when it is the engine that says so, whose counter is another', () => {
    const { budget } = charged([]);
    budget.exhaust('AddOrder');
    expect(budget.msUntilRoom('Balance')).toBe(0);
  });
});

/** Counts as Kraken does, and remembers how high the counter rose. */
function countingExchange(scene: Scene): { highest: number } {
  const state = { highest: 0 };
  let counter = 0;
  let countedAtMs = 0;
  const count: Answer = (seen) => {
    const nowMs = scene.runtime.clock.monotonicMs();
    counter = Math.max(0, counter - ((nowMs - countedAtMs) / 1000) * starter.decayPerSecond);
    countedAtMs = nowMs;
    counter += callCost(seen.method, starter);
    state.highest = Math.max(state.highest, counter);
    return succeed(seen.method)(seen);
  };
  for (const method of ['Balance', 'Ledgers', 'CancelOrder']) scene.exchange.on(method, count);
  return state;
}

describe('a budget', () => {
  test.prop(
    [
      fc.array(
        fc.oneof(
          { weight: 4, arbitrary: fc.record({ call: fc.constantFrom('Balance', 'Ledgers', 'CancelOrder') }) },
          { weight: 1, arbitrary: fc.record({ passMs: fc.integer({ min: 1, max: 20_000 }) }) },
          { weight: 1, arbitrary: fc.record({ laneTakenForMs: fc.integer({ min: 1, max: 60_000 }) }) },
        ),
        { maxLength: 60 },
      ),
    ],
    { seed: 1, numRuns: 50 },
  )(
    'keeps the counter within its limit, however long the queue was, and every call comes through',
    async (steps) => {
      const scene = new Scene();
      const counted = countingExchange(scene);
      const client = scene.client({ rateBudget: 'starter', timeoutMs: Infinity });
      const calls: { isSettled: boolean }[] = [];
      for (const step of steps) {
        if ('call' in step) calls.push(watch(client.queryPrivate(step.call)));
        if ('passMs' in step) await scene.pass(step.passMs, 1_000);
        if ('laneTakenForMs' in step) {
          const sleep = new Promise<void>((resolve) =>
            scene.runtime.timers.setTimeout(resolve, step.laneTakenForMs),
          );
          void scene.coordinator.turn('another', () => sleep);
        }
      }
      await scene.pass(3_000_000, 10_000);
      expect(calls.filter((call) => !call.isSettled)).toEqual([]);
      expect(counted.highest).toBeLessThanOrEqual(starter.counterMax);
    },
  );

  it('lets a call in that costs more than the whole counter, once the counter is empty', async () => {
    const scene = new Scene();
    const client = scene.client({ rateBudget: { counterMax: 3, decayPerSecond: 1, historyCost: 4 } });
    await client.queryPrivate('Ledgers');
    const second = watch(client.queryPrivate('Ledgers'));
    await scene.pass(3_900);
    expect(second.isSettled).toBe(false);
    await scene.pass(200);
    expect(second.isSettled).toBe(true);
  });
});

describe('a client with a budget', () => {
  it('sends as many calls as fit, and the next ones as the counter goes down', async () => {
    const scene = new Scene();
    const client = scene.client({ rateBudget: { counterMax: 3, decayPerSecond: 1, historyCost: 4 } });
    const calls = [1, 2, 3, 4].map(() => watch(client.getBalance()));
    await scene.pass();
    expect(scene.exchange.seen).toHaveLength(2);
    await scene.pass(1_050);
    expect(scene.exchange.seen).toHaveLength(3);
    await scene.pass(1_050);
    expect(calls.every((call) => call.isSettled)).toBe(true);
  });

  it('does not hold up orders, which Kraken counts elsewhere, nor other keys', async () => {
    const scene = new Scene();
    const rateBudget = { counterMax: 2, decayPerSecond: 0.1, historyCost: 4 };
    const client = scene.client({ rateBudget });
    const other = scene.client({ rateBudget, apiKey: 'other' });
    void client.getBalance();
    void client.getTradeBalance();
    void client.queryPrivate('CancelOrder');
    void other.getOpenOrders();
    await scene.pass();
    expect(scene.exchange.methods.toSorted()).toEqual(['Balance', 'CancelOrder', 'OpenOrders']);
  });

  it('counts the wait as a wait for its turn: it ends with the time limit of the queue, and by cancellation', async () => {
    const scene = new Scene();
    const rateBudget = { counterMax: 2, decayPerSecond: 0.001, historyCost: 4 };
    const client = scene.client({ rateBudget, queueTimeoutMs: 2_000 });
    const change = new AbortController();
    const calls = [
      watch(client.getBalance()),
      watch(client.getBalance()),
      watch(client.getBalance({ signal: change.signal })),
    ];
    await scene.pass(1_000);
    change.abort();
    await scene.pass(1_000);
    expect(calls[0]?.isSettled).toBe(true);
    expect(calls[1]?.error).toMatchObject({
      code: 'call_not_started',
      cause: { code: 'rate_budget_wait_ended' },
    });
    expect(calls[2]?.error).toMatchObject({ code: 'call_cancelled', outcome: 'not-executed' });
    expect(scene.exchange.seen).toHaveLength(1);
  });

  it('does not make the question for a lost order wait behind calls that were not sent yet', async () => {
    const scene = new Scene();
    scene.exchange.on('AddOrder', breakConnection);
    const rateBudget = { counterMax: 3, decayPerSecond: 0.1, historyCost: 4 };
    const client = scene.client({ rateBudget, settlingMs: 20_000 });
    const order = { pair: 'XBTUSD', type: 'buy', ordertype: 'market', volume: '1' } as const;
    for (let call = 0; call < 9; call += 1) void client.getBalance();
    void client.placeOrder(order);
    await scene.pass(21_000);
    expect(scene.exchange.methods.slice(0, 5)).toContain('OpenOrders');
  });

  it('of two clients with limits of their own keeps the one waiting when the time limit of the other has passed', async () => {
    const scene = new Scene();
    const rateBudget = { counterMax: 2, decayPerSecond: 0.1, historyCost: 4 };
    const passing = scene.client({ rateBudget, queueTimeoutMs: 2_000 });
    const waiting = scene.client({ rateBudget, queueTimeoutMs: 60_000 });
    const calls = [
      watch(passing.getBalance()),
      watch(waiting.getTradeBalance()),
      watch(passing.getOpenOrders()),
    ];
    await scene.pass(5_000);
    expect(calls.map(({ isSettled }) => isSettled)).toEqual([true, false, true]);
    expect([calls[0]?.error, calls[2]?.error]).toMatchObject([undefined, { code: 'call_not_started' }]);
    await scene.pass(10_000);
    expect(calls[1]).toMatchObject({ isSettled: true });
    expect(calls[1]?.error).toBeUndefined();
    expect(scene.exchange.methods).toEqual(['Balance', 'TradeBalance']);
    expect(scene.runtime.pendingTimers).toBe(0);
  });

  it('and the lane share one time limit of the queue', async () => {
    const scene = new Scene();
    const client = scene.client({
      rateBudget: { counterMax: 2, decayPerSecond: 1, historyCost: 4 },
      queueTimeoutMs: 2_000,
    });
    void client.getBalance();
    await scene.pass();
    void scene.coordinator.turn('another', () => new Promise(() => undefined));
    const balance = watch(client.getBalance());
    await scene.pass(1_900);
    expect(balance.isSettled).toBe(false);
    await scene.pass(200);
    expect(balance.error).toMatchObject({ code: 'call_not_started', cause: { code: 'lane_wait_timed_out' } });
  });

  it('cannot lock itself out: a call inside a turn comes through although the queue behind it is long', async () => {
    const scene = new Scene();
    const client = scene.client({ rateBudget: { counterMax: 3, decayPerSecond: 1, historyCost: 4 } });
    const queued: { isSettled: boolean }[] = [];
    const turn = scene.coordinator.turn('any', async () => {
      await scene.outside(() => queued.push(watch(client.getBalance()), watch(client.getTradeBalance())));
      return client.getOpenOrders();
    });
    const nested = watch(turn);
    await scene.pass(5_000);
    expect(nested.isSettled).toBe(true);
    expect(queued.map((call) => call.isSettled)).toEqual([true, true]);
  });

  it('takes the counter for full when Kraken says so', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', refuse('EAPI:Rate limit exceeded'), succeed(1));
    const client = scene.client({ rateBudget: { counterMax: 3, decayPerSecond: 0.5, historyCost: 4 } });
    const balance = watch(client.getBalance());
    await scene.pass(3_900);
    expect(balance.isSettled).toBe(false);
    await scene.pass(200);
    expect(balance.value).toBe(1);
  });
});
