import { describe, expect, test } from 'vitest';
import { createExchange, type Exchange } from './exchange.ts';
import type { Fault } from '../faults/index.ts';
import { generateCredentials } from './credentials.ts';
import { InDoubt } from './in-doubt.ts';
import type { JournalRecord } from './journal.ts';
import type { ExchangeReply } from '../exchange-reply.ts';
import { signedRequest } from '../testing/signed-request.ts';

const [MASTER, USER] = generateCredentials({ users: 2, seed: 1 });
if (MASTER === undefined || USER === undefined) throw new TypeError('two accounts were asked for');

const SELL = { pair: 'XBTUSD', type: 'sell', ordertype: 'limit', price: '90000', volume: '0.01' };
const STRATEGY = { strategy_id: 'ESRFUO3-Q62XD-WIOIL7' };

/** An exchange, and a hand that makes one call after the other. */
class Desk {
  readonly exchange: Exchange = createExchange({ onRecord: (record) => this.told.push({ ...record }) });
  readonly told: JournalRecord[] = [];
  #nonce = 0;

  constructor() {
    for (const account of [MASTER, USER]) if (account !== undefined) this.exchange.addAccount(account);
  }

  ask(
    method: string,
    params: Readonly<Record<string, string>> = {},
    {
      fault = null,
      account = MASTER,
      isAbandoned,
    }: {
      readonly fault?: Fault | null;
      readonly account?: typeof MASTER;
      readonly isAbandoned?: () => boolean;
    } = {},
  ): { readonly reply: ExchangeReply; readonly record: JournalRecord } {
    this.#nonce += 1;
    if (account === undefined) throw new TypeError('no account');
    const request = signedRequest({ credentials: account, method, nonce: this.#nonce, params });
    const head = isAbandoned === undefined ? request : { ...request, isAbandoned };
    const call = this.exchange.begin(head, this.#nonce * 1_000, fault);
    this.exchange.receiveBody(call, request.body, this.#nonce * 1_000 + 1);
    return { reply: this.exchange.finish(call, this.#nonce * 1_000 + 2), record: call.record };
  }

  /** A call whose reply is lost after the effect; the id of what it made. */
  lose(method: string, params: Readonly<Record<string, string>>): string {
    const { record } = this.ask(method, params, { fault: { kind: 'reset-after-apply' } });
    expect(record).toMatchObject({ replyLost: true });
    const id = record.intents?.[0]?.id ?? record.effect?.ids[0];
    return id ?? '';
  }

  shows(method: string, params: Readonly<Record<string, string>> = {}): readonly string[] | undefined {
    const { reply, record } = this.ask(method, params);
    this.exchange.delivered(reply, true);
    return record.shows;
  }
}

describe('a reply is recorded as lost', () => {
  test.each([
    ['reset-after-apply', true],
    ['html-504-after-apply', true],
    ['truncate', true],
    ['drop-before-apply', true],
    ['html-502-before-apply', true],
    ['slow-drip', undefined],
    ['busy', undefined],
    ['invalid-nonce', undefined],
    ['http-429', undefined],
    ['slow-service', undefined],
  ] as const)('%s: %s', (kind, replyLost) => {
    expect(new Desk().ask('AddOrder', SELL, { fault: { kind } }).record.replyLost).toBe(replyLost);
  });

  test('when its client had gone by then, and whoever listens is told so', () => {
    const desk = new Desk();
    const { record } = desk.ask('AddOrder', SELL, { isAbandoned: () => true });
    expect(record.replyLost).toBe(true);
    expect(desk.told).toMatchObject([{ replyLost: true }]);
  });

  test('when the door could not deliver it', () => {
    const desk = new Desk();
    const { reply, record } = desk.ask('AddOrder', SELL);
    expect(record.replyLost).toBeUndefined();
    desk.exchange.delivered(reply, false);
    expect(record.replyLost).toBe(true);
  });
});

describe('what took effect without an answer is recorded where a later reply tells of it', () => {
  test.each([
    ['OpenOrders', {}],
    ['OpenOrders', { cl_ord_id: 'mine' }],
  ])('%s %j', (method, params) => {
    const desk = new Desk();
    const id = desk.lose('AddOrder', { ...SELL, cl_ord_id: 'mine' });
    expect(desk.shows(method, params)).toEqual([id]);
  });

  test('orders that were executed: QueryOrders, ClosedOrders, TradesHistory, Ledgers; not OpenOrders, not Balance', () => {
    for (const method of ['QueryOrders', 'ClosedOrders', 'TradesHistory', 'Ledgers']) {
      const desk = new Desk();
      const id = desk.lose('AddOrder', { ...SELL, ordertype: 'market' });
      expect(desk.shows('OpenOrders')).toEqual([]);
      expect(desk.shows('Balance')).toBeUndefined();
      expect(desk.shows(method, method === 'QueryOrders' ? { txid: id } : {}), method).toEqual([id]);
    }
  });

  test('withdrawals and transfers', () => {
    const withdrawal = { asset: 'XBT', key: 'cold', amount: '0.1' };
    for (const method of ['WithdrawStatus', 'Ledgers']) {
      const desk = new Desk();
      const id = desk.lose('Withdraw', withdrawal);
      expect(desk.shows(method)).toEqual([id]);
    }
    const desk = new Desk();
    const id = desk.lose('WalletTransfer', {
      asset: 'XBT',
      from: 'Spot Wallet',
      to: 'Futures Wallet',
      amount: '1',
    });
    expect(desk.shows('WithdrawStatus')).toEqual([]);
    expect(desk.shows('Ledgers')).toEqual([id]);
  });

  test('an allocation, by its own status only', () => {
    const desk = new Desk();
    const id = desk.lose('Earn/Allocate', { ...STRATEGY, amount: '1' });
    expect(desk.shows('Earn/DeallocateStatus', STRATEGY)).toEqual([]);
    expect(desk.shows('Earn/AllocateStatus', { strategy_id: 'ESDQCOL-WTZEU-NU55QF' })).toEqual([]);
    expect(desk.shows('Earn/AllocateStatus', STRATEGY)).toEqual([id]);
  });

  test('a cancellation that hits it', () => {
    const desk = new Desk();
    const id = desk.lose('AddOrder', SELL);
    expect(desk.shows('CancelAll')).toEqual([id]);
  });

  test('once: after a whole reply it is known', () => {
    const desk = new Desk();
    const id = desk.lose('AddOrder', SELL);
    const { reply, record } = desk.ask('OpenOrders');
    desk.exchange.delivered(reply, false);
    expect(record.shows).toEqual([id]);
    expect(desk.shows('OpenOrders')).toEqual([id]);
    expect(desk.shows('OpenOrders')).toEqual([]);
  });

  test('and neither an order whose reply arrived, nor one of another account', () => {
    const desk = new Desk();
    const { reply } = desk.ask('AddOrder', SELL);
    desk.exchange.delivered(reply, true);
    desk.lose('AddOrder', { ...SELL, price: '91000' });
    const { record } = desk.ask('OpenOrders', {}, { account: USER });
    expect(record.shows).toEqual([]);
    expect(desk.shows('OpenOrders')).toHaveLength(1);
  });
});

test('of each account a bounded number is in doubt, the oldest forgotten first', () => {
  const inDoubt = new InDoubt();
  const ids = Array.from({ length: 10_002 }, (_, n) => `O${n}`);
  inDoubt.add('MASTER', ids);
  expect(inDoubt.shownBy('MASTER', JSON.stringify(ids), [])).toEqual(ids.slice(2));
  inDoubt.settle('MASTER', ids.slice(3));
  expect(inDoubt.shownBy('MASTER', '{"O5":{},"a":"O2"}', ['O1'])).toEqual(['O2']);
});
