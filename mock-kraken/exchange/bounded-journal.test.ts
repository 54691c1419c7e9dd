import { describe, expect, test } from 'vitest';
import type { JournalRecord } from './journal.ts';
import { balance, callOnce, openExchange, USER, withHeader } from '../testing/bench.ts';
import { signedRequest } from '../testing/signed-request.ts';

describe('the journal in bounded memory', () => {
  test('it lets go of the oldest calls of which nothing is to be said, and says how many', () => {
    const exchange = openExchange({ journalRecordsMax: 8 });
    for (let nonce = 1; nonce <= 100; nonce++) callOnce(exchange, balance(nonce));
    expect(exchange.privateCalls).toBe(100);
    expect(exchange.journal.length).toBeLessThanOrEqual(8);
    expect(exchange.journal.length).toBeGreaterThanOrEqual(6);
    expect(exchange.journalDropped).toBe(100 - exchange.journal.length);
    expect(exchange.journal.at(-1)).toMatchObject({ seq: 100, nonce: '100' });
  });

  test('it keeps violations and rejections, wherever among the others they stand', () => {
    const exchange = openExchange({ journalRecordsMax: 16 });
    const wrong: number[] = [];
    for (let nonce = 1; nonce <= 200; nonce++) {
      if (nonce % 20 === 0) wrong.push(callOnce(exchange, balance(1)).seq);
      if (nonce % 30 === 0) wrong.push(callOnce(exchange, badlySigned(nonce)).seq);
      callOnce(exchange, balance(nonce));
    }
    const kept = exchange.journal.map(({ seq }) => seq);
    expect(kept).toEqual(expect.arrayContaining(wrong));
    expect(kept).toEqual(kept.toSorted((one, other) => one - other));
    expect(kept.length).toBeLessThanOrEqual(wrong.length + 16);
  });

  test('a client that is only ever refused does not fill the memory: the oldest go, a call in service stays', () => {
    const exchange = openExchange({ journalRecordsMax: 8, scope: 'key' });
    const slow = exchange.begin(signedRequest({ credentials: USER, method: 'Balance', nonce: 1 }), 0);
    for (let nonce = 1; nonce <= 500; nonce++) {
      callOnce(exchange, badlySigned(nonce));
      expect(exchange.journal.length).toBeLessThanOrEqual(16);
    }
    expect(exchange.journal.length).toBeGreaterThan(8);
    expect(exchange.journal[0]).toBe(slow.record);
    expect(exchange.journal.at(-1)).toMatchObject({ seq: 501, outcome: 'rejected' });
    expect(exchange.journalDropped).toBe(501 - exchange.journal.length);
  });

  test('it never lets go of a call in service, and whoever holds the journal sees it end', () => {
    const exchange = openExchange({ journalRecordsMax: 4, scope: 'key', overlap: 'tolerate' });
    const { journal } = exchange;
    const slow = exchange.begin(balance(1), 0);
    for (let nonce = 2; nonce <= 50; nonce++) callOnce(exchange, balance(nonce));
    expect(journal[0]).toMatchObject({ seq: 1, departedNs: null });
    exchange.finish(slow, 1e9);
    expect(journal[0]?.departedNs).not.toBeNull();
  });

  test('a sink is told of every call that the journal lets go, in the order of arrival', () => {
    const told: JournalRecord[] = [];
    const exchange = openExchange({ journalRecordsMax: 4, onRecord: (record) => told.push(record) });
    for (let nonce = 1; nonce <= 50; nonce++) callOnce(exchange, balance(nonce));
    expect(told.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(told.every(({ departedNs }) => departedNs !== null)).toBe(true);
  });

  test('a call that ends before one that came first is told of after it', () => {
    const told: number[] = [];
    const exchange = openExchange({ journalRecordsMax: 1, onRecord: ({ seq }) => told.push(seq) });
    const first = exchange.begin(balance(1), 0);
    for (let nonce = 2; nonce <= 9; nonce++) callOnce(exchange, balance(nonce));
    expect(told).toEqual([]);
    exchange.finish(first, 2e9);
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('a call that is turned away is told of at once', () => {
    const told: (string | null)[] = [];
    const exchange = openExchange({ onRecord: ({ fault }) => told.push(fault) });
    const fault = { kind: 'refuse' } as const;
    exchange.turnAway({ head: balance(1), fault, body: balance(1).body }, 0);
    expect(told).toEqual(['refuse']);
  });
});

describe('reset', () => {
  test('nonces, orders, the journal and the fault plan start over; accounts stay', () => {
    const plan = { version: 1, name: 'one', faults: [{ kind: 'busy', nth: 1 }] } as const;
    const exchange = openExchange({ faults: plan });
    callOnce(exchange, balance(9));
    exchange.reset();
    expect(exchange.journal).toEqual([]);
    expect(exchange.privateCalls).toBe(0);
    expect(exchange.faultFor(balance(1), 5)?.kind).toBe('busy');
    expect(callOnce(exchange, balance(1))).toMatchObject({ seq: 1, error: null, violations: [] });
  });

  test('it is refused while a call is in service, so that no call stands in two histories', () => {
    const exchange = openExchange();
    const call = exchange.begin(balance(1), 0);
    expect(() => exchange.reset()).toThrow('Failed to reset the exchange: 1 call is in service.');
    exchange.finish(call, 1);
    expect(() => exchange.reset()).not.toThrow();
  });

  test('it is refused when no fresh venue can be made', () => {
    const venue = { openAccount: () => undefined, callPrivate: REFUSE, callPublic: REFUSE };
    expect(() => openExchange({ venue }).reset()).toThrow('its venue was handed in ready');
  });
});

test('balances that the venue does not take open no account once the venue is there', () => {
  const exchange = openExchange({ venue: undefined as never });
  exchange.moveVenue(() => undefined, 0);
  const account = { account: 'USER_2', apiKey: 'k', apiSecret: 'cw==', balances: { ZUSD: 'much' } };
  expect(() => exchange.addAccount(account)).toThrow('much is no plain decimal');
  expect(exchange.has({ account: 'USER_2' })).toBe(false);
  expect(exchange.has({ apiKey: 'k' })).toBe(false);
});

const REFUSE = () => ({ error: ['EGeneral:Internal error'], effect: null });

function badlySigned(nonce: number) {
  return withHeader(balance(nonce), 'api-sign', 'd3Jvbmc=');
}
