import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';

let copies = 0;

/** The module out of a package that is installed once more, in the same process. */
async function copy(): Promise<typeof import('./global-kraken-nonce-manager.ts')> {
  copies += 1;
  const folder = join(inject('compiled'), `copy-${copies}`);
  cpSync(join(inject('compiled'), 'src'), folder, { recursive: true });
  return import(join(folder, 'global-kraken-nonce-manager.js'));
}

const PROCESS_WIDE = Symbol.for('nonceproof.GlobalKrakenNonceManager/1');
const forget = (): void => {
  Reflect.deleteProperty(globalThis, PROCESS_WIDE);
};
beforeEach(forget);
afterEach(forget);

describe('GlobalKrakenNonceManager', () => {
  it('is one for two copies of the package: nonces rise across them', async () => {
    const [one, two] = [await copy(), await copy()];
    expect(one.GlobalKrakenNonceManager).not.toBe(two.GlobalKrakenNonceManager);
    expect(one.GlobalKrakenNonceManager.instance()).toBe(two.GlobalKrakenNonceManager.instance());
    const nonces = [one, two, one, two].map(({ getGlobalKrakenNonce }) => getGlobalKrakenNonce());
    expect(new Set(nonces).size).toBe(4);
    expect(nonces).toEqual(nonces.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it('is one lock for two copies of the package, reentrant across them', async () => {
    const [one, two] = [await copy(), await copy()];
    const order: string[] = [];
    const outer = one.getKrakenApiLock().runExclusive(async () => {
      await two.getKrakenApiLock().runExclusive(() => order.push('nested in the other copy'));
      order.push('outer done');
    });
    const queued = two.getKrakenApiLock().runExclusive(() => order.push('queued'));
    await Promise.all([outer, queued]);
    expect(order).toEqual(['nested in the other copy', 'outer done', 'queued']);
  });

  it('draws 19 digits', async () => {
    const { getGlobalKrakenNonce } = await copy();
    expect(String(getGlobalKrakenNonce())).toMatch(/^\d{19}$/);
  });

  it('is configured once, before its first use', async () => {
    const { GlobalKrakenNonceManager, ManagerInUseError } = await copy();
    const manager = GlobalKrakenNonceManager.configure({ scope: 'key' });
    expect(manager.coordinator.scope).toBe('key');
    expect(GlobalKrakenNonceManager.instance()).toBe(manager);
    expect(() => GlobalKrakenNonceManager.configure({ scope: 'global' })).toThrow(ManagerInUseError);
  });

  it('hands out no global lock where every key has its own', async () => {
    const { getKrakenApiLock, GlobalKrakenNonceManager, NoGlobalLockError } = await copy();
    const manager = GlobalKrakenNonceManager.configure({ scope: 'key' });
    expect(() => getKrakenApiLock()).toThrow(NoGlobalLockError);
    expect(manager.getApiLock('one key')).toBe(manager.getApiLock('one key'));
    expect(manager.getApiLock('one key')).not.toBe(manager.getApiLock('another'));
  });
});
