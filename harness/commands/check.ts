import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { LaneScope } from '../../src/index.ts';
import { readClientFile, readTrace } from '../history/index.ts';
import type { ClientFileReading } from '../history/index.ts';
import { colorsFor, jsonReport, RunStatisticsCollector, terminalReport } from '../reports/index.ts';
import type { RunFacts } from '../reports/index.ts';
import { hostWallMs } from '../system.ts';
import { UsageError } from '../usage-error.ts';
import { createJudge, EXIT_STATUS } from '../verdict/index.ts';
import type { Verdict } from '../verdict/index.ts';
import type { CommandContext, RegisterCommand } from './command.ts';
import { oneOf, STRICT_HELP } from './options.ts';
import { shellWord } from './shell-word.ts';

/** What `check` is asked to judge. */
export interface CheckOptions {
  /** A `trace.ndjson`, wherever it came from. */
  readonly file: string;
  /** Relative file names start here. */
  readonly cwd: string;
  readonly scope: LaneScope;
  /** Accounts that should have called; `null` when nobody knows. */
  readonly accounts: readonly string[] | null;
  /** The `client.ndjson` of the same run; `null` without one. */
  readonly clientFile: string | null;
  /** See `RuleContext`. Default `false`. */
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
  const { file, scope, accounts, strict = false } = options;
  const client = await readClientSide(options);
  const clientSide = client !== null;
  // When it was recorded is not in the file; it was not later than now.
  const originMs = hostWallMs();
  const context = { scope, accounts, faultKinds: [], clientSide, strict, originMs, seed: 0 } as const;
  const judge = createJudge({ ...context, strength: 'observed', reproduce: reproduceLine(options) });
  const statistics = new RunStatisticsCollector({ clientSide: false });
  const trace = await withFile(options, file, (chunks) =>
    readTrace(chunks, (call) => {
      judge.onCall(call);
      statistics.onCall(call);
    }),
  );
  const defects = [...trace.defects, ...(client?.defects ?? [])];
  const verdict = judge.finish({ exit: null, clientCalls: client?.calls ?? null, defects });
  return { verdict, facts: recordedFacts(options, statistics) };
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

function recordedFacts(
  { file, scope, accounts }: CheckOptions,
  statistics: RunStatisticsCollector,
): RunFacts {
  return {
    title: file,
    accounts: accounts?.length ?? null,
    scope,
    seed: null,
    judgeLine: null,
    statistics: statistics.finish(null),
    evidenceDir: null,
  };
}

function reproduceLine({ file, scope, accounts, clientFile, strict }: CheckOptions): string {
  const words = ['nonceproof', 'check', file, '--scope', scope];
  if (accounts !== null) words.push('--accounts', accounts.join(','));
  if (clientFile !== null) words.push('--client', clientFile);
  if (strict === true) words.push('--strict');
  return words.map(shellWord).join(' ');
}

/** What commander hands over. */
interface CommandLineOptions {
  readonly scope: LaneScope;
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
      'one lane for all accounts (global) or one per API key (key)',
      oneOf(['global', 'key']),
      'global',
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
  const { scope, accounts = null, client: clientFile = null, strict = false, json } = options;
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
  return Array.from({ length: n }, (_, i) => (i === 0 ? 'MASTER' : `USER_${i}`));
}
