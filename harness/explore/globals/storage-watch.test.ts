import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, test } from 'vitest';
import type { Undo } from './patch.ts';
import { StorageWatch } from './storage-watch.ts';

let undo: Undo = () => undefined;
afterEach(() => undo());

function install(isInWorld = true): StorageWatch {
  const watch = new StorageWatch();
  undo = watch.install(() => isInWorld);
  return watch;
}

function storages(n: number): readonly AsyncLocalStorage<string>[] {
  return Array.from({ length: n }, () => new AsyncLocalStorage<string>());
}

/** How many still have what was entered, after a sweep. */
function leftAfterSweep(watch: StorageWatch, all: readonly AsyncLocalStorage<string>[]): number {
  for (const storage of all) storage.enterWith('entered');
  watch.sweep();
  const left = all.filter((storage) => storage.getStore() === 'entered').length;
  for (const storage of all) storage.disable();
  return left;
}

describe('a sweep', () => {
  test('disables the many storages of worlds that are over', () => {
    expect(leftAfterSweep(install(), storages(100))).toBe(0);
  });

  test('leaves a few alone: those of modules are no more', () => {
    expect(leftAfterSweep(install(), storages(20))).toBe(20);
  });

  test('leaves those alone that were entered outside of every world', () => {
    expect(leftAfterSweep(install(false), storages(100))).toBe(100);
  });

  test('leaves those alone that lived through an earlier one: a module uses them again and again', () => {
    const [watch, all] = [install(), storages(100)];
    leftAfterSweep(watch, all);
    expect(leftAfterSweep(watch, all)).toBe(100);
  });
});

describe('a storage that is watched', () => {
  test('works as ever', () => {
    install();
    const storage = new AsyncLocalStorage<number>();
    expect(storage.run(1, (n: number) => [storage.getStore(), n], 2)).toEqual([1, 2]);
    expect(storage.getStore()).toBeUndefined();
  });
});
