import { Mutex } from 'async-mutex';
import { ApiLock, systemRuntime } from '../src/index.ts';
import { assert, compare } from './suite.ts';
import type { Case } from './suite.ts';

type RunExclusive = (body: () => Promise<void>) => Promise<void>;

/** 100 turns a round, all asked for at once. */
function handOver(name: string, runExclusive: RunExclusive): Case {
  let inside = 0;
  let insideMax = 0;
  const body = async (): Promise<void> => {
    inside += 1;
    insideMax = Math.max(insideMax, inside);
    await Promise.resolve();
    inside -= 1;
  };
  return {
    name,
    async round() {
      await Promise.all(Array.from({ length: 100 }, () => runExclusive(body)));
    },
    check: () => assert(insideMax === 1, `${name} had ${insideMax} in at once`),
  };
}

export async function benchLock(): Promise<void> {
  const lock = new ApiLock({ runtime: systemRuntime });
  const mutex = new Mutex();
  let chain: Promise<void> = Promise.resolve();
  await compare('lock: 100 turns, all asked for at once', [
    handOver('ApiLock (reentrant, structured, cancellable)', (body) => lock.runExclusive(body)),
    handOver('async-mutex (neither)', (body) => mutex.runExclusive(body)),
    handOver('bare promise chain', (body) => (chain = chain.then(body))),
  ]);
}
