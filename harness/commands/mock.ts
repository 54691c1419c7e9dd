import { writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { startMockKraken } from '../../mock-kraken/index.ts';
import type { MockKraken } from '../../mock-kraken/index.ts';
import { formatTraceLine } from '../history/index.ts';
import { DEFAULT_RUN } from '../run/run-defaults.ts';
import { UsageError } from '../usage-error.ts';
import type { CommandContext, RegisterCommand } from './command.ts';
import { numberWithin, oneOf } from './options.ts';

interface MockOptions {
  readonly port: number;
  readonly users: number;
  readonly scope: 'global' | 'key';
  readonly serviceMs: number;
  readonly jitterMs: number;
  readonly seed: number;
  readonly trace?: string;
  readonly json?: boolean;
}

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
    .option('--trace <file>', 'write every call there when it ends, one JSON object a line')
    .option('--json', 'print URL and credentials as JSON')
    .action((options: MockOptions) => serve(options, context));
};

async function serve(options: MockOptions, context: CommandContext): Promise<void> {
  const mock = await open(options);
  context.stdout.write(options.json === true ? `${JSON.stringify(greeting(mock))}\n` : greetingInWords(mock));
  const ended = context.signal ?? new AbortController().signal;
  if (!ended.aborted) await once(ended, 'abort');
  await mock.close();
  if (options.trace === undefined) return;
  const file = resolve(context.cwd, options.trace);
  await writeFile(file, mock.journal().map(formatTraceLine).join(''));
  context.stderr.write(`${mock.journal().length} calls written to ${options.trace}\n`);
}

async function open(options: MockOptions): Promise<MockKraken> {
  const { port, users, scope, serviceMs, jitterMs, seed } = options;
  try {
    return await startMockKraken({
      port,
      users,
      scope,
      serviceTime: serviceMs,
      arrivalJitterMs: jitterMs,
      seed,
    });
  } catch (cause) {
    const observed = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `Failed to listen on 127.0.0.1:${port}: ${observed}. Choose another --port, or none.`,
      cause,
    );
  }
}

function greeting({ url, accounts }: MockKraken): Readonly<Record<string, unknown>> {
  return { url, accounts };
}

function greetingInWords({ url, accounts }: MockKraken): string {
  const lines = accounts.flatMap(({ account, apiKey, apiSecret }) => [
    '',
    `${account}`,
    `  KRAKEN_API_KEY=${apiKey}`,
    `  KRAKEN_API_SECRET=${apiSecret}`,
  ]);
  return [
    `Mock Kraken at ${url} (Ctrl-C ends it)`,
    `  KRAKEN_API_URL=${url}`,
    ...lines,
    '',
    'These credentials exist here only and guard nothing.',
    '',
  ].join('\n');
}
