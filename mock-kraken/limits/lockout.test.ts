import { expect, test } from 'vitest';
import type { LimitsSettings } from './limits-options.ts';
import { parseLimits } from './limits-options.ts';
import { Lockout } from './lockout.ts';

test('made-up keys do not push out the lockout of one that keeps trying', () => {
  const settings = parseLimits('on') as LimitsSettings;
  const lockout = new Lockout(settings);
  for (let n = 0; n < settings.authFailuresMax; n += 1) lockout.noteFailure('known', 0);
  const answers = new Set<boolean>();
  for (let n = 0; n < 30_000; n += 1) {
    lockout.noteFailure(`made up ${n}`, 1);
    if (n % 1_000 === 0) answers.add(lockout.isLocked('known', 1));
  }
  expect(answers).toEqual(new Set([true]));
});
