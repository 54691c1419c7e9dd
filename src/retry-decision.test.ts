import { describe, expect, it } from 'vitest';
import { decideRetry, methodEffect, RETRY_TABLE } from './retry-decision.ts';
import type { FailureCause, MethodEffect } from './retry-decision.ts';

const EFFECTS: readonly MethodEffect[] = ['nothing', 'order', 'something'];
const CAUSES: readonly FailureCause[] = [
  'not-sent',
  'unknown',
  'invalid-nonce',
  'rate-limited',
  'locked-out',
  'refused',
  'order-absent',
];

/** What each row promises, in the order of the table. */
describe('row by row', () => {
  it.each(EFFECTS)('not sent: again after 250, 500 and 1,000 ms, then no more (%s)', (effect) => {
    const decide = (times: number) => decideRetry({ effect, cause: 'not-sent', times });
    expect([1, 2, 3].map((times) => decide(times))).toEqual(
      [250, 500, 1_000].map((delayMs) => ({ action: 'retry', delayMs, raiseFloor: false })),
    );
    expect(decide(4)).toEqual({ action: 'give-up' });
  });

  it.each(EFFECTS)('invalid nonce: once more, at once, above a raised floor (%s)', (effect) => {
    expect(decideRetry({ effect, cause: 'invalid-nonce', times: 1 })).toEqual({
      action: 'retry',
      delayMs: 0,
      raiseFloor: true,
    });
    expect(decideRetry({ effect, cause: 'invalid-nonce', times: 2 })).toEqual({ action: 'give-up' });
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

  it.each(EFFECTS)('locked out: no more (%s)', (effect) => {
    expect(decideRetry({ effect, cause: 'locked-out', times: 1 })).toEqual({ action: 'give-up' });
  });

  it.each(EFFECTS)('refused: no more (%s)', (effect) => {
    expect(decideRetry({ effect, cause: 'refused', times: 1 })).toEqual({ action: 'give-up' });
  });

  it('unknown, and it only read: again after 250 and 500 ms', () => {
    const decide = (times: number) => decideRetry({ effect: 'nothing', cause: 'unknown', times });
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
      for (const times of [1, 2, 3]) {
        expect(decideRetry({ effect, cause: 'unknown', times }).action).not.toBe('retry');
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

describe('methodEffect', () => {
  it('takes a method it does not know to change something', () => {
    expect(methodEffect('Withdraw')).toBe('something');
    expect(methodEffect('NewMethodOfNextYear')).toBe('something');
    expect(methodEffect('CancelAll')).toBe('something');
    expect(methodEffect('Balance')).toBe('nothing');
  });
});
