/**
 * A program that calls Kraken without end, with a high-water mark in a file: what `kill-and-restart.test.ts` kills.
 * Told what to do by the environment variable `MARKED_CLIENT_TASK`, a `MarkedClientTask` as JSON.
 */
import {
  createFileMarkStore,
  createLocalCoordinator,
  createUndiciTransport,
  keepHighWaterMark,
  KrakenClient,
  systemRuntime,
} from '../src/index.ts';
import type { Clock, Coordinator } from '../src/index.ts';

/** What the program is told. */
export interface MarkedClientTask {
  readonly baseUrl: string;
  readonly accounts: readonly {
    readonly account: string;
    readonly apiKey: string;
    readonly apiSecret: string;
  }[];
  /** `null`: no mark is kept. */
  readonly markFile: string | null;
  /** How far ahead the mark is saved, in nanoseconds. */
  readonly blockNs: number;
  /** How far the clock of this life is set back, in milliseconds. */
  readonly setBackMs: number;
}

const task = JSON.parse(process.env['MARKED_CLIENT_TASK'] ?? '') as MarkedClientTask;
const clock: Clock = {
  wallNs: () => systemRuntime.clock.wallNs() - BigInt(task.setBackMs) * 1_000_000n,
  monotonicMs: () => systemRuntime.clock.monotonicMs(),
};
const runtime = { clock, timers: systemRuntime.timers };
const coordinator = marked(createLocalCoordinator({ runtime }));
const transport = createUndiciTransport({ baseUrl: task.baseUrl });

await Promise.all(task.accounts.map(callWithoutEnd));

function marked(local: Coordinator): Coordinator {
  if (task.markFile === null) return local;
  const store = createFileMarkStore(task.markFile);
  return keepHighWaterMark({ coordinator: local, store, blockNs: BigInt(task.blockNs) });
}

async function callWithoutEnd({ account, ...credentials }: MarkedClientTask['accounts'][number]) {
  const client = new KrakenClient({
    ...credentials,
    accountIdentifier: account,
    transport,
    runtime,
    coordinator,
  });
  for (;;) await client.getBalance();
}
