/**
 * The nonce source against a model, under every clock: equal readings, steps back, jumps ahead and back,
 * floors from the exchange, readings out of range.
 */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { createNonceSource, NONCE_MAX, NONCE_MIN } from '../src/index.ts';

const NOW = 1_795_353_736_170_000_000n;
const SECOND = 1_000_000_000n;

/** How the clock moves before a draw: mostly little, sometimes by seconds or years, now and then absurdly. */
const movement = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0n) },
  { weight: 4, arbitrary: fc.bigInt({ min: -3n, max: 3n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: -3n * SECOND, max: 3n * SECOND }) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }) },
);

const action = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('draw' as const), movement }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('floor' as const),
      floor: fc.bigInt({ min: NOW - 5n * SECOND, max: NOW + 5n * SECOND }),
    }),
  },
);

describe('createNonceSource under every clock', () => {
  test.prop([fc.array(action, { minLength: 1, maxLength: 60 })], { numRuns: 5_000, seed: 2 })(
    'hands out the least nonce that is at least the clock and above everything before',
    (actions) => {
      let clock = NOW;
      const source = createNonceSource({ wallNs: () => clock });
      /** The model's whole memory. */
      let highest = NONCE_MIN - 1n;
      for (const step of actions) {
        if (step.kind === 'floor') {
          source.raiseFloor(step.floor);
          if (step.floor > highest) highest = step.floor;
          continue;
        }
        clock += step.movement;
        const expected = clock > highest ? clock : highest + 1n;
        if (expected > NONCE_MAX) {
          expect(() => source.next()).toThrow('Failed to draw a nonce');
        } else {
          const nonce = source.next();
          expect(nonce).toBe(expected);
          expect(nonce).toBeGreaterThan(highest);
          expect(String(nonce)).toMatch(/^\d{19}$/);
          highest = nonce;
        }
      }
    },
  );
});
