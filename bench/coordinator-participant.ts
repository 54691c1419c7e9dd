/** A thread or a process that takes turns in a lane it shares, and reports how they went. */
import { parentPort } from 'node:worker_threads';
import { GlobalKrakenNonceManager } from '../src/index.ts';
import type { Coordinator } from '../src/index.ts';
import { runCallers } from './coordinator-callers.ts';
import type { MeasuredTurn, RunTurn, Span } from './coordinator-callers.ts';

/** What it is told once. */
export type ParticipantOrder = Span;

/** What it reports: that it is connected, then its turns. */
export type ParticipantReport = 'ready' | readonly MeasuredTurn[];

/** A turn as the client takes it: the nonce is drawn inside. */
export function turnsOf(coordinator: Coordinator): RunTurn {
  return (body) => coordinator.turn('key', async (turn) => body(await turn.drawNonce()));
}

const report = (said: ParticipantReport): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(said);
  process.send?.(said);
};

async function coordinatorOfHere(): Promise<Coordinator> {
  const [url] = process.argv.slice(2);
  if (parentPort !== null || url === undefined) return GlobalKrakenNonceManager.instance().coordinator;
  const { createPostgresCoordinator } = await import('../src/lane/postgres/index.ts');
  return createPostgresCoordinator({ url });
}

async function participate(): Promise<void> {
  const runTurn = turnsOf(await coordinatorOfHere());
  const obey = async (span: ParticipantOrder): Promise<void> => report(await runCallers(runTurn, span));
  parentPort?.once('message', (order: ParticipantOrder) => void obey(order));
  process.once('message', (order: ParticipantOrder) => void obey(order));
  await runTurn(() => undefined);
  report('ready');
}

if (parentPort !== null || process.send !== undefined) await participate();
