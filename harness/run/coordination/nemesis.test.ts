import { expect, it } from 'vitest';
import { Nemesis, NEMESIS_KINDS } from './nemesis.ts';
import type { NemesisKind, NemesisRecord } from './nemesis.ts';

/** A run in which nothing really breaks, until every strike was made; what was done to it, in order. */
async function afflict(
  kinds: readonly NemesisKind[],
  { seed = 1, processes = 3 } = {},
): Promise<NemesisRecord & { readonly deeds: readonly string[] }> {
  const deeds: string[] = [];
  const startedAtMs = performance.now();
  const nemesis = new Nemesis(
    kinds,
    {
      processes,
      callsExpected: 1_000,
      callsSoFar: () => 5 * (performance.now() - startedAtMs),
      signal: (process, signal) => void deeds.push(`${signal} ${process}`),
      cut: (process) => void deeds.push(`cut ${process}`),
      stall: (process) => void deeds.push(`stall ${process}`),
      resume: (process) => void deeds.push(`resume ${process}`),
      restartServer: async (crash) => void deeds.push(crash ? 'crash' : 'restart'),
    },
    seed,
  );
  nemesis.start();
  while (strikesIn(deeds) < strikesOf(kinds)) await new Promise((resolve) => setTimeout(resolve, 2));
  return { ...(await nemesis.stop()), deeds };
}

function strikesOf(kinds: readonly NemesisKind[]): number {
  return kinds.reduce((sum, kind) => sum + (kind === 'skew' ? 0 : kind === 'kill' ? 1 : 2), 0);
}

function strikesIn(deeds: readonly string[]): number {
  return deeds.filter((deed) => !deed.startsWith('SIGCONT') && !deed.startsWith('resume')).length;
}

it('strikes with every kind, and lets whoever it stopped go on', async () => {
  const { deeds, struck } = await afflict(NEMESIS_KINDS);
  expect(struck.toSorted()).toEqual([...NEMESIS_KINDS].sort());
  const times = (deed: string): number => deeds.filter((done) => done.startsWith(deed)).length;
  expect([times('cut'), times('restart'), times('crash')]).toEqual([2, 1, 1]);
  expect([times('SIGSTOP'), times('SIGCONT')]).toEqual([2, 2]);
  expect([times('stall'), times('resume')]).toEqual([2, 2]);
});

it('kills one process, leaves the others alive, and does nothing more to the dead one', async () => {
  const { deeds, killed } = await afflict(['kill', 'cut'], { processes: 2, seed: 7 });
  expect(killed).toHaveLength(1);
  const after = deeds.slice(deeds.indexOf(`SIGKILL ${killed[0]}`) + 1);
  expect(deeds).toContain(`SIGKILL ${killed[0]}`);
  expect(after).not.toContain(`cut ${killed[0]}`);
});

it('does the same in the same order with the same seed', async () => {
  const kinds: readonly NemesisKind[] = ['kill', 'cut', 'restart'];
  const [one, again, other] = await Promise.all([
    afflict(kinds, { seed: 3 }),
    afflict(kinds, { seed: 3 }),
    afflict(kinds, { seed: 4 }),
  ]);
  expect(one.deeds).toHaveLength(5);
  expect(again.deeds).toEqual(one.deeds);
  expect(other.deeds).not.toEqual(one.deeds);
});

it('does nothing where the run is over before its first moment', async () => {
  expect((await afflict([])).deeds).toEqual([]);
});
