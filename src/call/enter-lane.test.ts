import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { KrakenClient } from '../kraken-client.ts';
import {
  breakConnection,
  hold,
  page,
  refuse,
  refuseConnection,
  Scene,
  silence,
  succeed,
  watch,
} from '../scripted-exchange.test-support.ts';
import type { Answer } from '../scripted-exchange.test-support.ts';

const LIMIT = 'EOrder:Rate limit exceeded';
const ORDER = { pair: 'XBTUSD', type: 'buy', ordertype: 'market', volume: '1' } as const;

/** Two accounts in one lane. */
function twoAccounts(scope: 'global' | 'key' = 'global') {
  const scene = new Scene(scope);
  const user = scene.client({ apiKey: 'key-of-user', accountIdentifier: 'USER_1' });
  return { scene, user, master: scene.client() };
}

const withdraw = (client: KrakenClient): ReturnType<typeof watch> => watch(client.queryPrivate('Withdraw'));

describe('a call that waits before it is sent again', () => {
  it.each<[string, Answer, number]>([
    ['an engine limit', refuse(LIMIT), 3_000],
    ['a rate limit of the API', refuse('EAPI:Rate limit exceeded'), 3_000],
    ['a time that Kraken named', refuse('EService: Throttled: 1795353738'), 2_050],
    ['too many requests', page(429, { 'retry-after': '2' }), 2_000],
  ])('leaves the lane to other accounts: %s', async (_name, answer, delayMs) => {
    const { scene, user, master } = twoAccounts();
    scene.exchange.on('CancelOrder', answer, succeed('done'));
    const waiting = watch(user.cancelOrder({ txid: 'OABCDE' }));
    const others = [watch(master.getBalance()), watch(master.getTradeBalance())];
    await scene.pass();
    expect(others.map((call) => call.isSettled)).toEqual([true, true]);
    expect(waiting.isSettled).toBe(false);
    await scene.pass(delayMs);
    expect(waiting.value).toBe('done');
    expect(scene.exchange.methods).toEqual(['CancelOrder', 'Balance', 'TradeBalance', 'CancelOrder']);
    expect(scene.exchange.inServiceMax).toBe(1);
    const nonces = scene.exchange.seen.map((seen) => seen.nonce);
    expect(nonces).toEqual(nonces.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(scene.runtime.pendingTimers).toBe(0);
  });

  it('is told its time limit when it queues to be sent again, an order like any other', async () => {
    const { scene, user, master } = twoAccounts();
    scene.exchange.on('AddOrder', refuse(LIMIT)).on('Balance', silence);
    const placed = watch(user.placeOrder(ORDER, { timeoutMs: 5_000 }));
    await scene.pass(100);
    void watch(master.getBalance());
    await scene.pass(5_000);
    expect(placed.error).toMatchObject({ code: 'call_timed_out', outcome: 'not-executed' });
  });

  it('is not sent again after its time limit, and says why it was not executed', async () => {
    const { scene, user } = twoAccounts();
    const slow = hold(refuse(LIMIT));
    scene.exchange.on('AddOrder', slow.answer);
    const placed = watch(user.placeOrder(ORDER, { timeoutMs: 5_000 }));
    await scene.pass(6_000);
    slow.release();
    await scene.pass();
    expect(placed.error).toMatchObject({ errors: [{ message: 'Rate limit exceeded' }] });
    expect(scene.exchange.methods).toEqual(['AddOrder']);
  });

  it('counts although its reply came after the time limit, when it was sent again as well', async () => {
    const { scene, user } = twoAccounts();
    const slow = hold(refuse('EOrder:Insufficient funds'));
    scene.exchange.on('AddOrder', refuse(LIMIT), slow.answer);
    const placed = watch(user.placeOrder(ORDER, { timeoutMs: 5_000 }));
    await scene.pass(6_000);
    expect([placed.isSettled, scene.exchange.methods]).toEqual([false, ['AddOrder', 'AddOrder']]);
    slow.release();
    await scene.pass();
    expect(placed.error).toMatchObject({ errors: [{ message: 'Insufficient funds' }] });
  });

  it('keeps the lane while connections are refused: they are refused to all accounts', async () => {
    const { scene, user, master } = twoAccounts();
    scene.exchange.on('Withdraw', refuseConnection, succeed('done'));
    const waiting = withdraw(user);
    const other = watch(master.getBalance());
    await scene.pass(200);
    expect(other.isSettled).toBe(false);
    await scene.pass(50);
    expect([waiting.value, other.isSettled]).toEqual(['done', true]);
    expect(scene.exchange.methods).toEqual(['Withdraw', 'Withdraw', 'Balance']);
  });

  it('keeps the lane while the exchange may be at work on it, and leaves it only then', async () => {
    const { scene, user, master } = twoAccounts();
    scene.exchange.on('Balance', breakConnection, succeed('read'));
    const limits = { settlingMs: 2_000, timeoutMs: 20_000 };
    const reader = scene.client({ apiKey: 'key-of-user', ...limits });
    const read = watch(reader.getBalance());
    const other = watch(master.getTradeBalance());
    await scene.pass(1_950);
    expect(other.isSettled).toBe(false);
    await scene.pass(50);
    expect(other.isSettled).toBe(true);
    expect(read.isSettled).toBe(false);
    await scene.pass(250);
    expect(read.value).toBe('read');
    expect(user.accountIdentifier).toBe('USER_1');
  });

  it('comes back ahead of those that were asked for after it', async () => {
    const { scene, user, master } = twoAccounts();
    const slow = hold(succeed('slow'));
    scene.exchange.on('Withdraw', refuse(LIMIT), succeed('done')).on('Balance', slow.answer, succeed(2));
    const waiting = withdraw(user);
    void master.getBalance();
    for (let call = 0; call < 5; call += 1) void master.getTradeBalance();
    await scene.pass(3_500);
    expect(scene.exchange.methods).toEqual(['Withdraw', 'Balance']);
    slow.release();
    await scene.pass();
    expect(waiting.value).toBe('done');
    expect(scene.exchange.methods.slice(0, 4)).toEqual(['Withdraw', 'Balance', 'Withdraw', 'TradeBalance']);
  });

  it('is told by its time limit, on the way back too, and is not sent then', async () => {
    const { scene, user, master } = twoAccounts();
    scene.exchange.on('Withdraw', refuse(LIMIT), succeed('done')).on('Balance', silence);
    const waiting = watch(user.queryPrivate('Withdraw', {}, { timeoutMs: 5_000 }));
    void watch(master.getBalance({ timeoutMs: Infinity }));
    await scene.pass(4_950);
    expect(waiting.isSettled).toBe(false);
    await scene.pass(50);
    expect(waiting.error).toMatchObject({ code: 'call_timed_out', outcome: 'not-executed' });
    expect(scene.coordinator.lock('').waiting()).toEqual([]);
    expect(scene.exchange.methods).toEqual(['Withdraw', 'Balance']);
  });

  it.each([500, 3_500])('is cancelled outside, after %d ms, and nothing more is sent', async (ms) => {
    const { scene, user, master } = twoAccounts();
    scene.exchange.on('Withdraw', refuse(LIMIT), succeed('done')).on('Balance', silence);
    const change = new AbortController();
    const waiting = watch(user.queryPrivate('Withdraw', {}, { signal: change.signal }));
    void watch(master.getBalance());
    await scene.pass(ms);
    change.abort('changed my mind');
    await scene.pass();
    expect(waiting.error).toMatchObject({
      code: 'call_cancelled',
      outcome: 'not-executed',
      cause: 'changed my mind',
    });
    expect(getEventListeners(change.signal, 'abort')).toEqual([]);
    expect(scene.exchange.methods).toEqual(['Withdraw', 'Balance']);
  });

  it('fails with nothing executed when the lane cannot be entered again', async () => {
    const scene = new Scene();
    scene.exchange.on('Withdraw', refuse(LIMIT));
    let turns = 0;
    const coordinator = {
      scope: 'global' as const,
      takePlace: (key: string) => scene.coordinator.takePlace(key),
      turn: <T>(...args: Parameters<typeof scene.coordinator.turn<T>>): Promise<T> => {
        turns += 1;
        return turns === 1 ? scene.coordinator.turn(...args) : Promise.reject(new Error('database is gone'));
      },
    };
    const waiting = withdraw(scene.client({ coordinator }));
    await scene.pass(3_000);
    expect(waiting.error).toMatchObject({
      code: 'call_not_sent',
      outcome: 'not-executed',
      cause: { message: 'database is gone' },
    });
  });

  it('keeps its turn where the coordinator has no places', async () => {
    const scene = new Scene();
    scene.exchange.on('Withdraw', refuse(LIMIT), succeed('done'));
    const turn: typeof scene.coordinator.turn = (...args) => scene.coordinator.turn(...args);
    const client = scene.client({ coordinator: { scope: 'global', turn } });
    const calls = [withdraw(client), watch(scene.client({ apiKey: 'other' }).getBalance())];
    await scene.pass(2_950);
    expect(scene.exchange.methods).toEqual(['Withdraw']);
    await scene.pass(50);
    expect(calls.map((call) => call.isSettled)).toEqual([true, true]);
    expect(scene.exchange.methods).toEqual(['Withdraw', 'Withdraw', 'Balance']);
  });
});

describe('the calls of the account that waits', () => {
  it('stay behind it: changes in the order asked for, reads after the changes before them, over all clients', async () => {
    const { scene, user, master } = twoAccounts();
    const sameKey = scene.client({ apiKey: 'key-of-user', accountIdentifier: 'USER_1 again' });
    scene.exchange.on('Withdraw', refuse(LIMIT), succeed('done'));
    const before = [withdraw(user), watch(sameKey.queryPrivate('CancelAll')), watch(user.getOpenOrders())];
    await scene.pass(1_000);
    const after = [watch(sameKey.queryPrivate('WithdrawCancel')), watch(user.getBalance())];
    await master.getTradeBalance();
    expect([...before, ...after].filter((call) => call.isSettled)).toEqual([]);
    await scene.pass(2_000);
    expect([...before, ...after].filter((call) => !call.isSettled)).toEqual([]);
    expect(scene.exchange.methods.filter((method) => method !== 'TradeBalance')).toEqual([
      'Withdraw',
      'Withdraw',
      'CancelAll',
      'WithdrawCancel',
      'OpenOrders',
      'Balance',
    ]);
  });

  it('overtake it only where it reads and they change something', async () => {
    const { scene, user } = twoAccounts();
    scene.exchange.on('Balance', refuse('EAPI:Rate limit exceeded'), succeed('read'));
    const calls = [
      watch(user.getBalance()),
      watch(user.getOpenOrders()),
      watch(user.queryPrivate('CancelAll')),
    ];
    await scene.pass(2_900);
    expect(calls.map((call) => call.isSettled)).toEqual([false, false, true]);
    await scene.pass(100);
    expect(scene.exchange.methods).toEqual(['Balance', 'CancelAll', 'Balance', 'OpenOrders']);
  });

  it('go on when it is given up, and wait within the time limit of the queue', async () => {
    const { scene, user } = twoAccounts();
    scene.exchange.on('Withdraw', refuse(LIMIT), succeed('done'));
    const change = new AbortController();
    const first = watch(user.queryPrivate('Withdraw', {}, { signal: change.signal }));
    const calls = [
      watch(user.queryPrivate('CancelAll', {}, { queueTimeoutMs: 400 })),
      watch(user.queryPrivate('CancelAll', {}, { queueTimeoutMs: 800 })),
    ];
    await scene.pass(500);
    expect(calls[0]?.error).toMatchObject({
      code: 'call_not_started',
      cause: { code: 'account_wait_ended' },
    });
    expect(calls[1]?.isSettled).toBe(false);
    change.abort();
    await scene.pass();
    expect(first.isSettled).toBe(true);
    expect(calls[1]?.value).toEqual({});
    expect(scene.runtime.pendingTimers).toBe(0);
  });

  it('are cancelled while they wait, and never sent', async () => {
    const { scene, user } = twoAccounts();
    scene.exchange.on('Withdraw', refuse(LIMIT), succeed('done'));
    const change = new AbortController();
    const first = withdraw(user);
    const options = { signal: change.signal, queueTimeoutMs: 60_000 };
    const second = watch(user.queryPrivate('CancelAll', {}, options));
    await scene.pass(100);
    change.abort('no');
    await scene.pass();
    expect(second.error).toMatchObject({ code: 'call_cancelled', outcome: 'not-executed', cause: 'no' });
    await scene.pass(3_000);
    expect(first.value).toBe('done');
    expect(scene.exchange.methods).toEqual(['Withdraw', 'Withdraw']);
    expect(scene.runtime.pendingTimers).toBe(0);
  });

  it('leave nothing behind when they are given up or sent, and take no other with them', async () => {
    const { scene, user } = twoAccounts();
    const inService = hold(succeed('done'));
    scene.exchange.on('Withdraw', refuse(LIMIT), succeed('done')).on('WithdrawCancel', inService.answer);
    const first = withdraw(user);
    const leaves = [new AbortController(), new AbortController(), new AbortController()];
    const [aborted, late, sent] = leaves.map(({ signal }, index) =>
      watch(
        user.queryPrivate(
          ['CancelAll', 'WalletTransfer', 'WithdrawCancel'][index] ?? '',
          {},
          {
            signal,
            queueTimeoutMs: [60_000, 1_000, 60_000][index],
          },
        ),
      ),
    );
    await scene.pass(500);
    leaves[0]?.abort('no');
    await scene.pass(500);
    expect([aborted?.isSettled, late?.isSettled, sent?.isSettled]).toEqual([true, true, false]);
    await scene.pass(2_100);
    expect(first.value).toBe('done');
    expect(scene.exchange.methods).toEqual(['Withdraw', 'Withdraw', 'WithdrawCancel']);
    // Its own time limit is left, which ends with it, and the listener of the call in service.
    expect(scene.runtime.pendingTimers).toBe(1);
    expect(leaves.map(({ signal }) => getEventListeners(signal, 'abort').length)).toEqual([0, 0, 1]);
    inService.release();
    await scene.pass();
    expect(sent?.value).toBe('done');
    expect(scene.runtime.pendingTimers).toBe(0);
    expect(leaves.flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([]);
  });

  it('have no limit of the queue once their first turn has come', async () => {
    const { scene, user, master } = twoAccounts();
    scene.exchange.on('Withdraw', refuse(LIMIT), succeed('done'));
    const busy = hold(succeed(1));
    scene.exchange.on('Balance', busy.answer);
    const first = watch(user.queryPrivate('Withdraw', {}, { queueTimeoutMs: 1_000 }));
    await scene.pass(2_900);
    void watch(master.getBalance());
    await scene.pass(500);
    busy.release();
    await scene.pass();
    expect(first.value).toBe('done');
  });

  it('are refused when too many wait already, those of other accounts are not', async () => {
    const scene = new Scene();
    scene.exchange.on('Withdraw', refuse(LIMIT), succeed('done'));
    const client = scene.client({ accountQueueLengthMax: 2 });
    const calls = ['Withdraw', 'CancelAll', 'CancelAll'].map((name) => watch(client.queryPrivate(name)));
    await scene.pass(100);
    const late = watch(client.queryPrivate('CancelAll'));
    await scene.pass();
    for (const refused of [calls[2], late]) {
      expect(refused?.error).toMatchObject({
        code: 'call_not_started',
        outcome: 'not-executed',
        cause: { code: 'account_queue_full', queueLengthMax: 2 },
      });
    }
    await scene.client({ apiKey: 'other', accountQueueLengthMax: 1 }).getBalance();
    await scene.pass(2_900);
    expect(calls.map((call) => call.isSettled)).toEqual([true, true, true]);
    await client.getBalance();
  });
});

describe('inside a turn that the program took', () => {
  it('a call keeps the turn while it waits: what is exclusive stays so', async () => {
    const { scene, user, master } = twoAccounts();
    scene.exchange.on('Withdraw', refuse(LIMIT), succeed('done'));
    const lock = scene.coordinator.lock('');
    const turn = watch(lock.runExclusive(() => user.queryPrivate('Withdraw')));
    const other = watch(master.getBalance());
    await scene.pass(2_950);
    expect(other.isSettled).toBe(false);
    await scene.pass(50);
    expect(turn.value).toBe('done');
    expect(other.isSettled).toBe(true);
    expect(scene.exchange.methods).toEqual(['Withdraw', 'Withdraw', 'Balance']);
  });

  it('a call does not wait for one of its account that waits outside: that one waits for this turn', async () => {
    const { scene, user } = twoAccounts();
    scene.exchange.on('Withdraw', refuse(LIMIT), succeed('done'));
    const outside = withdraw(user);
    await scene.pass();
    const until = hold(succeed(1));
    scene.exchange.on('CancelAll', until.answer);
    const turn = watch(scene.coordinator.lock('').runExclusive(() => user.queryPrivate('CancelAll')));
    await scene.pass(4_000);
    expect(scene.exchange.methods).toEqual(['Withdraw', 'CancelAll']);
    until.release();
    await scene.pass();
    expect([turn.value, outside.value]).toEqual([1, 'done']);
  });
});

describe('an order whose reply is lost', () => {
  it('is asked for in its own turn, which a limit of that question does not prolong', async () => {
    const scene = new Scene();
    scene.exchange.on('AddOrder', breakConnection).on('OpenOrders', refuse('EAPI:Rate limit exceeded'));
    const user = scene.client({ settlingMs: 1_000, apiKey: 'key-of-user' });
    void watch(user.placeOrder(ORDER, { resolveTimeoutMs: 20_000 }));
    const other = watch(scene.client().getBalance());
    await scene.pass(950);
    expect(scene.exchange.methods).toEqual(['AddOrder']);
    await scene.pass(50);
    expect(scene.exchange.methods).toEqual(['AddOrder', 'OpenOrders', 'Balance']);
    expect(other.isSettled).toBe(true);
  });
});

describe('a call without room in the rate budget', () => {
  const rateBudget = { counterMax: 2, decayPerSecond: 1, historyCost: 4 };

  it('waits outside, ahead of what was asked for after it', async () => {
    const { scene, master } = twoAccounts();
    const user = scene.client({ apiKey: 'key-of-user', rateBudget });
    const calls = ['Withdraw', 'CancelAll', 'AddOrder'].map((name) => watch(user.queryPrivate(name)));
    const other = watch(master.getBalance());
    await scene.pass();
    expect(calls.map((call) => call.isSettled)).toEqual([true, false, false]);
    expect(other.isSettled).toBe(true);
    await scene.pass(1_050);
    expect(scene.exchange.methods).toEqual(['Withdraw', 'Balance', 'CancelAll', 'AddOrder']);
    expect(scene.runtime.pendingTimers).toBe(0);
  });

  /** A program's turn in which a call of the client uses up the room, as soon as it is let. */
  function useUpRoom(scene: Scene, client: KrakenClient): () => void {
    let go: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (go = resolve));
    void scene.coordinator.lock('').runExclusive(async () => {
      await opened;
      await client.getBalance();
    });
    return go;
  }

  it('waits again, whoever waits with it, when the room was used up before its first turn', async () => {
    const scene = new Scene();
    const user = scene.client({ rateBudget, accountQueueLengthMax: 1 });
    await user.getBalance();
    const waiting = withdraw(user);
    await scene.pass();
    const go = useUpRoom(scene, user);
    await scene.pass(2_000);
    go();
    await scene.pass();
    expect(waiting.isSettled).toBe(false);
    await scene.pass(1_050);
    expect(waiting.value).toEqual({});
  });

  it('waits no longer for its turn than it was asked to, wherever it waits', async () => {
    const { scene, master } = twoAccounts();
    const user = scene.client({ apiKey: 'key-of-user', rateBudget });
    await user.getBalance();
    const outsideFirst = watch(user.queryPrivate('Withdraw', {}, { queueTimeoutMs: 2_000 }));
    scene.exchange.on('TradeBalance', silence);
    void watch(master.getTradeBalance(undefined, { timeoutMs: 60_000 }));
    await scene.pass(1_900);
    expect(outsideFirst.isSettled).toBe(false);
    await scene.pass(150);
    expect(outsideFirst.error).toMatchObject({ code: 'call_not_started', outcome: 'not-executed' });
  });

  it('waits no longer than it was asked to when it steps out of the queue of the lane', async () => {
    const scene = new Scene();
    const user = scene.client({ rateBudget });
    const go = useUpRoom(scene, user);
    const inQueueFirst = watch(user.queryPrivate('Withdraw', {}, { queueTimeoutMs: 1_500 }));
    await scene.pass(1_000);
    go();
    await scene.pass(450);
    expect(inQueueFirst.isSettled).toBe(false);
    await scene.pass(100);
    expect(inQueueFirst.error).toMatchObject({ code: 'call_not_started', outcome: 'not-executed' });
  });

  it('waits again, within its time limit, when the room was used up while it queued to be sent again', async () => {
    const scene = new Scene();
    const user = scene.client({ rateBudget, timeoutMs: 60_000, accountQueueLengthMax: 1 });
    scene.exchange.on('Withdraw', refuse(LIMIT), succeed('done'));
    await scene.pass(5_000);
    const waiting = withdraw(user);
    await scene.pass();
    const lock = scene.coordinator.lock('');
    const nested = watch(
      lock.runExclusive(async () => {
        for (let call = 0; call < 3; call += 1) await user.getBalance();
      }),
    );
    const between = scene.client({ apiKey: 'other' });
    await scene.pass(5_000);
    expect(nested.isSettled).toBe(true);
    void watch(between.getTradeBalance());
    await scene.pass(3_000);
    expect(waiting.value).toBe('done');
    expect(scene.exchange.methods.filter((method) => method === 'Withdraw')).toHaveLength(2);
  });

  it('is not refused for a full queue of which it is a part, when it has to wait again', async () => {
    const scene = new Scene();
    const user = scene.client({ rateBudget, accountQueueLengthMax: 1 });
    await user.getBalance();
    const until = hold(succeed(1));
    const turn = scene.coordinator.lock('').runExclusive(async () => {
      await until.answer({} as never);
      await user.getBalance();
    });
    const waiting = watch(user.getTradeBalance());
    await scene.pass(1_200);
    until.release();
    await turn;
    await scene.pass();
    expect(waiting.isSettled).toBe(false);
    await scene.pass(2_000);
    expect(waiting).toEqual({ value: {}, isSettled: true });
  });

  it('that belongs to a turn which is under way fails instead of waiting in it', async () => {
    const scene = new Scene();
    scene.exchange.on('AddOrder', breakConnection);
    const user = scene.client({ settlingMs: 500, rateBudget: { ...rateBudget, decayPerSecond: 0.1 } });
    void user.getBalance();
    void watch(user.placeOrder(ORDER, { resolveTimeoutMs: 20_000 }));
    const other = watch(scene.client({ apiKey: 'other' }).getTradeBalance());
    await scene.pass(500);
    expect(scene.exchange.methods).toEqual(['Balance', 'AddOrder', 'TradeBalance']);
    expect(other.isSettled).toBe(true);
  });
});
