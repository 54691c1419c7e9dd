/** A worker thread that does what it is told. Its client takes the lane that it was handed, like any user's. */
import { parentPort } from 'node:worker_threads';
import { GlobalKrakenNonceManager } from '../../global-kraken-nonce-manager.ts';

/** What a worker can be told. */
export type WorkerOrder =
  /** Makes turns one beside the other; each counts itself in and out in `inside`, and reports its nonce. */
  | { readonly kind: 'turns'; readonly turns: number; readonly inside: SharedArrayBuffer }
  /** Draws so many nonces as fast as it can, without a turn. */
  | { readonly kind: 'draw'; readonly nonces: number }
  /** Takes a turn and stays in it. Reports when it is in. */
  | { readonly kind: 'hold' }
  /** Waits for a turn. Reports when it waits. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'exit' }
  | { readonly kind: 'throw' };

/** What a worker reports. */
export type WorkerReport =
  | { readonly kind: 'ready' | 'in-turn' | 'waiting' }
  | { readonly kind: 'nonces'; readonly nonces: readonly bigint[]; readonly overlaps: number }
  | { readonly kind: 'failed'; readonly code: string };

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const report = (said: WorkerReport): void => parentPort?.postMessage(said);

async function makeTurns(order: WorkerOrder & { kind: 'turns' }): Promise<void> {
  const { coordinator } = GlobalKrakenNonceManager.instance();
  const inside = new Int32Array(order.inside);
  const nonces: bigint[] = [];
  let overlaps = 0;
  const turns = Array.from({ length: order.turns }, () =>
    coordinator.turn('key', async (turn) => {
      if (Atomics.add(inside, 0, 1) !== 0) overlaps += 1;
      nonces.push(await turn.drawNonce());
      await new Promise((resolve) => setImmediate(resolve));
      Atomics.sub(inside, 0, 1);
    }),
  );
  await Promise.all(turns);
  report({ kind: 'nonces', nonces, overlaps });
}

function obey(order: WorkerOrder): void {
  const { coordinator } = GlobalKrakenNonceManager.instance();
  switch (order.kind) {
    case 'turns':
      return void makeTurns(order);
    case 'draw': {
      const draw = (): bigint => GlobalKrakenNonceManager.instance().getNonce();
      return report({ kind: 'nonces', nonces: Array.from({ length: order.nonces }, draw), overlaps: 0 });
    }
    case 'hold':
      return void coordinator.turn('key', () => {
        report({ kind: 'in-turn' });
        return new Promise(() => undefined);
      });
    case 'wait':
      void coordinator.turn('key', () => new Promise(() => undefined));
      return report({ kind: 'waiting' });
    case 'exit':
      process.exit(0);
    // eslint-disable-next-line no-fallthrough
    case 'throw':
      setImmediate(() => {
        throw new Error('a worker crashes');
      });
  }
}

try {
  GlobalKrakenNonceManager.instance();
  parentPort?.on('message', obey);
  report({ kind: 'ready' });
} catch (error) {
  report({ kind: 'failed', code: (error as { code?: string }).code ?? 'unknown' });
}
