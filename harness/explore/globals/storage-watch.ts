import { AsyncLocalStorage } from 'node:async_hooks';
import { replace, undoAll } from './patch.ts';
import type { Undo } from './patch.ts';

/** Storages that may be left behind before they are put out of the way; a client's modules have fewer. */
const FRESH_MAX = 32;

/**
 * Puts the `AsyncLocalStorage`s of worlds that are over out of the way. Up to Node 22 every storage that was ever
 * entered is carried along by every promise of the process, for ever: a client that makes one for itself would slow
 * the exploration down with every schedule, a thousandfold in the end.
 */
export class StorageWatch {
  readonly #known = new WeakSet<object>();
  /** Entered for the first time since the last sweep. */
  readonly #fresh = new Set<AsyncLocalStorage<unknown>>();

  /** Watches from now on which storages are entered while `isInWorld` says so. */
  install(isInWorld: () => boolean): Undo {
    const { prototype } = AsyncLocalStorage;
    const note = (storage: AsyncLocalStorage<unknown>): void => {
      if (this.#known.has(storage) || !isInWorld()) return;
      this.#known.add(storage);
      this.#fresh.add(storage);
    };
    return undoAll([noting(prototype, 'run', note), noting(prototype, 'enterWith', note)]);
  }

  /**
   * Disables what was entered for the first time in worlds that are all over, once it is more than a few. One that
   * belongs to a module, and will be used again, enables itself when it is.
   */
  sweep(): void {
    if (this.#fresh.size <= FRESH_MAX) return;
    for (const storage of this.#fresh) storage.disable();
    this.#fresh.clear();
  }
}

function noting(
  prototype: AsyncLocalStorage<unknown>,
  method: 'run' | 'enterWith',
  note: (storage: AsyncLocalStorage<unknown>) => void,
): Undo {
  const real = prototype[method] as (...args: unknown[]) => unknown;
  return replace(prototype, method, function (this: AsyncLocalStorage<unknown>, ...args: unknown[]) {
    note(this);
    return real.apply(this, args);
  });
}
