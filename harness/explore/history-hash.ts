import { createHash } from 'node:crypto';
import type { ClientHistory } from './world/index.ts';

/**
 * The history as text, a line for each record of the exchange and for each call of the client's side: the same
 * schedule of the same code gives the same text, to the byte.
 */
export function historyText({ records, clientCalls, ending, crash }: ClientHistory): string {
  const lines = [...records, ...clientCalls, { ending, crash }];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Bytes of {@link historyHash}. */
export const HISTORY_HASH_BYTES = 6;

/** The beginning of the SHA-256 of {@link historyText}, in hex. */
export function historyHash(history: ClientHistory): string {
  return createHash('sha256')
    .update(historyText(history))
    .digest('hex')
    .slice(0, HISTORY_HASH_BYTES * 2);
}
