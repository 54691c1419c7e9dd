import { describe, expect, test } from 'vitest';
import { NonceHistory } from './nonce-history.ts';

const REMEMBERED = 1_024;

/** A history of nonces 1 to `count`, each handed to `note` in order. */
function after(count: number, note: (history: NonceHistory, nonce: bigint) => void): NonceHistory {
  const history = new NonceHistory(0n);
  for (let nonce = 1n; nonce <= BigInt(count); nonce += 1n) note(history, nonce);
  return history;
}

const commit = (history: NonceHistory, nonce: bigint): void => history.commit(nonce);
const send = (history: NonceHistory, nonce: bigint): void => void history.noteSent(nonce);

describe('what was accepted', () => {
  test('is remembered up to the 1,024th nonce, and not one more', () => {
    expect(after(REMEMBERED, commit).wasAccepted(1n)).toBe(true);
    const full = after(REMEMBERED + 1, commit);
    expect([full.wasAccepted(1n), full.wasAccepted(2n), full.wasAccepted(1_025n)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('sets the highest nonce, which a lower one does not bring down', () => {
    const history = new NonceHistory(5n);
    expect([history.accepted, history.wouldAccept(0n)]).toEqual([null, true]);
    history.commit(100n);
    history.commit(96n);
    expect(history.accepted).toBe(100n);
    expect([95n, 96n].map((nonce) => history.wouldAccept(nonce))).toEqual([false, true]);
  });
});

test('a nonce of 0 is one like any other', () => {
  const history = new NonceHistory(0n);
  expect(history.noteSent(0n)).toEqual([]);
  history.commit(0n);
  expect([history.accepted, history.wouldAccept(0n), history.wouldAccept(1n)]).toEqual([0n, false, true]);
  expect(history.noteSent(0n)).toEqual(['nonce-increasing', 'nonce-reused']);
});

describe('what was sent', () => {
  test('is compared with the highest, not with the last', () => {
    const history = after(10, send);
    expect(history.noteSent(0n)).toEqual(['nonce-increasing']);
    expect(history.noteSent(9n)).toEqual(['nonce-increasing', 'nonce-reused']);
  });

  test('breaks nothing while it rises', () => {
    const history = new NonceHistory(0n);
    expect([1n, 2n, 10n].flatMap((nonce) => history.noteSent(nonce))).toEqual([]);
  });

  test('is too low when it is below the highest, and reused as well when it is equal to one', () => {
    const history = after(10, send);
    expect(history.noteSent(10n)).toEqual(['nonce-increasing', 'nonce-reused']);
    expect(history.noteSent(0n)).toEqual(['nonce-increasing']);
    expect(history.noteSent(11n)).toEqual([]);
  });

  test('is known to be reused as long as it is among the last 1,024', () => {
    expect(after(REMEMBERED, send).noteSent(1n)).toEqual(['nonce-increasing', 'nonce-reused']);
    expect(after(REMEMBERED + 1, send).noteSent(1n)).toEqual(['nonce-increasing']);
    expect(after(REMEMBERED + 1, send).noteSent(2n)).toEqual(['nonce-increasing', 'nonce-reused']);
  });

  test('does not count as accepted', () => {
    const history = after(3, send);
    expect([history.accepted, history.wasAccepted(3n), history.wouldAccept(1n)]).toEqual([null, false, true]);
  });
});
