import { Option } from 'commander';
import { findControl, loadControls, QUICK_CONTROLS, QUICK_REFERENCES } from '../controls/index.ts';
import { chooseNemesis, COORDINATORS, NEMESIS_KINDS } from '../run/coordination/index.ts';
import { chooseFaults, FAULTS_NAMES } from '../run/index.ts';
import { findReference, loadReferences } from '../controls/references/index.ts';
import { interruptionOf } from '../interruption.ts';
import type { TraceHeader } from '../judge/history/index.ts';
import { readSourceState } from '../provenance/index.ts';
import { judgeRun } from '../run/index.ts';
import { findModule, findProgram } from '../run/index.ts';
import { observeRun } from '../run/index.ts';
import type { Observation, RunStart, RunSurroundings } from '../run/index.ts';
import type { RunOptions } from '../run/index.ts';
import { DEFAULT_RUN, defaultTimeoutMs, TIMEOUT_MS_WITH_FAULTS } from '../run/index.ts';
import { BUILT_IN_CLIENT, folderOf, moduleTarget } from '../run/index.ts';
import type { Target } from '../run/index.ts';
import { settingsOf, tryControls } from '../run/index.ts';
import { UsageError } from '../usage-error.ts';
import { EXIT_STATUS } from '../judge/verdict/index.ts';
import { announce } from './announce.ts';
import type { OutputFormat } from './announce.ts';
import type { CommandContext, RegisterCommand } from './command.ts';
import { openEvidence } from './evidence.ts';
import { fileMode, OUT_MODE_HELP } from './evidence-place.ts';
import { numberWithin, oneOf, STRICT_HELP } from './options.ts';
import { createProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { commandLineOf } from './reproduce.ts';
import { traceEnd } from './trace-end.ts';
import { traceHeader } from './trace-header.ts';
import type { VerifyOptions } from './verify-options.ts';

/** `nonceproof verify`: one run over sockets, judged. */
export const registerVerify: RegisterCommand = (program, context) => {
  program
    .command('verify')
    .description(
      'drive a client against the mock Kraken and judge every call; without a command, the built-in client',
    )
    .argument('[command...]', 'the program to verify, after --')
    .option(
      '--users <n>',
      `accounts, MASTER included (default ${DEFAULT_RUN.users})`,
      numberWithin({ min: 1, max: 10_000 }),
    )
    .option(
      '--calls <n>',
      `calls per account (default ${DEFAULT_RUN.callsPerAccount})`,
      numberWithin({ min: 1, max: 100_000 }),
    )
    .option(
      '--scope <scope>',
      `one lane for all accounts, or one per API key: global or key (default ${DEFAULT_RUN.scope})`,
      oneOf(['global', 'key']),
    )
    .option(
      '--service-ms <ms>',
      `how long the exchange works on a call (default ${DEFAULT_RUN.serviceMs})`,
      numberWithin({ min: 0, max: 60_000, whole: false }),
    )
    .option(
      '--processes <n>',
      `processes of the target (default ${DEFAULT_RUN.processes})`,
      numberWithin({ min: 1, max: 64 }),
    )
    .option(
      '--threads <n>',
      `threads of each process of a client module (default ${DEFAULT_RUN.threads})`,
      numberWithin({ min: 1, max: 64 }),
    )
    .option(
      '--coordinator <name>',
      `how they share the lane: ${COORDINATORS.join(', ')} (default threads with --threads, else ${DEFAULT_RUN.coordinator})`,
      oneOf(COORDINATORS),
    )
    .option(
      '--nemesis <kinds>',
      `with --coordinator postgres, break what the lane stands on: all, or some of ${NEMESIS_KINDS.join(',')}`,
    )
    .addOption(
      new Option(
        '--per-account',
        'start one process for each account, with the credentials of that account alone',
      ).conflicts('processes'),
    )
    .option('--allow-net', 'let the program reach hosts other than Kraken (which it never reaches)')
    .option(
      '--seed <s>',
      `fixes service times, jitter and credentials (default ${DEFAULT_RUN.seed})`,
      numberWithin({ min: 0, max: 4_294_967_295 }),
    )
    .option(
      '--timeout <s>',
      `seconds until the target is ended (default ${DEFAULT_RUN.timeoutMs / 1_000}, and 2 x (service + jitter) + 50 ms for each call: ${defaultTimeoutMs(DEFAULT_RUN, { hasFaults: false }) / 1_000} with all defaults)`,
      numberWithin({ min: 0.1, max: 86_400, whole: false }),
    )
    .option(
      '--faults <name>',
      `what goes wrong: ${FAULTS_NAMES.join(', ')} (default none); the time limit then begins at ${TIMEOUT_MS_WITH_FAULTS / 1_000} s`,
      oneOf(FAULTS_NAMES),
    )
    .option('--fault-plan <file>', 'what goes wrong, as a plan of your own')
    .option('--strict', STRICT_HELP)
    .option('--out <dir>', 'where the evidence goes', 'nonceproof-out')
    .option('--out-mode <mode>', OUT_MODE_HELP, fileMode)
    .option('--junit <file>', 'write a JUnit report there as well')
    .option('--json', 'print the verdict as JSON and nothing else')
    .option('--tap', 'print the verdict in the Test Anything Protocol and nothing else')
    .option('--config <file>', 'options from there (default: nonceproof.config.ts, .mts, .js, .mjs or .json)')
    .option('--no-config', 'options from nowhere else')
    .option('--control <id>', 'verify a known-bad client, or a correct reference, that ships with nonceproof')
    .option('--target <file>', 'verify a client module')
    .action((command: string[], options: VerifyOptions) => verify({ command, options, context }));
};

interface Invocation {
  readonly command: readonly string[];
  readonly options: VerifyOptions;
  readonly context: CommandContext;
}

async function verify(invocation: Invocation): Promise<void> {
  const { options, context } = invocation;
  const format = outputFormat(options);
  const chosen = await chooseTarget(invocation);
  const settings = completeSettings(chosen, invocation);
  const evidence = await openEvidence(options, context.cwd);
  const progress = createProgress(format === 'text' ? context : null);
  const surroundings = { env: context.env, cwd: context.cwd, signal: context.signal };
  const source = await readSourceState({
    ...surroundings,
    folder: folderOf(chosen.target, context.cwd),
    except: evidence.places,
  });
  const tryJudge = async (): Promise<Judgement> =>
    chosen.isOwnWord ? tryTheJudge({ settings, surroundings, progress }) : NO_JUDGEMENT;
  const headerOf = ({ originMs }: Pick<RunStart, 'originMs'>): TraceHeader =>
    traceHeader({ target: chosen.target, settings, originMs, source });
  const observe = (): Promise<Observation> =>
    observeRun(chosen.target, settings, {
      ...surroundings,
      onProgress: (calls) => progress.show(`run      ${calls} calls`),
      record: (start) => evidence.begin(headerOf(start), start.redactor.redact),
    });
  const isMostlyWaiting = settings.faults !== null;
  const [judgement, observation] = isMostlyWaiting
    ? await sideBySide(tryJudge, observe)
    : [await tryJudge(), await observe()];
  progress.clear();
  const defects = [...judgement.defects, ...cutShort(observation, context)];
  const { verdict: judged, facts } = judgeRun({ target: chosen.target, settings }, observation, {
    reproduce: commandLineOf(invocation.command, options, settings.seed),
    judgeLine: judgement.line,
    evidenceDir: evidence.shown,
    defects,
  });
  const header = headerOf(observation);
  const end = traceEnd(observation, { settings, defects });
  const { faults } = settings;
  const { verdict, unwritten } = await evidence.write({
    verdict: judged,
    facts,
    observation,
    header,
    end,
    faults,
  });
  const shown = unwritten === null ? facts : { ...facts, evidenceDir: null };
  await announce({ verdict, facts: shown, redactor: observation.redactor }, format, context);
  if (unwritten !== null) throw unwritten;
  context.setExitStatus(EXIT_STATUS[verdict.verdict]);
}

/** Waits for both also when one fails, so that nothing is left running behind an error. */
async function sideBySide<A, B>(one: () => Promise<A>, other: () => Promise<B>): Promise<[A, B]> {
  const both = [one(), other()] as const;
  await Promise.allSettled(both);
  return Promise.all(both);
}

/** Why an observation is not all that there would have been to see, or cannot be relied on. */
function cutShort({ exit }: Observation, { signal }: CommandContext): readonly string[] {
  const interruption = interruptionOf(signal);
  if (interruption === null) return [];
  const { isFailure, observed } = interruption;
  return isFailure || exit.endedBy === 'interrupt' ? [`${observed}.`] : [];
}

function outputFormat({ json, tap }: VerifyOptions): OutputFormat {
  if (json === true && tap === true) {
    throw new UsageError('Failed to choose an output: --json and --tap exclude each other. Give one.');
  }
  return json === true ? 'json' : tap === true ? 'tap' : 'text';
}

interface ChosenTarget {
  readonly target: Target;
  readonly settings: Partial<RunOptions>;
  /** The judge proves its power first, unless the target is itself a control or a reference. */
  readonly isOwnWord: boolean;
}

async function chooseTarget({ command, options, context }: Invocation): Promise<ChosenTarget> {
  const named = [command.length > 0, options.control !== undefined, options.target !== undefined];
  if (named.filter(Boolean).length > 1) {
    throw new UsageError(
      'Failed to choose a target: a command, --control and --target exclude each other. Give one.',
    );
  }
  if (options.control !== undefined) return chooseControl(options.control);
  if (options.target !== undefined) {
    const url = findModule(options.target, context.cwd);
    return { target: moduleTarget(options.target, url), settings: {}, isOwnWord: true };
  }
  const [program, ...args] = command;
  if (program === undefined)
    return { target: BUILT_IN_CLIENT, settings: { clock: 'steps' }, isOwnWord: true };
  if (options.threads !== undefined || options.coordinator !== undefined) {
    throw new UsageError(
      'Failed to share the lane: --threads and --coordinator are for client modules; a program brings its own. Leave them out.',
    );
  }
  findProgram(program, context);
  const target: Target = { kind: 'command', title: command.join(' '), command: program, args };
  return { target, settings: {}, isOwnWord: true };
}

async function chooseControl(id: string): Promise<ChosenTarget> {
  const entry = (await findControl(id)) ?? (await findReference(id));
  if (entry === undefined) {
    throw new UsageError(
      `Failed to find control ${id}: there is none of that name. See: nonceproof controls --list`,
    );
  }
  if (entry.missing.length > 0) {
    throw new UsageError(
      `Failed to run control ${id}: it needs ${entry.missing.join(', ')}. Install it beside nonceproof.`,
    );
  }
  const settings = { users: 8, callsPerAccount: 5, ...settingsOf(entry.about.setting) };
  return { target: moduleTarget(`control ${id}`, entry.url), settings, isOwnWord: false };
}

function settingsFrom(options: VerifyOptions): Partial<RunOptions> {
  const { users, calls, scope, serviceMs, perAccount, allowNet, seed, strict, timeout } = options;
  return {
    ...settingsOf({
      ...(users === undefined ? {} : { users }),
      ...(calls === undefined ? {} : { calls }),
      ...(scope === undefined ? {} : { scope }),
      ...(serviceMs === undefined ? {} : { serviceMs }),
      ...(timeout === undefined ? {} : { timeoutS: timeout }),
    }),
    ...sharingFrom(options),
    ...(perAccount === undefined ? {} : { perAccount }),
    ...(allowNet === undefined ? {} : { allowNet }),
    ...(seed === undefined ? {} : { seed }),
    ...(strict === undefined ? {} : { strict }),
  };
}

/** Several threads share a lane unless told otherwise; processes have nothing to share one by. */
function sharingFrom(options: VerifyOptions): Partial<RunOptions> {
  const { processes, threads, coordinator } = options;
  const chosen = coordinator ?? (threads !== undefined && threads > 1 ? 'threads' : undefined);
  return {
    ...(processes === undefined ? {} : { processes }),
    ...(threads === undefined ? {} : { threads }),
    ...(chosen === undefined ? {} : { coordinator: chosen }),
    ...(options.nemesis === undefined
      ? {}
      : { nemesis: chooseNemesis(options.nemesis, { processes, coordinator }) }),
  };
}

/** What the user says goes before what the target wishes for, and that before the defaults. */
function completeSettings({ target, settings }: ChosenTarget, { options, context }: Invocation): RunOptions {
  const wished = { ...DEFAULT_RUN, ...settings, ...settingsFrom(options) };
  const { users, callsPerAccount, seed } = wished;
  const { cwd, env } = context;
  const faults = chooseFaults(options, { calls: users * callsPerAccount, seed, target, cwd, env });
  if (faults === null) {
    const isGiven = options.timeout !== undefined || settings.timeoutMs !== undefined;
    return isGiven ? wished : { ...wished, timeoutMs: defaultTimeoutMs(wished, { hasFaults: false }) };
  }
  const timeoutMs =
    options.timeout === undefined ? defaultTimeoutMs(wished, { hasFaults: true }) : wished.timeoutMs;
  return { ...wished, timeoutMs, ...faults };
}

interface Judgement {
  readonly line: string | null;
  /** Why no verdict of this judge may be believed. */
  readonly defects: readonly string[];
}

const NO_JUDGEMENT: Judgement = { line: null, defects: [] };

/** A judge that cannot convict acquits nobody: a quick line-up comes first. */
async function tryTheJudge(options: {
  readonly settings: RunOptions;
  readonly surroundings: RunSurroundings;
  readonly progress: Progress;
}): Promise<Judgement> {
  const controls = (await loadControls()).filter(({ about }) => QUICK_CONTROLS.includes(about.id));
  const references = (await loadReferences()).filter(({ about }) => QUICK_REFERENCES.includes(about.id));
  const { seed } = options.settings;
  const { surroundings, progress } = options;
  const matrix = await tryControls(
    { controls, references },
    { seed, surroundings, onDone: (id) => progress.show(`judge    tried ${id}`) },
  );
  if (surroundings.signal?.aborted === true) return NO_JUDGEMENT;
  const line = `${matrix.caught} of ${controls.length} known-bad clients convicted, ${matrix.acquitted} of ${references.length} correct ones acquitted (all of them: nonceproof controls)`;
  const wrong = [...matrix.controls, ...matrix.references].filter(
    ({ outcome }) => outcome !== 'caught' && outcome !== 'acquitted',
  );
  return {
    line,
    defects: wrong.map(({ id, outcome }) => `the judge cannot be believed: ${id} came out as ${outcome}`),
  };
}
