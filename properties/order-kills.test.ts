import { expect, test } from 'vitest';
import { killTraders } from './order-kills.test-support.ts';

/** `node --import tsx bench/order-kills.ts 200` kills more often. */
const KILLS = 8;
const SEED = 20_261_126;

test(`a program that is killed ${KILLS} times and asks before it sends again places every order once`, async () => {
  const report = await killTraders({ kills: KILLS, traders: 4, seed: SEED, asksFirst: true });
  expect(report).toMatchObject({ doubled: [], lost: [], misreported: [], oddEnds: [] });
  expect(report.orders - report.refused).toBeGreaterThanOrEqual(KILLS / 2);
});
