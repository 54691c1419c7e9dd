import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startTogether } from './start-line.ts';

it('lets nobody go before everybody is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nonceproof-start-'));
  const line = { file: join(folder, 'ready-'), parties: 3 };
  const started: string[] = [];
  const start = (name: string): Promise<void> =>
    startTogether(line, name).then(() => void started.push(name));
  const early = [start('0-0'), start('0-1')];
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(started).toEqual([]);
  await Promise.all([...early, start('1-0')]);
  expect(started.toSorted()).toEqual(['0-0', '0-1', '1-0']);
  rmSync(folder, { recursive: true });
});
