import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Coordinator } from './coordinator.ts';
import { createFileMarkStore, MarkFileError } from '../nonce/index.ts';
import type { DurableFiles } from '../durable-files.ts';
import { keepHighWaterMark } from './high-water-mark.ts';
import type { MarkStore } from '../nonce/index.ts';
import { createLocalCoordinator } from './local-coordinator.ts';
import { ManualRuntime } from '../manual-runtime.test-support.ts';
import { PUBLISHED_SECRET, Scene } from '../scripted-exchange.test-support.ts';

const BLOCK_NS = 1_000_000_000n;

function memoryStore(): MarkStore & { mark: bigint | undefined; saves: number } {
  return {
    mark: undefined,
    saves: 0,
    load() {
      return Promise.resolve(this.mark);
    },
    save(mark) {
      this.mark = mark;
      this.saves += 1;
      return Promise.resolve();
    },
  };
}

function coordinate(
  runtime: ManualRuntime,
  store: MarkStore,
  scope: 'global' | 'key' = 'global',
): Coordinator {
  return keepHighWaterMark({
    coordinator: createLocalCoordinator({ runtime, scope }),
    store,
    blockNs: BLOCK_NS,
  });
}

const draw = (coordinator: Coordinator, laneKey = 'k'): Promise<bigint> =>
  coordinator.turn(laneKey, async (turn) => turn.drawNonce());

/** A disk that can fail from its n-th operation on, and forgets at a loss of power what was not synced. */
class FailingDisk implements DurableFiles {
  #files = new Map<string, string>();
  #synced = new Map<string, string>();
  operationsLeft = Infinity;

  losePower(): void {
    this.#files = new Map(this.#synced);
  }

  read(path: string): Promise<string | undefined> {
    return Promise.resolve(this.#files.get(path));
  }

  async writeThrough(path: string, text: string): Promise<void> {
    this.#files.set(path, text.slice(0, 5));
    this.#synced.set(path, text.slice(0, 5));
    await this.#operate();
    this.#files.set(path, text);
    this.#synced.set(path, text);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#operate();
    this.#files.set(to, this.#files.get(from) ?? '');
    this.#files.delete(from);
  }

  async syncFolder(): Promise<void> {
    await this.#operate();
    this.#synced = new Map(this.#files);
  }

  #operate(): Promise<void> {
    this.operationsLeft -= 1;
    return this.operationsLeft < 0 ? Promise.reject(new Error('no power')) : Promise.resolve();
  }
}

describe('a high-water mark', () => {
  it('keeps a restarted process above its past when the clock was set back', async () => {
    const store = memoryStore();
    const before = await draw(coordinate(new ManualRuntime(), store));
    const runtime = new ManualRuntime();
    runtime.wall -= 3_600_000_000_000n;
    expect(await draw(coordinate(runtime, store))).toBeGreaterThan(before);
  });

  it('costs one save for a block of nonces, not one for each', async () => {
    const store = memoryStore();
    const runtime = new ManualRuntime();
    const coordinator = coordinate(runtime, store);
    for (let call = 0; call < 100; call += 1) {
      await draw(coordinator);
      runtime.advance(9);
    }
    expect(store.saves).toBe(1);
    runtime.advance(1_000);
    await draw(coordinator);
    expect(store.saves).toBe(2);
  });

  it('is saved before the nonce is handed out', async () => {
    const store = memoryStore();
    const nonce = await draw(coordinate(new ManualRuntime(), store));
    expect(store.mark).toBe(nonce + BLOCK_NS);
  });

  it('leaves it to the coordinator it wraps whether a call may still be sent', async () => {
    const runtime = new ManualRuntime();
    const local = createLocalCoordinator({ runtime });
    const doubtful: Coordinator = {
      scope: 'global',
      turn: (key, body) => local.turn(key, (turn) => body({ ...turn, shouldSend: () => false })),
    };
    const asked = (coordinator: Coordinator): Promise<boolean | undefined> =>
      keepHighWaterMark({ coordinator, store: memoryStore() }).turn('k', async (turn) => turn.shouldSend?.());
    expect(await asked(doubtful)).toBe(false);
    expect(await asked(local)).toBeUndefined();
  });

  it('covers every lane when keys have lanes of their own', async () => {
    const store = memoryStore();
    const coordinator = coordinate(new ManualRuntime(), store, 'key');
    const nonces = await Promise.all(['a', 'b', 'c', 'd'].map((key) => draw(coordinator, key)));
    expect(new Set(nonces).size).toBe(4);
    expect(store.saves).toBe(1);
  });

  it('lets no nonce out when it cannot be loaded or saved, and tries again for the next', async () => {
    const store = memoryStore();
    const coordinator = coordinate(new ManualRuntime(), store);
    const { load, save } = store;
    store.load = () => Promise.reject(new Error('unreadable'));
    await expect(draw(coordinator)).rejects.toThrow('unreadable');
    store.load = load;
    store.save = () => Promise.reject(new Error('disk full'));
    await expect(draw(coordinator)).rejects.toThrow('disk full');
    store.save = save;
    await draw(coordinator);
    expect(store.saves).toBe(1);
  });

  it('fails a call without sending it when it cannot be saved', async () => {
    const scene = new Scene();
    const store = {
      load: () => Promise.resolve(undefined),
      save: () => Promise.reject(new Error('disk full')),
    };
    const client = scene.client({
      apiSecret: PUBLISHED_SECRET,
      coordinator: keepHighWaterMark({ coordinator: scene.coordinator, store }),
    });
    await expect(client.getBalance()).rejects.toMatchObject({
      outcome: 'not-executed',
      cause: { message: 'disk full' },
    });
    expect(scene.exchange.seen).toEqual([]);
  });

  test.prop(
    [
      fc.array(
        fc.record({
          calls: fc.integer({ min: 1, max: 6 }),
          stepMs: fc.integer({ min: 0, max: 1_500 }),
          diskOperations: fc.integer({ min: 0, max: 12 }),
          clockBackMs: fc.integer({ min: -5_000, max: 60_000 }),
        }),
        { minLength: 2, maxLength: 8 },
      ),
    ],
    { seed: 1, numRuns: 300 },
  )('survives a crash at any disk operation, with the clock set back in between', async (lives) => {
    const disk = new FailingDisk();
    let highest = 0n;
    let wall = new ManualRuntime().wall;
    for (const { calls, clockBackMs, diskOperations, stepMs } of lives) {
      disk.operationsLeft = diskOperations;
      const runtime = new ManualRuntime();
      runtime.wall = wall;
      const coordinator = coordinate(runtime, createFileMarkStore('/marks/nonce', disk));
      for (let call = 0; call < calls; call += 1) {
        const nonce = await draw(coordinator).catch(() => undefined);
        if (nonce === undefined) break;
        expect(nonce).toBeGreaterThan(highest);
        highest = nonce;
        runtime.advance(stepMs);
      }
      disk.losePower();
      wall = runtime.wall - BigInt(clockBackMs) * 1_000_000n;
    }
  });
});

describe('a mark file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nonceproof-mark-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives back what was saved last, and leaves nothing beside it', async () => {
    const store = createFileMarkStore(join(folder, 'mark'));
    expect(await store.load()).toBeUndefined();
    await store.save(5n);
    await store.save(1_795_353_736_170_000_000n);
    expect(await store.load()).toBe(1_795_353_736_170_000_000n);
    expect(await readdir(folder)).toEqual(['mark']);
    expect(await readFile(join(folder, 'mark'), 'utf8')).toBe('1795353736170000000\n');
  });

  it.each(['', '12', 'nonsense\n', '-5\n'])('that holds no mark is refused: %j', async (text) => {
    await writeFile(join(folder, 'mark'), text);
    await expect(createFileMarkStore(join(folder, 'mark')).load()).rejects.toThrow(MarkFileError);
  });

  it('that cannot be written says so', async () => {
    await expect(createFileMarkStore(join(folder, 'no', 'mark')).save(1n)).rejects.toMatchObject({
      code: 'mark_file_unusable',
      cause: { code: 'ENOENT' },
    });
  });
});
