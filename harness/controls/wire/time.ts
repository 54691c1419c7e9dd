import type { ClientWorld } from '../../target/client-module.ts';

/** Waits for so many milliseconds of the world's time. */
export function sleep(world: ClientWorld, delayMs: number): Promise<void> {
  return new Promise((resolve) => void world.timers.setTimeout(resolve, delayMs));
}

/** `AbortSignal.timeout` on the world's timers. */
export function abortAfter(world: ClientWorld, delayMs: number): AbortSignal {
  const controller = new AbortController();
  world.timers.setTimeout(() => controller.abort(), delayMs);
  return controller.signal;
}
