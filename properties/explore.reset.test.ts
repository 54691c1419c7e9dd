import { describe, expect, it } from 'vitest';
import { builtInTarget, explore, shippedTarget } from '../harness/explore-api.ts';

/** The connection breaks while the exchange is at work, and the exchange goes on. */
const RESET = { users: 2, calls: 2, faults: { kinds: ['reset'], faultsMax: 1 }, schedulesMax: 200 } as const;

describe('a connection that breaks during service', () => {
  it('convicts a client that frees the lane then, though it is correct otherwise', async () => {
    const { target } = await shippedTarget('promise-chain');
    const { verdict, counterexample } = await explore({ target, ...RESET, rule: 'no-overlap' });
    expect(verdict.verdict).toBe('violated');
    expect(counterexample?.story.join('\n')).toContain('the connection breaks while the exchange is at work');
  });

  it('does not make the built-in client free the lane', async () => {
    const { verdict } = await explore({ target: builtInTarget(), ...RESET });
    expect(verdict).toMatchObject({ verdict: 'held' });
  });
});
