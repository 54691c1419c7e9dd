import { describe, expect, it } from 'vitest';
import { callEffect, decideRetry, RETRY_TABLE } from './retry-decision.ts';
import type { FailureCause, MethodEffect } from './retry-decision.ts';

/** Private endpoints of Kraken's that only read (Kraken docs, REST endpoints, 2026). */
const READ: readonly string[] = [
  'Balance',
  'BalanceEx',
  'CreditLines',
  'TradeBalance',
  'OpenOrders',
  'ClosedOrders',
  'QueryOrders',
  'OrderAmends',
  'TradesHistory',
  'QueryTrades',
  'OpenPositions',
  'Ledgers',
  'QueryLedgers',
  'TradeVolume',
  'ExportStatus',
  'RetrieveExport',
  'GetApiKeyInfo',
  'GetWebSocketsToken',
  'Level3',
  'DepositMethods',
  'DepositStatus',
  'WithdrawMethods',
  'WithdrawAddresses',
  'WithdrawInfo',
  'WithdrawStatus',
  'Earn/Strategies',
  'Earn/Allocations',
  'Earn/AllocateStatus',
  'Earn/DeallocateStatus',
];
/** Those that change something, `DepositAddresses` among them: it makes an address when told to (`new`). */
const CHANGING: readonly string[] = [
  'AddOrder',
  'AddOrderBatch',
  'AmendOrder',
  'EditOrder',
  'CancelOrder',
  'CancelOrderBatch',
  'CancelAll',
  'CancelAllOrdersAfter',
  'AddExport',
  'RemoveExport',
  'DepositAddresses',
  'Withdraw',
  'WithdrawCancel',
  'WalletTransfer',
  'AccountTransfer',
  'CreateSubaccount',
  'Earn/Allocate',
  'Earn/Deallocate',
  'SomethingNew',
];

const EFFECTS: readonly MethodEffect[] = ['nothing', 'order', 'cancel', 'something'];
const CAUSES: readonly FailureCause[] = [
  'not-sent',
  'unknown',
  'invalid-nonce',
  'rate-limited',
  'throttled',
  'locked-out',
  'refused',
  'order-absent',
];

/** What each row promises, in the order of the table. */
describe('row by row', () => {
  it.each(EFFECTS)('not sent: again after 250, 500 and 1,000 ms, then no more (%s)', (effect) => {
    const decide = (times: number) => decideRetry({ effect, cause: 'not-sent', times });
    expect([1, 2, 3].map((times) => decide(times))).toEqual(
      [250, 500, 1_000].map((delayMs) => ({ action: 'retry', delayMs })),
    );
    expect(decide(4)).toEqual({ action: 'give-up' });
  });

  it.each(['nothing', 'cancel'] as const)('invalid nonce: once more, at once (%s)', (effect) => {
    const decide = (times: number) => decideRetry({ effect, cause: 'invalid-nonce', times });
    expect(decide(1)).toEqual({ action: 'retry', delayMs: 0 });
    expect(decide(2)).toEqual({ action: 'give-up' });
  });

  it('invalid nonce, and it was an order: ask, never send', () => {
    for (const times of [1, 2, 99]) {
      expect(decideRetry({ effect: 'order', cause: 'invalid-nonce', times })).toEqual({ action: 'ask' });
    }
  });

  it('invalid nonce, and it changes something that cannot be asked for: no more', () => {
    const failure = { effect: 'something', cause: 'invalid-nonce', times: 1 } as const;
    expect(decideRetry(failure)).toEqual({ action: 'give-up' });
  });

  it.each(EFFECTS)('rate limited: as long as Kraken says, else 3, 6, 12 s (%s)', (effect) => {
    const decide = (times: number, toldToWaitMs?: number) =>
      decideRetry({ effect, cause: 'rate-limited', times, toldToWaitMs });
    expect(decide(1, 1_234)).toMatchObject({ action: 'retry', delayMs: 1_234 });
    expect(decide(1, 0)).toMatchObject({ action: 'retry', delayMs: 0 });
    expect([1, 2, 3].map((times) => decide(times))).toMatchObject(
      [3_000, 6_000, 12_000].map((delayMs) => ({ delayMs })),
    );
    expect(decide(4)).toEqual({ action: 'give-up' });
  });

  it.each(['nothing', 'cancel'] as const)('throttled: the same (%s)', (effect) => {
    const decide = (times: number, toldToWaitMs?: number) =>
      decideRetry({ effect, cause: 'throttled', times, toldToWaitMs });
    expect(decide(1, 1_234)).toEqual({ action: 'retry', delayMs: 1_234 });
    expect([1, 2, 3].map((times) => decide(times))).toMatchObject(
      [3_000, 6_000, 12_000].map((delayMs) => ({ delayMs })),
    );
    expect(decide(4)).toEqual({ action: 'give-up' });
  });

  it('throttled, and it was an order: ask, never send', () => {
    for (const times of [1, 2, 99]) {
      expect(decideRetry({ effect: 'order', cause: 'throttled', times })).toEqual({ action: 'ask' });
    }
  });

  it('throttled, and it changes something that cannot be asked for: no more', () => {
    const failure = { effect: 'something', cause: 'throttled', times: 1, toldToWaitMs: 1 } as const;
    expect(decideRetry(failure)).toEqual({ action: 'give-up' });
  });

  it.each(EFFECTS)('locked out: no more (%s)', (effect) => {
    expect(decideRetry({ effect, cause: 'locked-out', times: 1 })).toEqual({ action: 'give-up' });
  });

  it.each(EFFECTS)('refused: no more (%s)', (effect) => {
    expect(decideRetry({ effect, cause: 'refused', times: 1 })).toEqual({ action: 'give-up' });
  });

  it.each(['nothing', 'cancel'] as const)('unknown: again after 250 and 500 ms (%s)', (effect) => {
    const decide = (times: number) => decideRetry({ effect, cause: 'unknown', times });
    expect([decide(1), decide(2)]).toMatchObject([{ delayMs: 250 }, { delayMs: 500 }]);
    expect(decide(3)).toEqual({ action: 'give-up' });
  });

  it('unknown, and it was an order: ask, never send', () => {
    for (const times of [1, 2, 99]) {
      expect(decideRetry({ effect: 'order', cause: 'unknown', times })).toEqual({ action: 'ask' });
    }
  });

  it('unknown, and it changes something that cannot be asked for: no more', () => {
    expect(decideRetry({ effect: 'something', cause: 'unknown', times: 1 })).toEqual({ action: 'give-up' });
  });

  it('an order that the exchange does not have: once more', () => {
    expect(decideRetry({ effect: 'order', cause: 'order-absent', times: 1 })).toMatchObject({
      action: 'retry',
    });
    expect(decideRetry({ effect: 'order', cause: 'order-absent', times: 2 })).toEqual({ action: 'give-up' });
  });
});

describe('the table as a whole', () => {
  it('has a row for every failure that can come', () => {
    for (const cause of CAUSES) {
      for (const effect of cause === 'order-absent' ? (['order'] as const) : EFFECTS) {
        const rows = RETRY_TABLE.filter((row) => row.cause === cause && [effect, 'any'].includes(row.effect));
        expect(rows, `${cause}, ${effect}`).toHaveLength(1);
      }
    }
  });

  it('never sends again what may have changed something', () => {
    for (const effect of ['order', 'something'] as const) {
      for (const cause of ['unknown', 'invalid-nonce', 'throttled'] as const) {
        for (const times of [1, 2, 3]) {
          expect(decideRetry({ effect, cause, times }).action).not.toBe('retry');
        }
      }
    }
  });

  it('gives up every failure that keeps coming', () => {
    for (const cause of CAUSES) {
      for (const effect of EFFECTS) {
        expect(decideRetry({ effect, cause, times: 100 }).action).not.toBe('retry');
      }
    }
  });
});

describe('callEffect', () => {
  it('knows every method that only reads, and takes no other for one', () => {
    expect([...READ, ...CHANGING].filter((method) => callEffect(method, {}) === 'nothing')).toEqual(READ);
  });

  it('takes a method it does not know to change something', () => {
    for (const method of [
      'Withdraw',
      'NewMethodOfNextYear',
      'AddOrderBatch',
      'EditOrder',
      'WalletTransfer',
    ]) {
      expect(callEffect(method, { txid: 'OABCDE-12345-ABCDEF' })).toBe('something');
    }
    expect(callEffect('Balance', {})).toBe('nothing');
  });

  it.each([
    ['CancelOrder', { txid: 'OABCDE-12345-ABCDEF' }],
    ['CancelOrder', { txid: 'OABCDE-ABCDE-012345' }],
    ['CancelOrder', { txid: '1ABCDE-ABCDE-ABCDEF' }],
    ['CancelOrder', { cl_ord_id: 'mine' }],
    ['CancelOrder', { cl_ord_id: '12345' }],
    ['CancelOrderBatch', { orders: ['OABCDE-12345-ABCDEF', 'OABCDE-12345-ABCDEG'] }],
    ['CancelOrderBatch', { cl_ord_ids: ['1', '2'], orders: undefined }],
  ])('takes a cancel of orders by ids of their own to be idempotent: %s %j', (method, params) => {
    expect(callEffect(method, params)).toBe('cancel');
  });

  it.each([
    ['CancelAll', {}],
    ['CancelAllOrdersAfter', { timeout: 60 }],
    ['CancelOrder', {}],
    ['CancelOrder', { txid: '12345' }],
    ['CancelOrder', { txid: ' -7 ' }],
    ['CancelOrder', { txid: '\t +7\t ' }],
    ['CancelOrder', { txid: 7 }],
    ['CancelOrder', { txid: 'OABCDE-12345-ABCDEF,7' }],
    ['CancelOrderBatch', { orders: ['OABCDE-12345-ABCDEF', 7] }],
    ['CancelOrderBatch', { orders: ['7'], cl_ord_ids: ['mine'] }],
    ['CancelOrderBatch', { orders: [{ txid: 'OABCDE-12345-ABCDEF' }] }],
    ['CancelOrderBatch', { orders: ['OABCDE-12345-ABCDEF', { txid: 'OABCDE-12345-ABCDEG' }] }],
    ['CancelOrderBatch', { orders: [] }],
  ])('takes one that reaches orders placed in between to change something: %s %j', (method, params) => {
    expect(callEffect(method, params)).toBe('something');
  });
});
