/**
 * How surely and how fast explorations convict the known-bad clients that live in a simulated world:
 * `node --import tsx bench/explore-kills.ts [seeds] [id]`. Takes minutes with the default of 100 seeds.
 */
import { explore, decodeToken, FAULT_KINDS, loadedTarget, replay } from '../harness/explore/index.ts';
import type { Counterexample, ExploreTarget } from '../harness/explore/index.ts';
import { judgeControl, loadControls } from '../harness/controls/index.ts';
import type { ControlEntry } from '../harness/controls/index.ts';
import { IN_A_WORLD } from '../properties/explore-controls.test-support.ts';

const [seeds = '100', only = ''] = process.argv.slice(2);
const REPLAYS = 10;

interface Kill {
  readonly schedules: number;
  readonly example: Counterexample;
  readonly shrinkMs: number;
  readonly replayedSame: number;
}

for (const entry of await loadControls()) {
  if (IN_A_WORLD.has(entry.about.id) && entry.about.id.includes(only)) await convict(entry);
}

async function convict(entry: ControlEntry): Promise<void> {
  const kills: Kill[] = [];
  for (let seed = 1; seed <= Number(seeds); seed += 1) {
    const kill = await tryOnce(entry, seed);
    if (kill !== null) kills.push(kill);
  }
  process.stdout.write(`${lineOf(entry, kills)}\n`);
}

async function tryOnce({ about, createClient, url }: ControlEntry, seed: number): Promise<Kill | null> {
  const target = loadedTarget(about.id, createClient, url);
  const { facts, counterexample } = await explore({
    target,
    users: about.id === 'lease-lock' ? 2 : 3,
    calls: Math.min(Math.max(about.setting?.calls ?? 4, 4), 6),
    scope: about.setting?.scope,
    faults: { kinds: FAULT_KINDS, faultsMax: 2 },
    seed,
    rule: about.rule,
  });
  if (counterexample === null) return null;
  if (judgeControl(about, counterexample.verdict).outcome !== 'caught') return null;
  return {
    schedules: facts.schedules,
    example: counterexample,
    shrinkMs: facts.shrinkMs,
    replayedSame: await replayedSame(counterexample, target),
  };
}

async function replayedSame({ token }: Counterexample, target: ExploreTarget): Promise<number> {
  let same = 0;
  for (let n = 0; n < REPLAYS; n += 1) {
    if (token !== null && (await replay(decodeToken(token), target)).isSameHistory) same += 1;
  }
  return same;
}

function lineOf({ about }: ControlEntry, kills: readonly Kill[]): string {
  const worst = (of: (kill: Kill) => number): number => Math.max(0, ...kills.map(of));
  const schedules = kills.map((kill) => kill.schedules).toSorted((a, b) => a - b);
  const replays = kills.reduce((sum, kill) => sum + kill.replayedSame, 0);
  return [
    about.id.padEnd(26),
    about.rule.padEnd(17),
    `caught ${kills.length} of ${seeds}`,
    `schedules median ${schedules[Math.floor(schedules.length / 2)]}, most ${worst(({ schedules: n }) => n)}`,
    `least example at most ${worst(({ example }) => example.setting.users)} users, ${worst(({ example }) => example.decisions)} decisions, in ${Math.round(worst(({ shrinkMs }) => shrinkMs))} ms`,
    `replayed alike ${replays} of ${kills.length * REPLAYS}`,
  ].join(' · ');
}
