import { describe, expect, it } from 'vitest';
import { exactly, inFolder, nonceproof } from './golden.test-support.ts';

/** From the help itself, so that a new verb is frozen without a change here. */
const VERBS = await inFolder(async (folder) => {
  const { stdout } = await nonceproof(['--help'], { folder });
  return [...(stdout.split('Commands:')[1]?.matchAll(/^ {2}(\w+) /gm) ?? [])].map(([, verb = '']) => verb);
});

describe('help', () => {
  it('of the program', async () => {
    await expect(await exactly(['--help'])).toMatchFileSnapshot('golden/help/program.txt');
    await expect(await exactly(['--version'])).toMatchFileSnapshot('golden/help/version.txt');
  });

  it('lists the verbs', () => {
    expect(VERBS).toContain('verify');
  });

  it.for(VERBS)('of %s', async (verb) => {
    await expect(await exactly([verb, '--help'])).toMatchFileSnapshot(`golden/help/${verb}.txt`);
  });
});
