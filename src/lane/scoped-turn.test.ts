import { describe, expect, it } from 'vitest';
import { ScopedTurn, TurnEndedError } from './scoped-turn.ts';

/** A turn that ends when the test says so. */
function setUp() {
  const held = { isOpen: true };
  const raised: bigint[] = [];
  const nonces = {
    drawNonce: () => 7n,
    shouldSend: () => true,
    raiseFloor: (nonce: bigint): void => void raised.push(nonce),
  };
  return { held, raised, turn: new ScopedTurn(nonces, held) };
}

describe('a turn', () => {
  it('hands out nonces and lets them be sent, until it ends', () => {
    const { held, turn } = setUp();
    expect([turn.drawNonce(), turn.shouldSend?.()]).toEqual([7n, true]);
    held.isOpen = false;
    expect(() => turn.drawNonce()).toThrow(TurnEndedError);
    expect(turn.shouldSend?.()).toBe(false);
  });

  it('hands a floor on even after its end: what the exchange told stays true', () => {
    const { held, raised, turn } = setUp();
    held.isOpen = false;
    void turn.raiseFloor(9n);
    expect(raised).toEqual([9n]);
  });

  it('lets nothing be sent, open or not, once the lane is lost', () => {
    const held = { isOpen: true };
    let isLost = false;
    const nonces = { drawNonce: () => 7n, shouldSend: () => !isLost, raiseFloor: () => undefined };
    const turn = new ScopedTurn(nonces, held);
    expect(turn.shouldSend?.()).toBe(true);
    isLost = true;
    expect(turn.shouldSend?.()).toBe(false);
  });

  it('does not ask whether a nonce may be sent where nobody could take it away', () => {
    const nonces = { drawNonce: () => 7n, raiseFloor: () => undefined };
    expect(new ScopedTurn(nonces, { isOpen: true }).shouldSend).toBeUndefined();
  });
});
