import { describe, expect, it } from 'vitest';
import type { ClientContext } from './client-context.ts';
import { ExchangeClock } from './exchange-clock.ts';
import { learnExchangeTime } from './exchange-time.ts';
import { hold, Scene, succeed, watch } from '../scripted-exchange.test-support.ts';

/** As much of a client as a question for the time needs. */
function callerOf({ exchange, runtime }: Scene): ClientContext {
  const exchangeClock = new ExchangeClock(runtime.clock);
  const caller: Partial<ClientContext> = {
    account: 'MASTER',
    transport: exchange.transport,
    runtime,
    exchangeClock,
    redact: (text) => text,
  };
  return caller as ClientContext;
}

describe('a question for the time of the exchange', () => {
  it('is over for a caller who leaves, and goes on for those who stay', async () => {
    const scene = new Scene();
    const slow = hold(succeed({ unixtime: 1_795_353_736 }));
    scene.exchange.on('/0/public/Time', slow.answer);
    const caller = callerOf(scene);
    const change = new AbortController();
    const leaves = watch(learnExchangeTime(caller, change.signal));
    const stays = watch(learnExchangeTime(caller));
    await scene.pass();
    expect([leaves.isSettled, stays.isSettled]).toEqual([false, false]);
    change.abort();
    await scene.pass();
    expect([leaves.isSettled, stays.isSettled]).toEqual([true, false]);
    slow.release();
    await scene.pass();
    expect([stays.isSettled, caller.exchangeClock.isWellKnown]).toEqual([true, true]);
    expect(scene.exchange.methods).toEqual(['/0/public/Time']);
  });

  it('is over for a caller with a signal as well when it is answered', async () => {
    const scene = new Scene();
    const asked = watch(learnExchangeTime(callerOf(scene), new AbortController().signal));
    await scene.pass();
    expect(asked.isSettled).toBe(true);
  });

  it.each([
    [1_795_353_736, true],
    ['1795353736', false],
    [undefined, false],
  ])('is answered by %j where replies have no Date: %s', async (unixtime, isAnswered) => {
    const scene = new Scene();
    scene.exchange.on('/0/public/Time', succeed({ unixtime }));
    const { transport } = scene.exchange;
    const caller: ClientContext = {
      ...callerOf(scene),
      transport: async (request) => ({ ...(await transport(request)), headers: {} }),
    };
    await learnExchangeTime(caller);
    expect(caller.exchangeClock.isWellKnown).toBe(isAnswered);
  });

  it('is not asked by a caller who has left', async () => {
    const scene = new Scene();
    await learnExchangeTime(callerOf(scene), AbortSignal.abort());
    expect(scene.exchange.timesAsked).toBe(0);
  });
});
