import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { replace, undoAll } from './patch.ts';
import type { Undo } from './patch.ts';
import type { Router } from './router.ts';

const require = createRequire(import.meta.url);

/** What reaches outside the process, by the module or prototype that does it. */
function gates(): readonly (readonly [target: Record<string, unknown>, name: string, resource: string])[] {
  const childProcess = require('node:child_process') as Record<string, unknown>;
  const dgram = require('node:dgram') as { readonly Socket: { readonly prototype: Record<string, unknown> } };
  const dns = require('node:dns') as Record<string, unknown> & { readonly promises: Record<string, unknown> };
  const sockets = Socket.prototype as unknown as Record<string, unknown>;
  return [
    [sockets, 'connect', 'socket'],
    [dgram.Socket.prototype, 'send', 'datagram socket'],
    [dgram.Socket.prototype, 'bind', 'datagram socket'],
    [dns, 'lookup', 'DNS lookup'],
    [dns.promises, 'lookup', 'DNS lookup'],
    [childProcess, 'spawn', 'child process'],
    [childProcess, 'fork', 'child process'],
    [childProcess, 'exec', 'child process'],
    [childProcess, 'execFile', 'child process'],
    [require('node:worker_threads') as Record<string, unknown>, 'Worker', 'worker thread'],
  ];
}

/** Refuses clients what a simulated world cannot stand in for: sockets, processes, threads. */
export function patchHostGlobals(router: Router): Undo {
  const undos = gates().map(([target, name, resource]) => {
    const real = target[name] as (this: unknown, ...args: unknown[]) => unknown;
    // A proxy, so that classes stay classes.
    const gate = new Proxy(real, {
      apply(callee, self, args) {
        router.refuse(resource);
        return Reflect.apply(callee, self, args);
      },
      construct(callee, args, newTarget) {
        router.refuse(resource);
        return Reflect.construct(callee, args, newTarget) as object;
      },
    });
    return replace(target, name, gate);
  });
  return undoAll([...undos, patchSubtle(router)]);
}

/** Web Crypto works on other threads, and its results do not depend on when: the world waits for it. */
function patchSubtle(router: Router): Undo {
  const prototype = Object.getPrototypeOf(globalThis.crypto.subtle) as Record<string, unknown>;
  const names = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  return undoAll(
    names.map((name) => {
      const real = prototype[name] as (...args: unknown[]) => Promise<unknown>;
      return replace(prototype, name, function (this: unknown, ...args: unknown[]) {
        const work = real.apply(this, args);
        router.awaitRealWork(work);
        return work;
      });
    }),
  );
}
