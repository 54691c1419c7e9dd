import type { ClientWorld } from '../../run/targets/index.ts';

/** Draws the next nonce. */
export type DrawNonce = () => bigint;

/** A correct source: wall-clock nanoseconds with a high-water mark, so that it rises whatever the clock does. */
export function clockNonces(world: ClientWorld): DrawNonce {
  let last = 0n;
  return () => {
    const now = world.clock.wallNs();
    last = now > last ? now : last + 1n;
    return last;
  };
}

/** A plain counter that starts at the wall clock: as good as {@link clockNonces} for as long as it is the only one. */
export function counterNonces(world: ClientWorld): DrawNonce {
  let last = world.clock.wallNs();
  return () => ++last;
}
