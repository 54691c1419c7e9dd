import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import type { TimerHandle } from '../../../src/index.ts';
import { replace, undoAll } from './patch.ts';
import type { Undo } from './patch.ts';
import type { Router } from './router.ts';
import type { WorldPorts } from '../world/index.ts';

const require = createRequire(import.meta.url);

type Callback = (...args: unknown[]) => void;

/**
 * Replaces the timers: the globals, those of `node:timers` and `node:timers/promises`, and
 * `AbortSignal.timeout`.
 */
export function patchTimerGlobals(router: Router): Undo {
  const timers = require('node:timers') as Record<string, unknown>;
  const globals = globalThis as unknown as Record<string, unknown>;
  const virtual: Record<string, unknown> = { ...settersOf(router), ...clearersOf() };
  const undos = Object.entries(virtual).flatMap(([name, value]) => [
    replace(globals, name, value),
    replace(timers, name, value),
  ]);
  return undoAll([...undos, patchPromises(router), patchAbortSignal(router)]);
}

/** What `setTimeout` returns in Node: something that can be cancelled, restarted, and that keeps no process alive. */
class VirtualTimeout {
  readonly #world: WorldPorts;
  readonly #fire: (timeout: VirtualTimeout) => void;
  readonly #delayMs: number;
  #handle: TimerHandle;

  constructor(world: WorldPorts, delayMs: number, fire: (timeout: VirtualTimeout) => void) {
    this.#world = world;
    this.#fire = fire;
    this.#delayMs = delayMs;
    this.#set();
  }

  #set(): void {
    this.#handle = this.#world.timers.setTimeout(() => this.#fire(this), this.#delayMs);
  }

  refresh(): this {
    this.close();
    this.#set();
    return this;
  }

  close(): this {
    this.#world.timers.clearTimeout(this.#handle);
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  [Symbol.toPrimitive](): number {
    return 0;
  }
}

/** What `setImmediate` returns. */
class VirtualImmediateHandle {
  readonly #cancel: () => void;

  constructor(cancel: () => void) {
    this.#cancel = cancel;
  }

  close(): void {
    this.#cancel();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}

function settersOf(router: Router): Record<string, unknown> {
  const { setTimeout: realTimeout, setInterval: realInterval, setImmediate: realImmediate } = globalThis;
  const setTimeout = (callback: Callback, delayMs = 1, ...args: unknown[]): unknown => {
    const world = router.worldFor('setTimeout');
    if (world === null) return realTimeout(callback, delayMs, ...args);
    return new VirtualTimeout(world, delayMs, () => callback(...args));
  };
  const setInterval = (callback: Callback, delayMs = 1, ...args: unknown[]): unknown => {
    const world = router.worldFor('setInterval');
    if (world === null) return realInterval(callback, delayMs, ...args);
    return new VirtualTimeout(world, delayMs, (timeout) => {
      timeout.refresh();
      callback(...args);
    });
  };
  const setImmediate = (callback: Callback, ...args: unknown[]): unknown => {
    const world = router.worldFor('setImmediate');
    if (world === null) return realImmediate(callback, ...args);
    const handle = world.immediates.set(() => callback(...args));
    return new VirtualImmediateHandle(() => world.immediates.clear(handle));
  };
  const promises = promisesOf(router);
  return {
    setTimeout: Object.assign(setTimeout, { [promisify.custom]: promises.setTimeout }),
    setInterval,
    setImmediate: Object.assign(setImmediate, { [promisify.custom]: promises.setImmediate }),
  };
}

function clearersOf(): Record<string, unknown> {
  const { clearTimeout, clearInterval, clearImmediate } = globalThis;
  const clearer = (real: (handle: never) => void) => (handle: unknown) => {
    if (handle instanceof VirtualTimeout || handle instanceof VirtualImmediateHandle) handle.close();
    else if (handle !== undefined && handle !== null) real(handle as never);
  };
  return {
    clearTimeout: clearer(clearTimeout),
    clearInterval: clearer(clearInterval),
    clearImmediate: clearer(clearImmediate),
  };
}

interface PromiseTimers {
  setTimeout(
    delayMs?: number,
    value?: unknown,
    options?: { readonly signal?: AbortSignal },
  ): Promise<unknown>;
  setImmediate(value?: unknown, options?: { readonly signal?: AbortSignal }): Promise<unknown>;
}

function promisesOf(router: Router): PromiseTimers {
  const real = require('node:timers/promises') as PromiseTimers;
  const realTimeout = real.setTimeout;
  const realImmediate = real.setImmediate;
  return {
    setTimeout(delayMs = 1, value, options) {
      const world = router.worldFor('setTimeout');
      if (world === null) return realTimeout(delayMs, value, options);
      return abortable(options?.signal, (resolve) => {
        const handle = world.timers.setTimeout(() => resolve(value), delayMs);
        return () => world.timers.clearTimeout(handle);
      });
    },
    setImmediate(value, options) {
      const world = router.worldFor('setImmediate');
      if (world === null) return realImmediate(value, options);
      return abortable(options?.signal, (resolve) => {
        const handle = world.immediates.set(() => resolve(value));
        return () => world.immediates.clear(handle);
      });
    },
  };
}

/** A promise that rejects when `signal` aborts, as those of `node:timers/promises` do. */
function abortable(
  signal: AbortSignal | undefined,
  begin: (resolve: (value: unknown) => void) => () => void,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (): void =>
      reject(new DOMException('The operation was aborted', { name: 'AbortError', cause: signal?.reason }));
    if (signal?.aborted === true) return fail();
    const cancel = begin(resolve);
    signal?.addEventListener(
      'abort',
      () => {
        cancel();
        fail();
      },
      { once: true },
    );
  });
}

function patchPromises(router: Router): Undo {
  const module = require('node:timers/promises') as Record<string, unknown> & { readonly scheduler: object };
  const { setTimeout, setImmediate } = promisesOf(router);
  const realInterval = module['setInterval'] as (...args: unknown[]) => unknown;
  const setInterval = (
    delayMs: number,
    value: unknown,
    options?: { readonly signal?: AbortSignal },
  ): unknown =>
    router.worldFor('setInterval') === null
      ? realInterval(delayMs, value, options)
      : intervals(() => setTimeout(delayMs, value, options));
  const scheduler = module.scheduler as Record<string, unknown>;
  return undoAll([
    replace(module, 'setTimeout', setTimeout),
    replace(module, 'setImmediate', setImmediate),
    replace(module, 'setInterval', setInterval),
    replace(scheduler, 'wait', (delayMs: number, options?: object) =>
      setTimeout(delayMs, undefined, options),
    ),
    replace(scheduler, 'yield', () => setImmediate()),
  ]);
}

async function* intervals(wait: () => Promise<unknown>): AsyncGenerator {
  for (;;) yield await wait();
}

function patchAbortSignal(router: Router): Undo {
  const realTimeout = AbortSignal.timeout.bind(AbortSignal);
  return replace(AbortSignal as { timeout: unknown }, 'timeout', (delayMs: number) => {
    const world = router.worldFor('AbortSignal.timeout');
    if (world === null) return realTimeout(delayMs);
    const controller = new AbortController();
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    world.timers.setTimeout(() => controller.abort(reason), delayMs);
    return controller.signal;
  });
}
