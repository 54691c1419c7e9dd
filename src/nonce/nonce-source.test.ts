import { describe, expect, it } from 'vitest';
import { createNonceSource, NONCE_MAX, NONCE_MIN, NonceRangeError } from './nonce-source.ts';
import { systemRuntime } from '../system.ts';

/** A source over a clock that reads these values, the last one for ever. */
function sourceOver(...readings: bigint[]) {
  let reading = 0n;
  return createNonceSource({ wallNs: () => (reading = readings.shift() ?? reading) });
}

const NOW = 1_795_353_736_170_000_000n;

describe('createNonceSource', () => {
  it('reads the wall clock', () => {
    expect(sourceOver(NOW).next()).toBe(NOW);
  });

  it('counts up by one while the clock stands still', () => {
    const source = sourceOver(NOW);
    expect([source.next(), source.next(), source.next()]).toEqual([NOW, NOW + 1n, NOW + 2n]);
  });

  it('goes on above its past when the clock steps back, and follows the clock again when it has caught up', () => {
    const source = sourceOver(NOW, NOW - 2_000_000_000n, NOW + 5n);
    expect([source.next(), source.next(), source.next()]).toEqual([NOW, NOW + 1n, NOW + 5n]);
  });

  it('stays ahead after the clock jumped ahead and was set right', () => {
    const ahead = NOW + 3_600_000_000_000n;
    const source = sourceOver(ahead, NOW);
    expect([source.next(), source.next()]).toEqual([ahead, ahead + 1n]);
  });

  it('has 19 digits even when the clock is at 1970', () => {
    expect(sourceOver(0n).next()).toBe(NONCE_MIN);
    expect(String(NONCE_MIN)).toHaveLength(19);
  });

  it('goes on above a floor, and ignores a lower one', () => {
    const source = sourceOver(NOW);
    source.raiseFloor(NOW + 100n);
    source.raiseFloor(NOW + 50n);
    expect(source.next()).toBe(NOW + 101n);
  });

  it('refuses a clock beyond the year 2262 and is unharmed when it is set right', () => {
    const source = sourceOver(NONCE_MAX + 1n, NOW);
    expect(() => source.next()).toThrow(NonceRangeError);
    expect(source.next()).toBe(NOW);
  });

  it('hands out the highest nonce that there is, once', () => {
    const source = sourceOver(NONCE_MAX);
    expect(source.next()).toBe(NONCE_MAX);
    expect(() => source.next()).toThrow(NonceRangeError);
  });

  it('refuses a floor that no nonce could be above', () => {
    const source = sourceOver(NOW);
    expect(() => source.raiseFloor(NONCE_MAX)).toThrow(NonceRangeError);
    expect(source.next()).toBe(NOW);
  });

  it('draws nonces near the present from the real clock', () => {
    const nonce = createNonceSource(systemRuntime.clock).next();
    const offMs = Number(nonce / 1_000_000n) - Date.now();
    expect(Math.abs(offMs)).toBeLessThan(60_000);
    expect(String(nonce)).toHaveLength(19);
  });
});
