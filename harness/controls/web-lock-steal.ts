import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

const PATIENCE_MS = 40;

/** Steals the lock, not the call that is in service under it. */
export const control: Control = {
  id: 'web-lock-steal',
  defect: "steals a Web Lock when it has waited too long, while the robbed holder's call is still in service",
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
    call: (account, method, params) =>
      new Promise((resolve, reject) => {
        const body = (): Promise<void> => {
          world.timers.clearTimeout(patience);
          return wire.post({ account, method, params }, nextNonce()).then(resolve, reject);
        };
        const patience = world.timers.setTimeout(() => lock.steal(body), PATIENCE_MS);
        lock.request(body);
      }),
  };
}

interface WebLock {
  /** Runs `body` when its turn comes. */
  request(body: () => Promise<void>): void;
  /** Runs a waiting `body` at once, whoever holds the lock. */
  steal(body: () => Promise<void>): void;
}

/** As much of the Web Locks API as the defect needs: a queue, and a way past it. */
function createWebLock(): WebLock {
  const queue: (() => Promise<void>)[] = [];
  let holder: unknown = null;
  const grant = (body: () => Promise<void>): void => {
    holder = body;
    void body().finally(() => {
      if (holder === body) passOn();
    });
  };
  const passOn = (): void => {
    const next = queue.shift();
    holder = null;
    if (next !== undefined) grant(next);
  };
  return {
    request(body) {
      if (holder === null) grant(body);
      else queue.push(body);
    },
    steal(body) {
      queue.splice(queue.indexOf(body), 1);
      grant(body);
    },
  };
}
