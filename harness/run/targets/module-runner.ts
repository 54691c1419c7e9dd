/**
 * The program that drives a client module over real sockets: a target like any command, told what to do through
 * its environment. Ends with status 0 when the workload is over, however its calls went: that is the judge's
 * business. When a call never settles and nothing is left to wait for, Node itself ends the process with
 * status 13; the judge sees that too. On SIGTERM the client is closed: it makes no new call, and ends those under
 * way, before the process ends.
 */
import { appendFileSync, readFileSync } from 'node:fs';
// Not through index.ts: a target has no use for what its judge does, and each process of it loads this anew.
import { runThreads, threadIndex } from '../coordination/index.ts';
import { skewedClock } from '../coordination/index.ts';
import { startTogether } from '../coordination/index.ts';
import type { ClientCall } from '../../judge/history/index.ts';
import { createUndiciTransport, systemRuntime } from '../../../src/index.ts';
import { hostMonotonicMs } from '../../system.ts';
import { createRandom } from '../../random.ts';
import { recordCalls } from './call-recorder.ts';
import { createClientLog } from './client-log.ts';
import type { Account, ClientWorld, TargetClient } from './client-module.ts';
import { loadClientModule } from './module-loader.ts';
import { clockOfLife } from './restart.ts';
import { MODULE_UNUSABLE_STATUS, RUNNER_SETTINGS, TERMINATED_STATUS } from './runner-options.ts';
import type { RunnerOptions } from './runner-options.ts';
import { createSteppingClock } from './stepping-clock.ts';
import type { SteppingClockOptions } from './stepping-clock.ts';
import { abortQueued } from './abort-queued.ts';
import { runWorkload } from './workload.ts';

const { env } = process;
const settings = JSON.parse(env[RUNNER_SETTINGS] ?? '{}') as RunnerOptions;
const accounts = JSON.parse(readFileSync(env['KRAKEN_ACCOUNTS_FILE'] ?? '', 'utf8')) as Account[];
const processIndex = Number(env['NONCEPROOF_PROCESS']);
const thread = threadIndex();

if (settings.threads > 1 && thread === null) {
  const { coordination, scope, threads } = settings;
  const lane = coordination.kind === 'threads' ? { ...coordination, scope } : null;
  process.exit(await runThreads({ threads, program: import.meta.url, lane }));
}

function createProcessWorld(): ClientWorld {
  const baseUrl = env['KRAKEN_API_URL'] ?? '';
  const random = createRandom(Number(env['NONCEPROOF_SEED']) + processIndex + 1_000 * (thread ?? 0));
  const { timers } = systemRuntime;
  const clock = settings.isSkewed ? skewedClock(systemRuntime.clock, processIndex) : systemRuntime.clock;
  return {
    kind: 'process',
    baseUrl,
    accounts,
    scope: settings.scope,
    coordination: settings.coordination,
    transport: createUndiciTransport({ baseUrl }),
    clock: settings.clock === 'honest' ? clock : createSteppingClock(clock, random, steppingOptions()),
    timers,
    random,
    slowestServiceMs: settings.slowestServiceMs,
  };
}

/** A fault of the clock counts when a call was pending, and is written down once. */
function steppingOptions(): SteppingClockOptions {
  if (settings.clock === 'steps') return {};
  const struck = new Set<string>();
  const onFault = (kind: string): void => {
    if (pendingCalls === 0 || struck.has(kind)) return;
    struck.add(kind);
    appendFileSync(settings.clockLog, `${kind}\n`);
  };
  return { restarts: true, onFault };
}

let pendingCalls = 0;

function noteCall(told: ClientCall): void {
  pendingCalls += told.outcome === 'unsettled' ? 1 : -1;
  log.add(told);
}

const log = createClientLog(settings.clientLog);
const world = createProcessWorld();
let client: TargetClient | undefined;
let endStatus = 0;

process.on('exit', log.flush);
process.once('SIGTERM', () => {
  // New calls are refused from here on; those under way end first, and a second SIGTERM ends the process at once.
  endStatus = TERMINATED_STATUS;
  void Promise.resolve(client?.close?.()).finally(() => process.exit(endStatus));
});

const createClient = await loadClientModule(settings.module).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(MODULE_UNUSABLE_STATUS);
});
await startTogether(settings.startLine, `${processIndex}-${thread ?? 0}`);
const lives = settings.situations.includes('restart') ? 2 : 1;
for (let life = 0; life < lives; life += 1) await live(life);
await client?.close?.();
process.exit(endStatus);

/** Runs the whole workload over a new client; one of an earlier life is abandoned as it is. */
async function live(life: number): Promise<void> {
  client = await createClient({ ...world, clock: clockOfLife(world.clock, life) });
  const call = recordCalls({
    client,
    nowMs: hostMonotonicMs,
    onCall: noteCall,
    tagPrefix: `p${processIndex}${thread === null ? '' : `t${thread}`}-${life === 0 ? '' : `life${life}-`}`,
  });
  const wavers = settings.situations.includes('abort-queued');
  await runWorkload(wavers ? abortQueued(call, world.timers) : call, {
    accounts: accounts.map(({ account }) => account),
    callsPerAccount: Math.ceil(Number(env['NONCEPROOF_CALLS']) / (settings.processes * settings.threads)),
  });
}
