import type { LaneScenario, ModelReport } from '../explore/protocols/index.ts';
import { formatInteger } from '../format.ts';
import { EXIT_STATUS } from '../judge/verdict/index.ts';
import type { Verdict } from '../judge/verdict/index.ts';
import type { CommandContext } from './command.ts';
import { createProgress } from './progress.ts';

/** What is explored, and what it is called. */
export interface ModelExploration {
  readonly title: string;
  readonly scenarios: readonly LaneScenario[];
}

/**
 * `nonceproof explore --model`: every interleaving of those who share a lane, told in words. An interrupt is heeded
 * between two settings; one that is begun goes to its end, which takes seconds.
 */
export async function exploreModel(
  { scenarios, title }: ModelExploration,
  context: CommandContext,
): Promise<void> {
  const { stdout } = context;
  const progress = createProgress(context);
  stdout.write(`nonceproof · ${title}\n\n`);
  const reports: ModelReport[] = [];
  for (const scenario of scenarios) {
    progress.show(`run      ${scenario.title}`);
    // Lets what was written be seen: exploring does not wait for anything.
    await new Promise((resolve) => setImmediate(resolve));
    if (context.signal?.aborted === true) break;
    const report = scenario.explore();
    reports.push(report);
    progress.clear();
    stdout.write(`${describe(scenario, report)}\n`);
  }
  progress.clear();
  const missed = scenarios.length - reports.length;
  const verdict = worstOf([...reports.map(statusOf), ...(missed > 0 ? (['inconclusive'] as const) : [])]);
  const said = missed > 0 ? `; interrupted, ${missed} of them left out` : SAID[verdict];
  stdout.write(`\n${verdict.toUpperCase()} (exhaustive): ${scenarios.length} settings${said}.\n`);
  context.setExitStatus(EXIT_STATUS[verdict]);
}

const SAID: Readonly<Record<Verdict['verdict'], string>> = {
  held: ', in none of them two calls in service, and everybody gets done',
  violated: '',
  inconclusive: '; some have too many states to see them all',
};

function statusOf({ isExhaustive, violation }: ModelReport): Verdict['verdict'] {
  if (violation !== null) return 'violated';
  return isExhaustive ? 'held' : 'inconclusive';
}

function worstOf(statuses: readonly Verdict['verdict'][]): Verdict['verdict'] {
  if (statuses.includes('violated')) return 'violated';
  return statuses.includes('inconclusive') || statuses.length === 0 ? 'inconclusive' : 'held';
}

function describe({ title }: LaneScenario, report: ModelReport): string {
  const { ends, interleavings, moves, states, violation } = report;
  if (violation !== null) {
    const path = violation.path.map((label) => `                ${label}`);
    return [`  violated      ${title}`, `                ${violation.reason} How:`, ...path].join('\n');
  }
  const sizes = `${formatInteger(states)} states, ${formatInteger(moves)} steps between them, ${formatInteger(ends)} ends`;
  const ways = interleavings === null ? '' : `; ${inWords(interleavings)} interleavings`;
  return `  ${statusOf(report).padEnd(12)}  ${title}\n                ${sizes}${ways}`;
}

/** More digits than anybody reads are a power of ten. */
function inWords(n: bigint): string {
  const digits = String(n);
  return digits.length <= 12
    ? n.toLocaleString('en-US')
    : `${digits[0]}.${digits.slice(1, 3)}e${digits.length - 1}`;
}
