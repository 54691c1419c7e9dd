import { once } from 'node:events';
import { resolve } from 'node:path';
import { generateCredentials, namedFaultPlan, startMockKraken } from '../../mock-kraken/index.ts';
import type { FaultPlan, MockKraken, MockKrakenOptions } from '../../mock-kraken/index.ts';
import { readFaultPlan } from '../run/faults/index.ts';
import { TRACE_VERSION } from '../judge/history/index.ts';
import { createRedactor, environmentCredentials } from '../redaction/index.ts';
import { forTerminal } from '../reports/content/index.ts';
import { DEFAULT_RUN } from '../run/index.ts';
import { hostFacts, hostWallMs } from '../system.ts';
import { UsageError } from '../usage-error.ts';
import { version } from '../version.ts';
import type { CommandContext, RegisterCommand } from './command.ts';
import { DEFAULT_OUT_MODE, fileMode, OUT_MODE_HELP } from './evidence-place.ts';
import { MockJudge } from './mock-judge.ts';
import { numberWithin, oneOf, STRICT_HELP } from './options.ts';
import { TraceFiles } from './trace-files.ts';

interface MockOptions {
  readonly port: number;
  readonly users: number;
  readonly scope: 'global' | 'key';
  readonly serviceMs: number;
  readonly jitterMs: number;
  readonly seed: number;
  readonly limits: 'on' | 'off';
  readonly faults?: 'none' | 'network' | 'hostile';
  readonly faultPlan?: string;
  readonly admin?: boolean;
  readonly adminPort: number;
  readonly trace?: string;
  readonly outMode?: number;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** Nobody knows how many calls will come: every fault of a named plan is due within the first half of these. */
const CALLS_EXPECTED = 200;

/** `nonceproof mock`: the mock Kraken on its own, until Ctrl-C. */
export const registerMock: RegisterCommand = (program, context) => {
  program
    .command('mock')
    .description('serve the mock Kraken on 127.0.0.1 until Ctrl-C')
    .option('--port <n>', 'port; 0 takes any free one', numberWithin({ min: 0, max: 65_535 }), 0)
    .option('--users <n>', 'accounts, MASTER included', numberWithin({ min: 1, max: 10_000 }), 3)
    .option(
      '--scope <scope>',
      'one lane for all accounts, or one per API key: global or key',
      oneOf(['global', 'key']),
      'global',
    )
    .option(
      '--service-ms <ms>',
      'how long it works on a call',
      numberWithin({ min: 0, max: 60_000, whole: false }),
      DEFAULT_RUN.serviceMs,
    )
    .option(
      '--jitter-ms <ms>',
      'how long a request is on its way, at most',
      numberWithin({ min: 0, max: 60_000, whole: false }),
      DEFAULT_RUN.arrivalJitterMs,
    )
    .option(
      '--seed <s>',
      'fixes service times, jitter and credentials',
      numberWithin({ min: 0, max: 4_294_967_295 }),
      DEFAULT_RUN.seed,
    )
    .option(
      '--limits <word>',
      "Kraken's limits on how much one may call: on or off",
      oneOf(['on', 'off']),
      'on',
    )
    .option(
      '--faults <name>',
      'what goes wrong: none, network or hostile (default none)',
      oneOf(['none', 'network', 'hostile']),
    )
    .option('--fault-plan <file>', 'what goes wrong, as a plan of your own')
    .option('--admin', 'open the admin API, on a port of its own')
    .option('--admin-port <n>', 'its port; 0 takes any free one', numberWithin({ min: 0, max: 65_535 }), 0)
    .option('--trace <file>', 'write every call there when it has ended, one JSON object a line')
    .option('--out-mode <mode>', `with --trace, ${OUT_MODE_HELP}`, fileMode)
    .option('--strict', `in the admin API's verdict, ${STRICT_HELP}`)
    .option('--json', 'print URL and credentials as JSON')
    .action((options: MockOptions) => serve(options, context));
};

async function serve(options: MockOptions, context: CommandContext): Promise<void> {
  context.expectInterrupt?.();
  const served = await open(options, context);
  const { mock, trace } = served;
  context.stdout.write(options.json === true ? `${JSON.stringify(greeting(mock))}\n` : greetingInWords(mock));
  const ended = context.signal ?? new AbortController().signal;
  if (!ended.aborted) await once(ended, 'abort');
  await mock.close();
  if (trace !== null) await finishTrace(trace, options.trace ?? '', context);
}

async function finishTrace(trace: TraceFiles, named: string, context: CommandContext): Promise<void> {
  const failure = await trace.close();
  if (failure === null) context.stderr.write(`${trace.calls} calls written to ${forTerminal(named)}\n`);
  else throw new UsageError(`Failed to write all calls to ${named}: ${failure.message}. Make room for them.`);
}

/** A mock that serves, and who watches it. */
interface Served {
  readonly mock: MockKraken;
  readonly trace: TraceFiles | null;
}

async function open(options: MockOptions, context: CommandContext): Promise<Served> {
  const { port, users, scope, serviceMs, jitterMs, seed, limits, adminPort } = options;
  const faults = chooseFaults(options, context);
  const issued = generateCredentials({ users, seed }).flatMap(({ apiKey, apiSecret }) => [apiKey, apiSecret]);
  const { redact } = createRedactor([...issued, ...environmentCredentials(context.env)]);
  const originMs = hostWallMs();
  const trace = await openTrace(options, { cwd: context.cwd, originMs, faults, redact });
  const judge = new MockJudge({ scope, seed, strict: options.strict ?? false, originMs });
  const admin = {
    port: adminPort,
    verdict: () => judge.verdict(mock.exchange),
    onReset: () => {
      judge.reset();
      trace?.next();
    },
  };
  const mock = await started({
    port,
    users,
    scope,
    serviceTime: serviceMs,
    arrivalJitterMs: jitterMs,
    seed,
    limits,
    onRecord: (call) => {
      judge.onCall(call);
      trace?.write(call);
    },
    ...(options.admin === true ? { admin } : {}),
    ...(faults === null ? {} : { faults }),
  });
  return { mock, trace };
}

/** What the trace of a mock takes from around its options. */
interface TraceSurroundings {
  readonly cwd: string;
  readonly originMs: number;
  readonly faults: FaultPlan | null;
  readonly redact: (text: string) => string;
}

async function openTrace(
  options: MockOptions,
  { cwd, originMs, faults, redact }: TraceSurroundings,
): Promise<TraceFiles | null> {
  const { trace, users: accounts, scope, seed, serviceMs, jitterMs: arrivalJitterMs, limits } = options;
  if (trace === undefined) return null;
  return TraceFiles.open({
    place: { path: resolve(cwd, trace), named: trace, mode: options.outMode ?? DEFAULT_OUT_MODE },
    header: {
      version: TRACE_VERSION,
      nonceproof: version,
      command: 'mock',
      target: 'clients of nonceproof mock',
      startedAt: new Date(originMs).toISOString(),
      accounts,
      scope,
      seed,
      scenario: { serviceMs, arrivalJitterMs, limits, faults },
      ...hostFacts(),
    },
    redact,
  });
}

function chooseFaults(options: MockOptions, { cwd }: CommandContext): FaultPlan | null {
  const { faults = 'none', faultPlan, seed } = options;
  if (options.faults !== undefined && faultPlan !== undefined) {
    throw new UsageError('Failed to choose faults: --faults and --fault-plan exclude each other. Give one.');
  }
  if (faultPlan !== undefined) return readFaultPlan(faultPlan, cwd);
  return faults === 'none' ? null : namedFaultPlan(faults, { seed, calls: CALLS_EXPECTED });
}

async function started(options: MockKrakenOptions): Promise<MockKraken> {
  try {
    return await startMockKraken(options);
  } catch (cause) {
    const observed = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `Failed to listen on 127.0.0.1: ${observed}. Choose another --port or --admin-port, or none.`,
      cause,
    );
  }
}

function greeting({ url, accounts, admin }: MockKraken): Readonly<Record<string, unknown>> {
  return admin === null
    ? { url, accounts }
    : { url, accounts, admin: { url: admin.url, token: admin.token } };
}

function greetingInWords({ url, accounts, admin }: MockKraken): string {
  const lines = accounts.flatMap(({ account, apiKey, apiSecret }) => [
    '',
    account,
    `  KRAKEN_API_KEY=${apiKey}`,
    `  KRAKEN_API_SECRET=${apiSecret}`,
  ]);
  return [
    `Mock Kraken at ${url} (Ctrl-C ends it)`,
    `  KRAKEN_API_URL=${url}`,
    ...(admin === null ? [] : [`  admin API: ${admin.url}, token ${admin.token}`]),
    ...lines,
    '',
    'These credentials exist here only and guard nothing.',
    '',
  ].join('\n');
}
