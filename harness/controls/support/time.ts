import type { ClientWorld } from '../../run/targets/index.ts';

/** Waits for so many milliseconds of the world's time. */
export function sleep(world: ClientWorld, delayMs: number): Promise<void> {
  return new Promise((resolve) => void world.timers.setTimeout(resolve, delayMs));
}

/** Hands `send` a signal that aborts when the time is up, as `AbortSignal.timeout` does, on the world's timers. */
export function withTimeLimit<T>(
  world: ClientWorld,
  limitMs: number,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = world.timers.setTimeout(() => controller.abort(), limitMs);
  return send(controller.signal).finally(() => world.timers.clearTimeout(timer));
}

/** When a host's clock is corrected, and by how much. */
export interface Correction {
  /** Readings before the correction. */
  readonly readings: number;
  readonly ms: number;
}

/**
 * The world's wall clock, set back once, as a time service does with a clock that ran ahead. For defects that
 * need a step back in every run; `setting.clock` only makes one likely.
 */
export function setBackOnce(world: ClientWorld, correction: Correction): () => bigint {
  let readings = 0;
  return () => {
    const stepNs = ++readings > correction.readings ? BigInt(correction.ms) * 1_000_000n : 0n;
    return world.clock.wallNs() - stepNs;
  };
}
