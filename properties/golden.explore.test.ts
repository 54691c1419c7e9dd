import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exactly } from './golden.test-support.ts';

/** One thread: worlds are simulated, so the same words find the same on every machine. */
const ONE_THREAD = ['--threads', '1'];
const SMALL = ['--users', '2', '--calls', '1'];

describe('explore', () => {
  it.for([
    ['held', [...SMALL, '--strategy', 'exhaustive']],
    ['violated', ['--control', 'lease-lock', '--users', '2', '--budget', '200']],
    ['inconclusive', [...SMALL, '--strategy', 'exhaustive', '--budget', '2', '--arrivals', 'parallel']],
    ['sampled', [...SMALL, '--strategy', 'pct-2', '--budget', '20', '--faults', 'none']],
  ] as const)('%s, as text and as JSON', async ([name, words]) => {
    const args = ['explore', ...words, ...ONE_THREAD];
    await expect(await exactly(args)).toMatchFileSnapshot(`golden/explore/${name}.txt`);
    await expect(await exactly([...args, '--json'])).toMatchFileSnapshot(`golden/explore/${name}.json.txt`);
  });

  it('on a terminal, in colours', async () => {
    const args = ['explore', '--control', 'lease-lock', '--users', '2', '--budget', '200', ...ONE_THREAD];
    const told = await exactly(args, { isTerminal: true });
    await expect(told).toMatchFileSnapshot('golden/explore/violated.colours.txt');
  });

  it.for(['threads', 'postgres'])(
    'the model of the %s lane, interrupted after its smallest setting',
    async (model) => {
      const told = await exactly(['explore', '--model', model], { interruptAfter: ' states' });
      await expect(told).toMatchFileSnapshot(`golden/explore/model-${model}.txt`);
    },
  );
});

/** Tokens as they were printed in November 2026: whatever is renamed, they replay to the same. Never remove one. */
const TOKENS = readFileSync(resolve('properties/golden/inputs/tokens.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(' ')[0] ?? '');

describe('replay', () => {
  it.for(TOKENS)('%s', async (token) => {
    const forms = [[], ['--history'], ['--json']];
    const told: string[] = [];
    for (const form of forms) told.push(await exactly(['replay', token, ...form]));
    await expect(told.join('\n')).toMatchFileSnapshot(`golden/replay/${token}.txt`);
  });
});
