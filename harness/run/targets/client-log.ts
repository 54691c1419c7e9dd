import { appendFileSync } from 'node:fs';
import type { ClientCall } from '../../judge/history/index.ts';

/** Writes `client.ndjson` while a run goes on. */
export interface ClientLog {
  add(call: ClientCall): void;
  /** Writes what is still in memory, at once. */
  flush(): void;
}

/**
 * Appends each record as a line, gathered once per turn of the event loop, so that what was asked is on disk
 * before its reply can come: a target that is killed leaves its unsettled calls behind. The last line of a tag
 * is the one that counts.
 */
export function createClientLog(file: string): ClientLog {
  let lines = '';
  const flush = (): void => {
    if (lines !== '') appendFileSync(file, lines);
    lines = '';
  };
  return {
    add(call) {
      if (lines === '') setImmediate(flush);
      lines += `${JSON.stringify(call)}\n`;
    },
    flush,
  };
}
