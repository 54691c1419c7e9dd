import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inFolder, INPUTS, inWords, nonceproof } from './golden.test-support.ts';
import type { RunOptions } from './golden.test-support.ts';

/** Recorded times are exact: nothing of these outputs is replaced but paths. */
function check(words: readonly string[], options: Partial<RunOptions> = {}): Promise<string> {
  return inInputs((folder) => nonceproof(['check', ...words], { ...options, folder }));
}

async function inInputs(run: (folder: string) => ReturnType<typeof nonceproof>): Promise<string> {
  return inWords(await run(INPUTS), { folder: INPUTS, isExact: true });
}

describe('check', () => {
  it.for(['held', 'violated', 'torn', 'unsealed', 'lossy'])('%s.ndjson', async (name) => {
    const file = `${name}.ndjson`;
    await expect(await check([file])).toMatchFileSnapshot(`golden/check/${name}.txt`);
    await expect(await check([file, '--json'])).toMatchFileSnapshot(`golden/check/${name}.json.txt`);
  });

  it.for([
    ['strict', ['lossy.ndjson', '--strict']],
    ['scope-key', ['violated.ndjson', '--scope', 'key']],
    ['missing-account', ['held.ndjson', '--accounts', 'MASTER,USER_7']],
    ['client', ['held.ndjson', '--client', 'client.ndjson']],
  ] as const)('with options: %s', async ([name, words]) => {
    await expect(await check(words)).toMatchFileSnapshot(`golden/check/${name}.txt`);
  });

  it('on a terminal, in colours', async () => {
    await expect(await check(['violated.ndjson'], { isTerminal: true })).toMatchFileSnapshot(
      'golden/check/violated.colours.txt',
    );
  });
});

/** Scripts, styles and the data of the timeline are a digest's worth: their length moves with the bundler. */
function withoutScripts(page: string): string {
  return page
    .replaceAll(/<style>.*?<\/style>/gs, '<style>…</style>')
    .replaceAll(/<script>.*?<\/script>/gs, '<script>…</script>')
    .replaceAll(/(?<=>)(?=<[a-z])/g, '\n');
}

describe('report', () => {
  it.for(['held', 'violated', 'torn'])('of %s.ndjson', async (name) => {
    await inFolder(async (folder) => {
      copyFileSync(join(INPUTS, `${name}.ndjson`), join(folder, 'trace.ndjson'));
      const told = inWords(await nonceproof(['report', '.'], { folder }), { folder, isExact: true });
      await expect(told).toMatchFileSnapshot(`golden/report/${name}.txt`);
      const page = withoutScripts(readFileSync(join(folder, 'report.html'), 'utf8'));
      await expect(page).toMatchFileSnapshot(`golden/report/${name}.html`);
      const events = readFileSync(join(folder, 'trace.json'), 'utf8');
      await expect(events).toMatchFileSnapshot(`golden/report/${name}.trace.json`);
    });
  });
});
