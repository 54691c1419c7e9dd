import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { callCost, RATE_TIERS, RateBudget } from './rate-budget.ts';
import { ManualRuntime } from './manual-runtime.test-support.ts';
import { hold, refuse, Scene, succeed, watch } from './scripted-exchange.test-support.ts';

const { starter } = RATE_TIERS;
const FOR_EVER = { waitTimeoutMs: Infinity };

describe('what a call costs', () => {
  it.each([
    ['Balance', 1],
    ['Ledgers', 4],
    ['TradesHistory', 4],
    ['AddOrder', 0],
    ['CancelOrder', 0],
    ['CancelAll', 1],
  ])('%s: %d', (method, cost) => {
    expect(callCost(method, starter)).toBe(cost);
  });
});

describe('a budget', () => {
  test.prop(
    [
      fc.array(
        fc.oneof(
          fc.record({ wantMethod: fc.constantFrom('Balance', 'Ledgers', 'AddOrder') }),
          fc.record({ passMs: fc.integer({ min: 1, max: 20_000 }) }),
        ),
        { maxLength: 80 },
      ),
    ],
    { seed: 1, numRuns: 100 },
  )('never sends what an exchange with the same counter would refuse, and sends in order', async (steps) => {
    const runtime = new ManualRuntime();
    const budget = new RateBudget(starter, runtime);
    const sent: number[] = [];
    let counter = 0;
    let countedAtMs = 0;
    let asked = 0;
    const send = (method: string, index: number): void => {
      const nowMs = runtime.clock.monotonicMs();
      counter = Math.max(0, counter - ((nowMs - countedAtMs) / 1000) * starter.decayPerSecond);
      countedAtMs = nowMs;
      counter += callCost(method, starter);
      if (method !== 'AddOrder') sent.push(index);
    };
    for (const step of steps) {
      if ('passMs' in step) runtime.advance(step.passMs);
      else {
        const index = (asked += 1);
        void budget.reserve(step.wantMethod, FOR_EVER).then((reservation) => {
          reservation.spend();
          send(step.wantMethod, index);
        });
      }
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      expect(counter).toBeLessThanOrEqual(starter.counterMax);
    }
    expect(sent).toEqual(sent.toSorted((a, b) => a - b));
  });

  it('does not decay what is put aside but was not sent', async () => {
    const runtime = new ManualRuntime();
    const budget = new RateBudget({ counterMax: 3, decayPerSecond: 1, historyCost: 4 }, runtime);
    const first = await budget.reserve('Balance', FOR_EVER);
    await budget.reserve('Balance', FOR_EVER);
    const third = watch(budget.reserve('Balance', FOR_EVER));
    runtime.advance(60_000);
    await Promise.resolve();
    expect(third.isSettled).toBe(false);
    first.release();
    await Promise.resolve();
    await Promise.resolve();
    expect(third.isSettled).toBe(true);
  });

  it('lets a call in that costs more than the whole counter, once the counter is empty', async () => {
    const runtime = new ManualRuntime();
    const budget = new RateBudget({ counterMax: 3, decayPerSecond: 1, historyCost: 4 }, runtime);
    (await budget.reserve('Ledgers', FOR_EVER)).spend();
    const second = watch(budget.reserve('Ledgers', FOR_EVER));
    runtime.advance(3_900);
    await Promise.resolve();
    expect(second.isSettled).toBe(false);
    runtime.advance(200);
    await Promise.resolve();
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

  it('gets back what was put aside for a call that was never sent', async () => {
    const scene = new Scene();
    const slow = hold(succeed(1));
    scene.exchange.on('CancelOrder', slow.answer);
    const client = scene.client({ rateBudget: { counterMax: 2, decayPerSecond: 0.001, historyCost: 4 } });
    void client.queryPrivate('CancelOrder');
    const change = new AbortController();
    const cancelled = watch(client.getBalance({ signal: change.signal }));
    const next = watch(client.getBalance());
    await scene.pass();
    change.abort();
    slow.release();
    await scene.pass();
    expect(cancelled.error).toMatchObject({ outcome: 'not-executed' });
    expect(next.isSettled).toBe(true);
  });

  it('takes the counter for full when Kraken says so', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', refuse('EAPI:Rate limit exceeded'), succeed(1));
    const client = scene.client({ rateBudget: { counterMax: 10, decayPerSecond: 1, historyCost: 4 } });
    const balance = watch(client.getBalance());
    await scene.pass(3_000);
    expect(balance.isSettled).toBe(true);
    const next = watch(client.getBalance());
    await scene.pass();
    expect(next.isSettled).toBe(true);
  });
});
