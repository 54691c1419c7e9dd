/** Keeps the process in which vitest runs tests, with all it has loaded, from one mutant to the next. */
import { ForksPoolWorker } from 'vitest/node';
import type { PoolOptions, PoolWorker } from 'vitest/node';

/** Set by warm-runner.config.ts when the next run needs a process that has run nothing yet. */
const FRESH = 'NONCEPROOF_MUTATION_FRESH';

/** Each run leaves a listener behind. */
const RUNS_OF_A_PROCESS = 100;

type Listener = Parameters<PoolWorker['on']>;

let kept: { readonly worker: ForksPoolWorker; runs: number } | undefined;

/** A worker of vitest whose process stays for the next run. */
export class WarmWorker implements PoolWorker {
  readonly name = 'warm';
  readonly cacheFs = true;
  readonly #options: PoolOptions;
  readonly #listeners: Listener[] = [];
  #staysForNextRun = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    if (process.env[FRESH] !== undefined || (kept?.runs ?? 0) >= RUNS_OF_A_PROCESS) await endWarmWorker();
    delete process.env[FRESH];
    if (kept === undefined) {
      kept = { worker: new ForksPoolWorker(this.#options), runs: 0 };
      await kept.worker.start();
    }
    kept.runs += 1;
  }

  on(...listener: Listener): void {
    this.#listeners.push(listener);
    kept?.worker.on(...listener);
  }

  off(...listener: Listener): void {
    kept?.worker.off(...listener);
  }

  send(message: Parameters<PoolWorker['send']>[0]): void {
    if (message.type !== 'stop') return kept?.worker.send(message);
    this.#staysForNextRun = true;
    const stopped = { __vitest_worker_response__: true, type: 'stopped' };
    for (const [event, callback] of this.#listeners) if (event === 'message') callback(stopped);
  }

  deserialize(data: unknown): unknown {
    return data;
  }

  async stop(): Promise<void> {
    for (const listener of this.#listeners) this.off(...listener);
    if (!this.#staysForNextRun) await endWarmWorker();
  }
}

/** Ends the process that is kept. */
export async function endWarmWorker(): Promise<void> {
  const worker = kept?.worker;
  kept = undefined;
  await worker?.stop();
}
