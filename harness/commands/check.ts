import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { JournalRecord } from '../../mock-kraken/index.ts';
import type { LaneScope } from '../../src/index.ts';
import { readClientFile, readTrace } from '../judge/history/index.ts';
import type { ClientFileReading, TraceHeader } from '../judge/history/index.ts';
import { RunStatisticsCollector } from '../provenance/index.ts';
import { colorsFor, jsonReport, terminalReport } from '../reports/index.ts';
import type { RunFacts } from '../reports/content/index.ts';
import { runContext } from '../run/index.ts';
import { hostWallMs } from '../system.ts';
import { UsageError } from '../usage-error.ts';
import { createJudge, EXIT_STATUS } from '../judge/verdict/index.ts';
import type { Judge, JudgeEnd, Verdict } from '../judge/verdict/index.ts';
import type { CommandContext, RegisterCommand } from './command.ts';
import { oneOf, STRICT_HELP } from './options.ts';
import { recordedSetup } from './recorded-setup.ts';
import { shellWord } from './shell-word.ts';

/** What `check` is asked to judge. */
export interface CheckOptions {
  /** A `trace.ndjson`, wherever it came from. */
  readonly file: string;
  /** Relative file names start here. */
  readonly cwd: string;
  /** `null`: as the trace's header says, and `global` where there is none. */
  readonly scope: LaneScope | null;
  /** Accounts that should have called; `null`: those that `verify` recorded, and of any other file nobody knows. */
  readonly accounts: readonly string[] | null;
  /** The `client.ndjson` of the same run; `null` without one. */
  readonly clientFile: string | null;
  /** See `RuleContext`. A run that was judged strictly always is. Default `false`. */
  readonly strict?: boolean;
}

/** A recorded history, judged. */
export interface CheckResult {
  readonly verdict: Verdict;
  readonly facts: RunFacts;
}

/**
 * Judges a recorded history, holding neither the file nor its calls in memory.
 * @throws UsageError when a file cannot be read
 */
export async function checkFile(options: CheckOptions): Promise<CheckResult> {
  const client = await readClientSide(options);
  let trial = new Trial(options, null, client !== null);
  const trace = await withFile(options, options.file, (chunks) =>
    readTrace(
      chunks,
      (call, lineNumber) => trial.onCall(call, lineNumber),
      (header) => (trial = new Trial(options, header, client !== null)),
    ),
  );
  const defects = [...trace.defects, ...(client?.defects ?? [])];
  return trial.finish({
    exit: trace.end?.exit ?? null,
    faultsElsewhere: trace.end?.struck,
    clientCalls: client?.calls ?? null,
    defects: [...defects, ...(trace.end?.defects ?? [])],
    sealed: trace.sealed,
  });
}

/** A file while it is judged. What its header says fills in what the options leave open. */
class Trial {
  readonly #options: CheckOptions;
  readonly #header: TraceHeader | null;
  readonly #scope: LaneScope;
  readonly #accounts: readonly string[] | null;
  readonly #judge: Judge;
  readonly #statistics = new RunStatisticsCollector({ clientSide: false });

  constructor(options: CheckOptions, header: TraceHeader | null, clientSide: boolean) {
    this.#options = options;
    this.#header = header;
    this.#scope = options.scope ?? header?.scope ?? 'global';
    this.#accounts = options.accounts ?? expectedAccounts(header);
    const setup = runContext(recordedSetup(header));
    const isStrict = setup.strict === true || options.strict === true;
    this.#judge = createJudge({
      scope: this.#scope,
      accounts: this.#accounts,
      ...setup,
      clientSide,
      strict: isStrict,
      // When an unsealed file was recorded is not in it; it was not later than now.
      originMs: header === null ? hostWallMs() : Date.parse(header.startedAt),
      seed: header?.seed ?? 0,
      recordedScope: header?.scope ?? null,
      strength: 'observed',
      reproduce: reproduceLine({ ...options, strict: isStrict }, this.#scope),
    });
  }

  onCall(call: JournalRecord, lineNumber: number): void {
    this.#judge.onCall(call, lineNumber);
    this.#statistics.onCall(call);
  }

  finish(end: JudgeEnd): CheckResult {
    const facts: RunFacts = {
      title: this.#options.file,
      accounts: this.#accounts?.length ?? null,
      scope: this.#scope,
      seed: this.#header?.seed ?? null,
      judgeLine: null,
      statistics: this.#statistics.finish(null),
      evidenceDir: null,
    };
    return { verdict: this.#judge.finish(end), facts };
  }
}

/** `verify` drives every account that the exchange opened; of any other recording that is not known. */
function expectedAccounts(header: TraceHeader | null): readonly string[] | null {
  if (header?.command !== 'verify' || header.accounts > ACCOUNT_COUNT_MAX) return null;
  return accountNames(header.accounts);
}

async function readClientSide(options: CheckOptions): Promise<ClientFileReading | null> {
  const { clientFile } = options;
  return clientFile === null ? null : withFile(options, clientFile, readClientFile);
}

async function withFile<T>(
  { cwd }: CheckOptions,
  file: string,
  read: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  try {
    return await read(createReadStream(resolve(cwd, file)));
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw new UsageError(`Failed to read ${file}: ${error.message}. Name a file that can be read.`, error);
  }
}

function reproduceLine({ file, accounts, clientFile, strict }: CheckOptions, scope: LaneScope): string {
  const words = ['nonceproof', 'check', file, '--scope', scope];
  if (accounts !== null) words.push('--accounts', accounts.join(','));
  if (clientFile !== null) words.push('--client', clientFile);
  if (strict === true) words.push('--strict');
  return words.map(shellWord).join(' ');
}

/** What commander hands over. */
interface CommandLineOptions {
  readonly scope?: LaneScope;
  readonly accounts?: readonly string[];
  readonly client?: string;
  readonly strict?: boolean;
  readonly json?: true;
}

/** `nonceproof check FILE`: judges a recorded history; the exit status is the verdict's. */
export const registerCheck: RegisterCommand = (program, context) => {
  program
    .command('check')
    .description('judge a recorded history (trace.ndjson), wherever it came from')
    .argument('<file>', 'the history: one JSON object a line, in arrival order')
    .option(
      '--scope <scope>',
      'one lane for all accounts (global) or one per API key (key); default: as the trace says, else global',
      oneOf(['global', 'key']),
    )
    .option(
      '--accounts <names>',
      'accounts that should have called: a number (MASTER counts), or names with commas',
      parseAccounts,
    )
    .option('--client <file>', 'what the client was told (client.ndjson of the same run)')
    .option('--strict', STRICT_HELP)
    .option('--json', 'print the verdict as JSON, and nothing else')
    .action((file: string, options: CommandLineOptions) => runCheck(file, options, context));
};

async function runCheck(file: string, options: CommandLineOptions, context: CommandContext): Promise<void> {
  const { scope = null, accounts = null, client: clientFile = null, strict = false, json } = options;
  const { cwd } = context;
  const { verdict, facts } = await checkFile({ file, cwd, scope, accounts, clientFile, strict });
  const colors = colorsFor({ isTTY: context.stdout.isTTY === true, env: context.env });
  context.stdout.write(json === true ? jsonReport(verdict) : terminalReport(verdict, facts, colors));
  context.setExitStatus(EXIT_STATUS[verdict.verdict]);
}

const ACCOUNT_COUNT_MAX = 100_000;

function parseAccounts(text: string): readonly string[] {
  if (!/^\d+$/.test(text)) return text.split(',').map((name) => name.trim());
  const n = Number(text);
  if (n < 1 || n > ACCOUNT_COUNT_MAX) {
    throw new InvalidArgumentError(`Expected 1 to ${ACCOUNT_COUNT_MAX} accounts, got ${text}.`);
  }
  return accountNames(n);
}

/** Names of accounts as the mock Kraken gives them. */
function accountNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? 'MASTER' : `USER_${i}`));
}
