/**
 * That explorations acquit every correct client: `node --import tsx bench/explore-references.ts [schedules] [id …]`.
 * The schedules, a million by default, are shared evenly among the built-in client and the references; all
 * processors take part. Ends with status 1 at anything but `held`.
 */
import { availableParallelism } from 'node:os';
import { builtInTarget, explore, loadedTarget } from '../harness/explore-api.ts';
import type { ExploreTarget, FaultPlan } from '../harness/explore-api.ts';
import { loadReferences } from '../harness/controls/references/index.ts';
import { ALL_FAULTS, REFERENCE_FAULTS } from '../properties/explore-controls.test-support.ts';

interface Innocent {
  readonly target: ExploreTarget;
  readonly faults: FaultPlan;
}

const [schedulesWord = '1000000', ...ids] = process.argv.slice(2);
const innocents = (await everybody()).filter(({ target }) => ids.length === 0 || ids.includes(target.name));
const schedulesEach = Math.ceil(Number(schedulesWord) / innocents.length);

let [schedules, alarms] = [0, 0];
for (const innocent of innocents) {
  const { verdict, facts } = await explore({
    ...innocent,
    schedulesMax: schedulesEach,
    threads: availableParallelism(),
  });
  schedules += facts.schedules;
  if (verdict.verdict !== 'held') alarms += 1;
  const perSecond = Math.round((facts.schedules / facts.elapsedMs) * 1_000);
  process.stdout.write(
    `${innocent.target.name.padEnd(14)} ${verdict.verdict} · ${facts.schedules} schedules, ${perSecond}/s · ${facts.repeated} repeated alike\n`,
  );
  if (verdict.verdict !== 'held') process.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
}
process.stdout.write(`${alarms} alarms in ${schedules} schedules of ${innocents.length} correct clients\n`);
process.exitCode = alarms === 0 ? 0 : 1;

async function everybody(): Promise<readonly Innocent[]> {
  const references = (await loadReferences()).map(({ about, createClient, url }) => ({
    target: loadedTarget(about.id, createClient, url),
    faults: REFERENCE_FAULTS,
  }));
  return [{ target: builtInTarget(), faults: ALL_FAULTS }, ...references];
}
