import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inFolder, inWords, nonceproof } from './golden.test-support.ts';
import { normalise } from './normalise.test-support.ts';

/** Clients whose runs come out the same each time, but for what is measured: one lane, one call after the other. */
const CASES = [
  ['held', ['--control', 'promise-chain', '--users', '3', '--calls', '2']],
  ['violated', ['--control', 'counter-per-account', '--users', '3', '--calls', '2']],
  ['inconclusive', ['--control', 'promise-chain', '--users', '1', '--calls', '1']],
] as const;

/** The state of this clone is no part of what is frozen. */
const NO_GIT = { PATH: '' };

/** A run in GitHub Actions with a JUnit file and evidence; returns each thing that it wrote, by name. */
function everything(words: readonly string[]): Promise<Readonly<Record<string, string>>> {
  return inFolder(async (folder) => {
    const env = { ...NO_GIT, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
    const told = await nonceproof(['verify', ...words, '--junit', 'results/junit.xml'], { folder, env });
    const read = (name: string): string => normalise(readFileSync(join(folder, name), 'utf8'), { folder });
    const evidence = readdirSync(join(folder, 'nonceproof-out')).toSorted().join('\n');
    return {
      txt: `${inWords(told, { folder })}--- evidence\n${evidence}\n`,
      'summary.md': read('summary.md'),
      'junit.xml': read('results/junit.xml'),
      'verdict.json': read('nonceproof-out/verdict.json'),
    };
  });
}

function verify(words: readonly string[]): Promise<string> {
  return inFolder(async (folder) =>
    inWords(await nonceproof(['verify', ...words], { folder, env: NO_GIT }), { folder }),
  );
}

describe('verify', () => {
  it.for(CASES)('%s: text, annotations, summary, JUnit, evidence', async ([name, words]) => {
    for (const [file, text] of Object.entries(await everything(words))) {
      await expect(text).toMatchFileSnapshot(`golden/verify/${name}.${file}`);
    }
  });

  it.for(CASES)('%s: --json and --tap', async ([name, words]) => {
    await expect(await verify(['--json', ...words])).toMatchFileSnapshot(`golden/verify/${name}.json.txt`);
    await expect(await verify(['--tap', ...words])).toMatchFileSnapshot(`golden/verify/${name}.tap.txt`);
  });

  it('of a command that makes no call, with the line on the judge', async () => {
    const told = await verify(['--users', '2', '--', process.execPath, '-e', '0']);
    await expect(told).toMatchFileSnapshot('golden/verify/no-call.txt');
  });
});
