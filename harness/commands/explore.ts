import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { ControlScenario } from '../controls/support/index.ts';
import type { Checkpoint } from '../explore/index.ts';
import { parseCorpus } from '../explore/index.ts';
import type { CorpusEntry } from '../explore/index.ts';
import { explore } from '../explore/index.ts';
import type { ExploreReport } from '../explore/index.ts';
import { builtInTarget, moduleFileTarget, shippedTarget } from '../explore/index.ts';
import { formatExploration } from '../explore/index.ts';
import { SEED_CORPUS } from '../explore/index.ts';
import { credentialsIn } from '../explore/world/index.ts';
import { LANE_MODELS } from '../explore/protocols/index.ts';
import type { LaneModelName } from '../explore/protocols/index.ts';
import { STRATEGY_NAMES } from '../explore/strategy/index.ts';
import type { ExploreTarget } from '../explore/index.ts';
import { FAULT_KINDS, NO_FAULTS } from '../explore/world/index.ts';
import type { FaultKind, FaultPlan } from '../explore/world/index.ts';
import { ARRIVAL_PATTERNS } from '../explore/world/index.ts';
import type { ArrivalPattern } from '../explore/world/index.ts';
import { createRedactor } from '../redaction/index.ts';
import { colorsFor } from '../reports/index.ts';
import { forJson } from '../reports/content/index.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT_STATUS } from '../judge/verdict/index.ts';
import type { CommandContext, RegisterCommand } from './command.ts';
import {
  DEFAULT_OUT_MODE,
  fileMode,
  openEvidenceFile,
  OUT_MODE_HELP,
  writeEvidence,
} from './evidence-place.ts';
import { numberWithin, oneOf, STRICT_HELP } from './options.ts';
import { createProgress } from './progress.ts';
import { shellWord } from './shell-word.ts';

interface ExploreCommandOptions {
  readonly users?: number;
  readonly calls?: number;
  readonly scope?: 'global' | 'key';
  readonly faults?: readonly FaultKind[];
  readonly faultsMax: number;
  readonly arrivals?: readonly ArrivalPattern[];
  readonly strategy: string;
  readonly budget?: Budget;
  readonly decisions?: number;
  readonly reduction: boolean;
  readonly symmetry?: boolean;
  readonly checkpoint?: string;
  readonly outMode?: number;
  readonly corpus?: string;
  readonly threads?: number;
  readonly seed: number;
  readonly target?: string;
  readonly control?: string;
  readonly model?: LaneModelName;
  readonly strict?: boolean;
  readonly json?: boolean;
}

type Budget = { readonly schedulesMax: number } | { readonly timeoutMs: number };

/** `nonceproof explore`: many schedules of a client, each in a simulated world. */
export const registerExplore: RegisterCommand = (program, context) => {
  program
    .command('explore')
    .description(
      'run a client under many schedules in simulated worlds; stop at the first that breaks a rule, and shrink it',
    )
    .option('--users <n>', 'accounts, MASTER included (default 3)', numberWithin({ min: 1, max: 10_000 }))
    .option('--calls <n>', 'calls per account (default 4)', numberWithin({ min: 1, max: 10_000 }))
    .option(
      '--scope <scope>',
      'one lane for all accounts, or one per API key: global or key (default global)',
      oneOf(['global', 'key']),
    )
    .option(
      '--faults <kinds>',
      `what may go wrong: none, all, or some of ${FAULT_KINDS.join(',')} (default all; with exhaustive none)`,
      listOf(FAULT_KINDS),
    )
    .option('--faults-max <n>', 'most faults in one schedule', numberWithin({ min: 1, max: 100 }), 2)
    .option(
      '--arrivals <patterns>',
      `when calls are asked for: some of ${ARRIVAL_PATTERNS.join(',')} (default all)`,
      listOf(ARRIVAL_PATTERNS),
    )
    .option(
      '--strategy <name>',
      `how schedules are chosen: ${STRATEGY_NAMES.join(', ')}`,
      oneOf(STRATEGY_NAMES),
      'portfolio',
    )
    .option(
      '--budget <budget>',
      'when to stop: a number of schedules, or a time such as 60s (default 10000 schedules; with exhaustive when it is complete)',
      parseBudget,
    )
    .option(
      '--decisions <n>',
      'exhaustive: only schedules of at most n decisions',
      numberWithin({ min: 0, max: 1_000 }),
    )
    .option('--no-reduction', 'exhaustive: run equivalent schedules, too')
    .option('--symmetry', 'exhaustive: take accounts that have done nothing yet for interchangeable')
    .option('--checkpoint <file>', 'exhaustive: go on from this file, and write it when the budget ends')
    .option('--out-mode <mode>', `with --checkpoint, ${OUT_MODE_HELP}`, fileMode)
    .option('--corpus <file>', 'a token on each line, replayed before anything else; # begins a comment')
    .option(
      '--threads <n>',
      'threads that run schedules; what is found does not depend on it (default: one a processor)',
      numberWithin({ min: 1, max: 64 }),
    )
    .option('--seed <s>', 'fixes the schedules', numberWithin({ min: 0, max: 4_294_967_295 }), 42)
    .option('--target <file>', 'explore a client module')
    .option(
      '--control <id>',
      'explore a known-bad client, or a correct reference, that ships with nonceproof',
    )
    .option(
      '--model <name>',
      `explore the protocol of a lane that is shared, step by step and to its end: ${LANE_MODELS.join(', ')}`,
      oneOf(LANE_MODELS),
    )
    .option('--strict', STRICT_HELP)
    .option('--json', 'print the report as JSON and nothing else')
    .action((options: ExploreCommandOptions) => exploreCommand(options, context));
};

async function exploreCommand(options: ExploreCommandOptions, context: CommandContext): Promise<void> {
  if (options.model !== undefined) return exploreLane(options.model, context);
  const { target, setting } = await chooseTarget(options, context);
  const checkpointFile = options.checkpoint === undefined ? null : resolve(context.cwd, options.checkpoint);
  const mode = options.outMode ?? DEFAULT_OUT_MODE;
  if (checkpointFile !== null)
    await openEvidenceFile({ path: checkpointFile, named: options.checkpoint ?? '', mode });
  const progress = createProgress(options.json === true ? null : context);
  const report = await explore({
    target,
    users: options.users,
    calls: options.calls ?? callsFor(setting),
    scope: options.scope ?? setting.scope,
    clock: setting.clock,
    strict: options.strict ?? setting.strict,
    patterns: options.arrivals,
    faults: faultsOf(options),
    strategy: options.strategy,
    seed: options.seed,
    ...options.budget,
    decisionsMax: options.decisions,
    isReduced: options.reduction,
    isSymmetric: options.symmetry,
    checkpoint: readCheckpoint(checkpointFile),
    corpus: readCorpus(options.corpus, context).map(({ token }) => token),
    threads: options.threads ?? availableParallelism(),
    signal: context.signal,
    onProgress: (schedules) => progress.show(`run      ${schedules} schedules`),
    reproduce: commandLine(options),
  });
  progress.clear();
  await writeCheckpoint(checkpointFile, report, mode);
  const { redact } = createRedactor(report.facts.settings.flatMap(credentialsIn));
  context.stdout.write(redact(options.json === true ? toJson(report) : toText(report, context)));
  context.setExitStatus(EXIT_STATUS[report.verdict.verdict]);
}

async function exploreLane(model: LaneModelName, context: CommandContext): Promise<void> {
  const { LANE_SCENARIOS } = await import('../explore/protocols/index.ts');
  const { exploreModel } = await import('./explore-model.ts');
  return exploreModel(
    { title: `the ${model} lane, step by step`, scenarios: LANE_SCENARIOS[model] },
    context,
  );
}

async function chooseTarget(
  { target, control }: ExploreCommandOptions,
  { cwd }: CommandContext,
): Promise<{ readonly target: ExploreTarget; readonly setting: ControlScenario }> {
  if (target !== undefined && control !== undefined) {
    throw new UsageError('Failed to choose a target: --control and --target exclude each other. Give one.');
  }
  if (control !== undefined) return shippedTarget(control);
  return { target: target === undefined ? builtInTarget() : moduleFileTarget(target, cwd), setting: {} };
}

/** What a control needs for its defect to show over sockets, within what is worth exploring. */
function callsFor({ calls = CALLS.min }: ControlScenario): number {
  return Math.min(Math.max(calls, CALLS.min), CALLS.max);
}

const CALLS = { min: 4, max: 6 };

function faultsOf({ faults, faultsMax, strategy }: ExploreCommandOptions): FaultPlan {
  const kinds = faults ?? (strategy === 'exhaustive' ? [] : FAULT_KINDS);
  return kinds.length === 0 ? NO_FAULTS : { kinds, faultsMax };
}

/** A parser for commander of a list: `none`, `all`, or names between commas. */
function listOf<const T extends string>(values: readonly T[]): (text: string) => readonly T[] {
  return (text) => {
    if (text === 'none') return [];
    if (text === 'all') return values;
    const names = text.split(',');
    const unknown = names.find((name) => !values.some((value) => value === name));
    if (unknown === undefined) return values.filter((value) => names.includes(value));
    throw new InvalidArgumentError(
      `Expected none, all, or some of ${values.join(',')}, got ${JSON.stringify(unknown)}.`,
    );
  };
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function parseBudget(text: string): Budget {
  const [, digits = '', unit = ''] = /^(\d+)([smh]?)$/.exec(text) ?? [];
  const n = Number(digits);
  if (digits === '' || n < 1 || n > 1e12) {
    throw new InvalidArgumentError(
      `Expected a number of schedules, or a time such as 60s, 5m or 1h, got ${JSON.stringify(text)}.`,
    );
  }
  const unitMs = UNITS_MS[unit];
  return unitMs === undefined
    ? { schedulesMax: n }
    : { timeoutMs: n * unitMs, schedulesMax: Number.MAX_SAFE_INTEGER };
}

/** What ships with nonceproof, and the user's own. */
function readCorpus(path: string | undefined, { cwd }: CommandContext): readonly CorpusEntry[] {
  const shipped = parseCorpus(SEED_CORPUS);
  if (path === undefined) return shipped;
  try {
    return [...shipped, ...parseCorpus(readFileSync(resolve(cwd, path), 'utf8'))];
  } catch (cause) {
    throw new UsageError(`Failed to read corpus ${path}: it cannot be read. Name a file of tokens.`, cause);
  }
}

function readCheckpoint(file: string | null): Checkpoint | undefined {
  if (file === null || !existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Checkpoint;
  } catch (cause) {
    throw new UsageError(
      `Failed to read checkpoint ${file}: it is no JSON. Remove the file to begin anew.`,
      cause,
    );
  }
}

/** A search that is complete needs no checkpoint any more. */
async function writeCheckpoint(
  file: string | null,
  { checkpoint }: ExploreReport,
  mode: number,
): Promise<void> {
  if (file === null) return;
  if (checkpoint === null) rmSync(file, { force: true });
  else await writeEvidence(file, JSON.stringify(checkpoint), mode);
}

function toText(report: ExploreReport, { stdout, env }: CommandContext): string {
  return formatExploration(report, colorsFor({ isTTY: stdout.isTTY === true, env }));
}

function toJson({ verdict, facts, counterexample }: ExploreReport): string {
  return `${forJson({ ...verdict, facts, counterexample }, 2)}\n`;
}

/** The command line that explores the same again, for a counterexample that does not fit a token. */
function commandLine({ faultsMax, budget, ...options }: ExploreCommandOptions): string {
  const { control, target, users, calls, scope, faults, arrivals, strategy, decisions, seed } = options;
  const subject = { control, target, users, calls, scope, faults, 'faults-max': faultsMax, arrivals };
  const search = { strategy, budget: schedulesOf(budget), decisions, seed };
  const said = [...Object.entries(subject), ...Object.entries(search)].filter(
    ([, value]) => value !== undefined,
  );
  const words = said.map(([name, value]) => `--${name} ${shellWord(String(value))}`);
  return ['nonceproof explore', ...words, ...(options.strict === true ? ['--strict'] : [])].join(' ');
}

/** A time is no part of what is reproduced: a slower machine needs more of it. */
function schedulesOf(budget: Budget | undefined): number | undefined {
  return budget === undefined || 'timeoutMs' in budget ? undefined : budget.schedulesMax;
}
