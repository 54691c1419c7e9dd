/**
 * `npm run mutate [PATH]`: changes the code in one place after the other and runs the tests beside it. A change that
 * no test notices is a mutant that survives; docs/decisions/mutants-that-survive.md lists those that may.
 */
import { matchesGlob, relative, resolve } from 'node:path';
import { Stryker } from '@stryker-mutator/core';

type Options = ConstructorParameters<typeof Stryker>[0];
type MutantResult = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

/** Code that is changed together, and the tests beside it that should notice: few, because each change runs them. */
interface Area {
  readonly name: string;
  readonly files: readonly string[];
  readonly tests: readonly string[];
  /** Whether the tests start programs of the build. */
  readonly needsBuild?: boolean;
}

/** How long a test may take, in milliseconds; none of those needs as long that a mutant can hang. */
const TEST_TIMEOUT_MS = 5_000;

const AREAS: readonly Area[] = [
  {
    name: 'src/nonces',
    files: sources('nonce-source', 'high-water-mark', 'file-mark-store'),
    tests: tests('nonce-source', 'high-water-mark'),
  },
  {
    name: 'src/retries',
    files: sources('retry-decision', 'failure-cause'),
    tests: tests('retry-decision', 'failure-cause', 'retry-table', 'private-call'),
  },
  {
    name: 'src/placing',
    files: sources('order-placement', 'order-lookup', 'placings', 'calls-in-doubt'),
    tests: tests('order-placement', 'calls-in-doubt', 'enter-lane', 'order-deadline'),
  },
  {
    name: 'src/calls',
    files: sources(
      'private-call',
      'enter-lane',
      'account-order',
      'key-state',
      'activity',
      'in-flight-request',
    ),
    tests: tests(
      'private-call',
      'enter-lane',
      'account-order',
      'key-state',
      'activity',
      'retry-table',
      'otp',
      'call-events',
      'order-deadline',
    ),
  },
  {
    name: 'src/clock',
    files: sources('exchange-clock', 'exchange-time', 'order-deadline'),
    tests: tests('exchange-clock', 'exchange-time', 'order-deadline'),
  },
  { name: 'src/limits', files: sources('rate-budget'), tests: tests('rate-budget', 'enter-lane') },
  {
    name: 'src/lane',
    files: sources('api-lock', 'wait-queue', 'scoped-turn', 'local-coordinator'),
    tests: tests(
      'api-lock',
      'api-lock.gate',
      'wait-queue',
      'local-coordinator',
      'local-coordinator.conformance',
      'scoped-turn',
    ),
  },
  {
    name: 'src/threads',
    files: ['src/lane/threads/**/*.ts', 'src/lane/shared-coordinator.ts'],
    tests: ['src/lane/threads/**/*.test.ts'],
    needsBuild: true,
  },
  {
    name: 'src/requests',
    files: sources(
      'signature',
      'request-body',
      'reply',
      'read-reply',
      'kraken-error',
      'credentials',
      'redaction',
    ),
    tests: tests('signature', 'request-body', 'reply', 'kraken-error', 'credentials', 'redaction'),
  },
  {
    name: 'src/copies',
    files: sources('copy-trader', 'copy-scale', 'pair-rules'),
    tests: tests('copy-trader'),
  },
  {
    name: 'src/accounts',
    files: sources(
      'kraken-client',
      'client-options',
      'initialize',
      'kraken-broker',
      'global-kraken-nonce-manager',
      'undici-transport',
      'public-call',
      'call-events',
      'client-context',
      'runtime',
      'sleep',
      'system',
    ),
    tests: tests(
      'kraken-client',
      'client-options',
      'initialize',
      'global-kraken-nonce-manager',
      'undici-transport',
      'call-events',
      'otp',
    ),
    needsBuild: true,
  },
  {
    name: 'judge/rules',
    files: ['harness/judge/rules/**/*.ts'],
    tests: ['harness/judge/rules/**/*.test.ts'],
  },
  {
    name: 'judge/verdict',
    files: ['harness/judge/verdict/**/*.ts'],
    tests: ['harness/judge/verdict/**/*.test.ts'],
  },
  {
    name: 'judge/history',
    files: ['harness/judge/history/**/*.ts'],
    tests: ['harness/judge/history/**/*.test.ts'],
  },
  {
    name: 'mock-kraken/admission',
    files: ['admission', 'nonce', 'nonce-history', 'api-key'].map(
      (file) => `mock-kraken/exchange/${file}.ts`,
    ),
    tests: ['exchange', 'key-settings', 'nonce', 'nonce-history', 'limits/limits', 'signature', 'lanes'].map(
      (file) => `mock-kraken/${file}.test.ts`,
    ),
  },
  {
    name: 'mock-kraken/limits',
    files: ['mock-kraken/limits/**/*.ts'],
    tests: ['mock-kraken/limits/**/*.test.ts'],
  },
];

function sources(...names: readonly string[]): readonly string[] {
  return names.map((name) => `src/**/${name}.ts`);
}

function tests(...names: readonly string[]): readonly string[] {
  return names.map((name) => `src/**/${name}.test.ts`);
}

/** Not code under test, or without any of its own. */
const LEFT_OUT = ['!**/*.test.ts', '!**/*.test-support.ts', '!**/index.ts', '!**/*errors.ts'];

/** The areas that a path names, is in, or contains, with only the files of that path. */
function areasAt(path: string | undefined): readonly Area[] {
  if (path === undefined) return AREAS;
  const wanted = relative(import.meta.dirname, resolve(path)).replaceAll('\\', '/');
  const named = AREAS.filter(({ name }) => name === wanted || name.startsWith(`${wanted}/`));
  if (named.length > 0) return named;
  return AREAS.flatMap((area) => {
    const isInside = area.files.some((file) => file === wanted || matchesGlob(wanted, file));
    return isInside ? [{ ...area, files: [wanted] }] : [];
  });
}

async function mutate(area: Area): Promise<readonly MutantResult[]> {
  const { files, name, needsBuild = false, tests } = area;
  process.env['NONCEPROOF_MUTATION_TESTS'] = tests.join(',');
  process.env['NONCEPROOF_MUTATION_TIMEOUT_MS'] = String(TEST_TIMEOUT_MS);
  if (needsBuild) process.env['NONCEPROOF_MUTATION_BUILD'] = 'yes';
  else delete process.env['NONCEPROOF_MUTATION_BUILD'];
  const options: Options = {
    mutate: [...files, ...LEFT_OUT],
    testRunner: 'warm',
    testRunnerNodeArgs: ['--import', 'tsx'],
    vitest: { configFile: 'vitest.mutation.config.ts', related: false },
    plugins: ['./warm-runner.config.ts', '@stryker-mutator/vitest-runner'],
    // A word of a message is for people; a word that code compares is known to the type checker.
    mutator: { plugins: [], excludedMutations: ['StringLiteral'] },
    coverageAnalysis: 'perTest',
    // What is evaluated as a module is loaded, tables for the most part, would need a new process each.
    ignoreStatic: true,
    concurrency: 1,
    // A test's own limit comes first; this is for what stops the whole process.
    timeoutMS: 2 * TEST_TIMEOUT_MS,
    // What has not changed since the last time is not tried again.
    incremental: true,
    incrementalFile: `node_modules/.cache/mutants/${name.replaceAll('/', '-')}.json`,
    // TypeScript 7 has no API with which Stryker could read it, and nothing here needs to be rewritten.
    tsconfigFile: 'none.json',
    ignorePatterns: ['docs', 'examples', 'bench', 'dist', 'nonceproof-out'],
    cleanTempDir: 'always',
    reporters: ['progress-append-only'],
    allowConsoleColors: false,
  };
  return new Stryker(options).runMutationTest();
}

/** What share of the changes that some test runs was noticed, in percent. */
function report(name: string, mutants: readonly MutantResult[]): string {
  const count = (...statuses: readonly string[]): number =>
    mutants.filter(({ status }) => statuses.includes(status)).length;
  const [noticed, survived] = [count('Killed', 'Timeout'), count('Survived')];
  const score = noticed + survived === 0 ? 'nothing to change' : percent(noticed / (noticed + survived));
  return `${name}: ${score} (${noticed} noticed, ${survived} survived, ${count('NoCoverage')} run by no test)`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function describe({ fileName, location, replacement, status, mutatorName }: MutantResult): string {
  const place = `${relative(import.meta.dirname, fileName)}:${location.start.line}:${location.start.column}`;
  return `  ${status.padEnd(10)} ${place}  ${mutatorName}  ${(replacement ?? '').replaceAll(/\s+/g, ' ')}`;
}

const areas = areasAt(process.argv[2]);
const lines: string[] = [];
for (const area of areas) {
  const mutants = await mutate(area);
  const lost = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  lines.push(report(area.name, mutants), ...lost.map(describe));
}
if (areas.length === 0)
  lines.push(`Nothing of ${process.argv[2]} is changed: see AREAS in mutate.config.ts.`);
process.stdout.write(`${lines.join('\n')}\n`);
if (areas.length === 0) process.exitCode = 64;
