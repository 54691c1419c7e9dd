import { expect, test } from 'vitest';
import { CancellableDelays } from './cancellable-delays.ts';
import { ManualWorld } from '../testing/manual-world.ts';

test('a wait ends when its time has passed, and leaves nothing behind', async () => {
  const world = new ManualWorld();
  const pauses = new CancellableDelays(world.timers);
  let over = false;
  const waiting = pauses.wait(10).then(() => (over = true));
  world.advance(9);
  await Promise.resolve();
  expect(over).toBe(false);
  world.advance(1);
  await waiting;
  expect(world.waiting).toBe(0);
});

test('ending all ends every wait, and every later one at once', async () => {
  const world = new ManualWorld();
  const pauses = new CancellableDelays(world.timers);
  const waits = [pauses.wait(10), pauses.wait(20)];
  pauses.endAll();
  await Promise.all([...waits, pauses.wait(30)]);
  expect(world.waiting).toBe(0);
});
