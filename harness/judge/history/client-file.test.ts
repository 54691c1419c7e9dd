import { expect, test } from 'vitest';
import { aClientCall } from '../rules/history.test-support.ts';
import { formatClientLine, readClientFile } from './client-file.ts';

async function* chunksOf(text: string): AsyncGenerator<string> {
  yield text;
}

test('the last line of a tag counts, the first gives its place', async () => {
  const asked = aClientCall('a', { outcome: 'unsettled', settledMs: null });
  const settled = aClientCall('a', { settledMs: 9, txids: ['O1'] });
  const other = aClientCall('b', { askedMs: 1 });
  const { calls, defects } = await readClientFile(
    chunksOf([asked, other, settled].map(formatClientLine).join('')),
  );
  expect(calls).toEqual([settled, other]);
  expect(defects).toEqual([]);
});

test('a line that was cut off is reported', async () => {
  const line = formatClientLine(aClientCall('a'));
  const { calls, defects } = await readClientFile(chunksOf(line + line.slice(0, 20)));
  expect(calls).toHaveLength(1);
  expect(defects).toEqual([
    '1 line of what the client was told could not be read: first line 2 (it is not JSON).',
  ]);
});

test('empty lines are none; of several bad ones the first is named', async () => {
  const line = formatClientLine(aClientCall('a'));
  expect(await readClientFile(chunksOf(`\n${line}\n`))).toMatchObject({ calls: [{ tag: 'a' }], defects: [] });
  const { defects } = await readClientFile(chunksOf(`${line}{}\nx\n`));
  expect(defects).toEqual([
    '2 lines of what the client was told could not be read: first line 2 (tag: Invalid input: expected string, received undefined).',
  ]);
});
