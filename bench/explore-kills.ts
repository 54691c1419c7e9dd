/**
 * How surely and how fast explorations convict the known-bad clients that live in a simulated world, and what they
 * shrink to: `node --import tsx bench/explore-kills.ts [seeds] [id …]`. Without ids all of them, one process each, as
 * many at once as there are processors; with the default of 100 seeds that takes some twenty minutes on two. Ends
 * with status 1 when a promise of {@link brokenPromises} was not kept.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { judgeControl, loadControls } from '../harness/controls/index.ts';
import type { ControlEntry } from '../harness/controls/index.ts';
import { decodeToken, explore, tryOut } from '../harness/explore-api.ts';
import type { Counterexample, ExploreTarget } from '../harness/explore-api.ts';
import { explorationOf, OUTSIDE_OF_WORLDS } from '../properties/explore-controls.test-support.ts';

const [seedsWord = '100', ...ids] = process.argv.slice(2);
const SEEDS = Number(seedsWord);

/** Of each counterexample: with 100 seeds, a thousand replays of every control. */
const REPLAYS = 10;

/** A seed with which the control was caught. */
interface Kill {
  readonly schedules: number;
  readonly example: Counterexample;
  readonly shrinkMs: number;
  readonly replayedAlike: number;
}

const entries = (await loadControls()).filter(({ about: { id } }) =>
  ids.length === 0 ? !(id in OUTSIDE_OF_WORLDS) : ids.includes(id),
);
const [only] = entries;
process.exitCode = (entries.length === 1 && only !== undefined ? await convict(only) : await convictAll())
  ? 0
  : 1;

async function convictAll(): Promise<boolean> {
  const waiting = entries.map(({ about }) => about.id);
  const statuses: (number | null)[] = [];
  const serve = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) statuses.push(await runAlone(id));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, serve));
  const kept = statuses.filter((status) => status === 0).length;
  process.stdout.write(
    `${kept} of ${entries.length} controls: every promise kept with ${SEEDS} seeds each\n`,
  );
  return kept === entries.length;
}

/** In a process of its own: what one client leaves behind does not slow the next. */
function runAlone(id: string): Promise<number | null> {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), seedsWord, id];
  return new Promise((resolve) => spawn(process.execPath, args, { stdio: 'inherit' }).on('close', resolve));
}

async function convict(entry: ControlEntry): Promise<boolean> {
  const kills: Kill[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const kill = await tryOnce(entry, seed);
    if (kill !== null) kills.push(kill);
  }
  const broken = brokenPromises(entry, kills);
  process.stdout.write(
    `${lineOf(entry, kills)}${broken.map((promise) => ` · NOT KEPT: ${promise}`).join('')}\n`,
  );
  return broken.length === 0;
}

async function tryOnce(entry: ControlEntry, seed: number): Promise<Kill | null> {
  const options = explorationOf(entry);
  const { facts, counterexample } = await explore({ ...options, seed });
  if (counterexample === null) return null;
  if (judgeControl(entry.about, counterexample.verdict).outcome !== 'caught') return null;
  const replayedAlike = await countAlike(counterexample, options.target);
  return { schedules: facts.schedules, example: counterexample, shrinkMs: facts.shrinkMs, replayedAlike };
}

/** Each replay reads the token anew. */
async function countAlike({ token }: Counterexample, target: ExploreTarget): Promise<number> {
  if (token === null) return 0;
  let alike = 0;
  for (let n = 0; n < REPLAYS; n += 1) {
    const { setting, schedule, historyHash } = decodeToken(token);
    const choices = schedule.kind === 'choices' ? schedule.choices : [];
    if ((await tryOut(target, { setting, choices })).historyHash === historyHash) alike += 1;
  }
  return alike;
}

/** What does not depend on how fast the machine is. */
function brokenPromises({ about }: ControlEntry, kills: readonly Kill[]): readonly string[] {
  const schedulesMax = about.id === 'lease-lock' ? 200 : 10_000;
  const promises: Readonly<Record<string, boolean>> = {
    'caught by its own rule with every seed': kills.length === SEEDS,
    [`within ${schedulesMax} schedules`]: kills.every(({ schedules }) => schedules <= schedulesMax),
    'at most 3 accounts': kills.every(({ example }) => example.setting.users <= 3),
    'at most 8 decisions': kills.every(({ example }) => example.decisions <= 8),
    'every replay alike': kills.every(({ replayedAlike }) => replayedAlike === REPLAYS),
  };
  return Object.keys(promises).filter((promise) => promises[promise] !== true);
}

function lineOf({ about }: ControlEntry, kills: readonly Kill[]): string {
  const alike = kills.reduce((sum, { replayedAlike }) => sum + replayedAlike, 0);
  return [
    about.id.padEnd(26),
    about.rule.padEnd(18),
    `caught ${kills.length} of ${SEEDS}`,
    `schedules ${spread(kills, ({ schedules }) => schedules)}`,
    `least: accounts ${spread(kills, ({ example }) => example.setting.users)}`,
    `calls ${spread(kills, ({ example }) => example.setting.calls)}`,
    `decisions ${spread(kills, ({ example }) => example.decisions)}`,
    `tried ${spread(kills, ({ example }) => example.shrinking.schedules)}`,
    `ms ${spread(kills, ({ shrinkMs }) => Math.round(shrinkMs))}`,
    `replayed alike ${alike} of ${kills.length * REPLAYS}`,
  ].join(' · ');
}

/** Median and most. */
function spread(kills: readonly Kill[], of: (kill: Kill) => number): string {
  const sorted = kills.map(of).toSorted((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)] ?? '-'}/${sorted.at(-1) ?? '-'}`;
}
