/**
 * The program that drives a client module over real sockets: a target like any command, told what to do through
 * its environment. Ends with status 0 when the workload is over, however its calls went: that is the judge's
 * business. When a call never settles and nothing is left to wait for, Node itself ends the process with
 * status 13; the judge sees that too.
 */
import { readFileSync } from 'node:fs';
import { createUndiciTransport, systemRuntime } from '../../src/index.ts';
import { hostMonotonicMs } from '../system.ts';
import { createRandom } from '../random.ts';
import { recordCalls } from './call-recorder.ts';
import { createClientLog } from './client-log.ts';
import type { Account, ClientWorld } from './client-module.ts';
import { loadClientModule } from './module-loader.ts';
import { MODULE_UNUSABLE_STATUS, RUNNER_SETTINGS } from './runner-settings.ts';
import type { RunnerSettings } from './runner-settings.ts';
import { createSteppingClock } from './stepping-clock.ts';
import { runWorkload } from './workload.ts';

const { env } = process;
const settings = JSON.parse(env[RUNNER_SETTINGS] ?? '{}') as RunnerSettings;
const accounts = JSON.parse(readFileSync(env['KRAKEN_ACCOUNTS_FILE'] ?? '', 'utf8')) as Account[];
const processIndex = Number(env['NONCEPROOF_PROCESS']);

function createProcessWorld(): ClientWorld {
  const baseUrl = env['KRAKEN_API_URL'] ?? '';
  const random = createRandom(Number(env['NONCEPROOF_SEED']) + processIndex);
  const { clock, timers } = systemRuntime;
  return {
    kind: 'process',
    baseUrl,
    accounts,
    scope: settings.scope,
    transport: createUndiciTransport({ baseUrl }),
    clock: settings.clock === 'steps' ? createSteppingClock(clock, random) : clock,
    timers,
    random,
  };
}

const log = createClientLog(settings.clientLog);
process.on('exit', log.flush);
process.on('SIGTERM', () => process.exit(143));

const createClient = await loadClientModule(settings.module).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(MODULE_UNUSABLE_STATUS);
});
const client = await createClient(createProcessWorld());
const call = recordCalls({
  client,
  nowMs: hostMonotonicMs,
  onCall: log.add,
  tagPrefix: `p${processIndex}-`,
});
await runWorkload(call, {
  accounts: accounts.map(({ account }) => account),
  callsPerAccount: Math.ceil(Number(env['NONCEPROOF_CALLS']) / settings.processes),
});
await client.close?.();
process.exit(0);
