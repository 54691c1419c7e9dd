import { describe, expect, it } from 'vitest';
import { KeyState, keyStateOf } from './key-state.ts';
import { createLocalCoordinator } from '../lane/index.ts';
import { ManualRuntime } from '../manual-runtime.test-support.ts';
import { RATE_TIERS } from './rate-budget.ts';

const NEVER = Infinity;

/** How long a key rests after so many refusals in a row, at one moment. */
function restAfter(refusals: number, restMsMax: number = NEVER): number {
  const state = new KeyState();
  for (let refusal = 1; refusal <= refusals; refusal += 1) state.refused(0, restMsMax);
  return state.cooldownMs(0);
}

describe('a key', () => {
  it('rests from the fifth refusal in a row on, each time twice as long', () => {
    expect([0, 1, 4, 5, 6, 7].map((refusals) => restAfter(refusals))).toEqual([
      0, 0, 0, 5_000, 10_000, 20_000,
    ]);
  });

  it('rests no longer than the limit', () => {
    expect([5, 6, 50].map((refusals) => restAfter(refusals, 7_500))).toEqual([5_000, 7_500, 7_500]);
  });

  it('starts to count again when it is accepted', () => {
    const state = new KeyState();
    for (let refusal = 1; refusal <= 4; refusal += 1) state.refused(0, NEVER);
    state.accepted();
    for (let refusal = 1; refusal <= 4; refusal += 1) state.refused(0, NEVER);
    expect(state.cooldownMs(0)).toBe(0);
    state.refused(0, NEVER);
    expect(state.cooldownMs(0)).toBe(5_000);
  });

  it('rests until a moment, which a shorter rest does not bring nearer', () => {
    const state = new KeyState();
    state.startCooldown(1_000, 500);
    state.startCooldown(1_100, 100);
    expect([1_000, 1_499, 1_500, 9_000].map((nowMs) => state.cooldownMs(nowMs))).toEqual([500, 1, 0, 0]);
    state.startCooldown(1_400, 500);
    expect(state.cooldownMs(1_400)).toBe(500);
  });
});

describe('the state of a key', () => {
  const runtime = new ManualRuntime();
  const one = createLocalCoordinator({ runtime });
  const withoutLimits = { runtime, rateLimits: undefined };

  it('is the same for every client of the key on a coordinator, and for no other', () => {
    const state = keyStateOf(one, 'key', withoutLimits);
    expect(keyStateOf(one, 'key', withoutLimits)).toBe(state);
    expect(keyStateOf(one, 'other key', withoutLimits)).not.toBe(state);
    expect(keyStateOf(createLocalCoordinator({ runtime }), 'key', withoutLimits)).not.toBe(state);
  });

  it('has the budget that a client asked for first', () => {
    const state = keyStateOf(one, 'with budget', withoutLimits);
    expect(state.budget).toBeUndefined();
    keyStateOf(one, 'with budget', { runtime, rateLimits: RATE_TIERS.starter });
    const { budget } = state;
    expect(budget).toBeDefined();
    keyStateOf(one, 'with budget', { runtime, rateLimits: RATE_TIERS.pro });
    expect(state.budget).toBe(budget);
  });
});
