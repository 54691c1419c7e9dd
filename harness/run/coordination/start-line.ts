import { readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { hostMonotonicMs } from '../../system.ts';

/** Where the threads and processes of a run wait for each other. */
export interface StartLine {
  /** Each leaves a file whose name starts with this. */
  readonly file: string;
  readonly parties: number;
}

/** Whoever is not there by then does not come: it has died, or the machine is too busy to wait for. */
const PATIENCE_MS = 15_000;
const LOOK_MS = 5;

/**
 * Waits until everybody is ready, so that they meet: a process that is through before the next one has started
 * has shared nothing.
 * @param name - of this party; no other has it
 */
export async function startTogether({ file, parties }: StartLine, name: string): Promise<void> {
  writeFileSync(`${file}${name}`, '');
  const giveUpAtMs = hostMonotonicMs() + PATIENCE_MS;
  while (partiesAt(file) < parties && hostMonotonicMs() < giveUpAtMs) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function partiesAt(file: string): number {
  return readdirSync(dirname(file)).filter((name) => name.startsWith(basename(file))).length;
}
