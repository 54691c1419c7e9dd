/** A process with a PostgreSQL coordinator, which does what it is told through its channel. */
import { createPostgresCoordinator } from '../src/lane/postgres/index.ts';

/** What it can be told. */
export type ProcessOrder =
  /** Takes a turn and stays in it until told to leave. Reports when it is in. */
  | { readonly kind: 'hold' }
  /** Waits for a turn, which it would stay in. Reports when it stands in the queue. */
  | { readonly kind: 'wait' }
  /** Draws a nonce in the turn that it holds. */
  | { readonly kind: 'draw' }
  | { readonly kind: 'leave' };

/** What it reports. */
export type ProcessReport =
  | { readonly kind: 'ready' | 'in-turn' | 'waiting' | 'left' }
  | { readonly kind: 'nonce'; readonly nonce: string }
  | { readonly kind: 'refused'; readonly code: string };

const [url = '', schema = '', settlingMs = ''] = process.argv.slice(2);
const coordinator = createPostgresCoordinator({ url, schema, settlingMs: Number(settlingMs) });

const report = (said: ProcessReport): void => void process.send?.(said);
let draw: (() => Promise<bigint>) | undefined;
let leave: () => void = () => undefined;

async function hold(): Promise<void> {
  await coordinator.turn('key', async (turn) => {
    draw = async () => turn.drawNonce();
    report({ kind: 'in-turn' });
    await new Promise<void>((resolve) => (leave = resolve));
  });
  report({ kind: 'left' });
}

async function wait(): Promise<void> {
  void coordinator.turn('key', () => new Promise(() => undefined));
  while (coordinator.unplaced > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  report({ kind: 'waiting' });
}

async function drawNonce(): Promise<void> {
  try {
    report({ kind: 'nonce', nonce: String(await draw?.()) });
  } catch (error) {
    report({ kind: 'refused', code: (error as { code?: string }).code ?? 'unknown' });
  }
}

process.on('message', ({ kind }: ProcessOrder) => {
  if (kind === 'hold') void hold();
  else if (kind === 'wait') void wait();
  else if (kind === 'draw') void drawNonce();
  else leave();
});
process.on('disconnect', () => process.exit(0));
report({ kind: 'ready' });
