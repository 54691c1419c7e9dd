import type { ClientWorld, TargetClient } from '../target/client-module.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY } from './wire/companions.ts';
import { clockNonces } from './wire/nonces.ts';
import { createWire } from './wire/wire.ts';

const PATIENCE_MS = 40;

/** Steals the lock, not the call that is in service under it. */
export const control: Control = {
  id: 'web-lock-steal',
  defect:
    "takes a Web Lock with `steal` when it has waited too long; the robbed holder's call is still in service",
  origin: "`navigator.locks.request(name, { steal: true })` as a cure for 'stuck' locks",
  rule: 'no-overlap',
  also: OVERTAKING_ON_A_KEY,
  setting: { users: 5, calls: 4, serviceMs: 100 },
};

export function createClient(world: ClientWorld): TargetClient {
  const wire = createWire(world);
  const nextNonce = clockNonces(world);
  const lock = createWebLock();
  return {
    call(account, method, params) {
      const post = (): Promise<unknown> => wire.post({ account, method, params }, nextNonce());
      return new Promise((resolve, reject) => {
        const request = lock.request(() => post().then(resolve, reject));
        world.timers.setTimeout(request.steal, PATIENCE_MS);
      });
    },
  };
}

interface WebLock {
  /** Runs `body` when its turn comes, or at once when `steal` is called before that. */
  request(body: () => Promise<void>): { steal(): void };
}

/** As much of the Web Locks API as the defect needs: a queue, and a way past it. */
function createWebLock(): WebLock {
  const queue: (() => Promise<void>)[] = [];
  let holder: object | null = null;
  const grant = (body: () => Promise<void>): void => {
    const mine = {};
    holder = mine;
    void body().finally(() => {
      if (holder === mine) next();
    });
  };
  const next = (): void => {
    holder = null;
    const body = queue.shift();
    if (body !== undefined) grant(body);
  };
  return {
    request(body) {
      if (holder === null) grant(body);
      else queue.push(body);
      return {
        steal() {
          const place = queue.indexOf(body);
          if (place < 0) return;
          queue.splice(place, 1);
          grant(body);
        },
      };
    },
  };
}
