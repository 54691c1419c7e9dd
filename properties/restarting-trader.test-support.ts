/**
 * A program that places orders without end and keeps a journal of them, as an application would that survives being
 * killed: what `order-kills.test-support.ts` kills. Told what to do by the environment variable `TRADER_TASK`, a
 * `TraderTask` as JSON.
 *
 * The recipe of the README: write down the order with a `cl_ord_id` of its own, place it, write down that it is
 * placed. After a restart, place what was not acknowledged with `mayExist`, then go on.
 */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { CallError, KrakenClient } from '../src/index.ts';
import type { OrderRequest, PlacedOrder } from '../src/index.ts';

/** What the program is told. */
export interface TraderTask {
  readonly baseUrl: string;
  readonly account: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly journalFile: string;
  /** Which life this is; makes the ids. */
  readonly life: number;
  /** Only settles what is not acknowledged, and ends. */
  readonly settles: boolean;
  /** Leave it out to see what happens without. */
  readonly asksFirst: boolean;
}

/** A line of the journal. */
export type TraderLine =
  | { readonly type: 'intent'; readonly order: OrderRequest }
  | {
      readonly type: 'placed';
      readonly clOrdId: string;
      readonly txid: readonly string[];
      readonly known: string;
    }
  | { readonly type: 'failed'; readonly clOrdId: string; readonly outcome: string; readonly message: string };

/** The lines of a journal; one that a kill cut off is no line. */
export function readLines(text: string): readonly TraderLine[] {
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  return complete
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TraderLine);
}

/** The orders that were written down and not answered. */
export function unanswered(lines: readonly TraderLine[]): readonly OrderRequest[] {
  const answered = new Set(lines.map((line) => (line.type === 'intent' ? undefined : line.clOrdId)));
  return lines.flatMap((line) =>
    line.type === 'intent' && !answered.has(line.order.cl_ord_id) ? [line.order] : [],
  );
}

/** Places orders until it is killed. */
export async function trade(task: TraderTask): Promise<void> {
  const journal = openSync(task.journalFile, 'a+');
  const write = (line: TraderLine): void => {
    writeSync(journal, `${JSON.stringify(line)}\n`);
    fsyncSync(journal);
  };
  const client = new KrakenClient({
    ...task,
    accountIdentifier: task.account,
    settlingMs: 500,
    orderDeadlineMs: 6_000,
  });
  const place = async (order: OrderRequest, mayExist: boolean): Promise<void> => {
    write(
      await client
        .placeOrder(order, { mayExist })
        .then(placedLine, (error: unknown) => failedLine(order, error)),
    );
  };
  for (const order of unanswered(readLines(readFileSync(task.journalFile, 'utf8')))) {
    await place(order, task.asksFirst);
  }
  for (let n = 0; !task.settles; n += 1) {
    const order = makeOrder(`k${task.life}-${n}`, n);
    write({ type: 'intent', order });
    await place(order, false);
  }
  await client.close();
  closeSync(journal);
}

/** Market orders back and forth, and in between one that stays open until the next but one life. */
function makeOrder(clOrdId: string, n: number): OrderRequest {
  const order = { pair: 'XBTUSD', volume: '0.001', cl_ord_id: clOrdId } as const;
  if (n % 3 === 2) return { ...order, type: 'buy', ordertype: 'limit', price: '1000' };
  return { ...order, type: n % 3 === 0 ? 'buy' : 'sell', ordertype: 'market' };
}

function placedLine({ clOrdId = '', known, txid }: PlacedOrder): TraderLine {
  return { type: 'placed', clOrdId, txid, known };
}

function failedLine({ cl_ord_id: clOrdId = '' }: OrderRequest, error: unknown): TraderLine {
  const outcome = error instanceof CallError ? error.outcome : 'none';
  return { type: 'failed', clOrdId, outcome, message: String(error) };
}

const { TRADER_TASK } = process.env;
if (TRADER_TASK !== undefined) await trade(JSON.parse(TRADER_TASK) as TraderTask);
