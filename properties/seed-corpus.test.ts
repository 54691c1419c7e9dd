import { describe, expect, it } from 'vitest';
import { decodeToken, parseCorpus, replay, SEED_CORPUS, targetNamed } from '../harness/explore-api.ts';

/** Each line of the corpus says what its schedule comes to; all of them still do. */
describe('the seed corpus', () => {
  const entries = parseCorpus(SEED_CORPUS);

  it('has schedules of the built-in client, and of clients that break a rule', () => {
    const targets = entries.map(({ token }) => decodeToken(token).target);
    expect(targets).toContain('built-in');
    expect(entries.some(({ expected }) => expected !== 'held')).toBe(true);
  });

  it.for(entries)('$token comes to $expected', async ({ token, expected }) => {
    const decoded = decodeToken(token);
    const { verdict, wasCut } = await replay(decoded, await targetNamed(decoded.target, process.cwd()));
    const broken = verdict.rules.filter(({ status }) => status === 'violated').map(({ id }) => id);
    expect(wasCut).toBe(false);
    if (expected === 'held') expect(broken).toEqual([]);
    else expect(broken).toContain(expected);
  });
});
