import type { ControlScenario } from '../harness/controls/support/index.ts';
import type { ModuleEntry } from '../harness/controls/registry.ts';
import { situationFaults } from '../harness/run/situation-faults.ts';
import type { ClientCall } from '../harness/judge/history/index.ts';
import { createRandom } from '../harness/random.ts';
import { recordCalls } from '../harness/run/targets/index.ts';
import type { ClientWorld } from '../harness/run/targets/index.ts';
import { clockOfLife } from '../harness/run/targets/restart.ts';
import type { TargetExit } from '../harness/judge/rules/index.ts';
import { stillnessAt } from '../harness/run/stillness.ts';
import { createSteppingClock } from '../harness/run/targets/index.ts';
import { abortQueued } from '../harness/run/targets/abort-queued.ts';
import { runWorkload } from '../harness/run/targets/index.ts';
import { judge } from '../harness/judge/verdict/index.ts';
import type { Verdict } from '../harness/judge/verdict/index.ts';
import { kindsOf, startMockKraken, systemWorld } from '../mock-kraken/index.ts';
import type { MockKraken } from '../mock-kraken/index.ts';
import { createUndiciTransport, systemRuntime } from '../src/index.ts';

const ARRIVAL_JITTER_MS = 5;
const DEFAULTS = { users: 5, calls: 5, serviceMs: 5, scope: 'global', timeoutS: 20 } as const;

/** A client module with a setting of its own: a control, a reference. */
type Runnable = ModuleEntry<{ readonly setting?: ControlScenario }>;

/**
 * Runs a client module over real sockets, client and exchange in this one process, and judges the run: what
 * the toolkit does in two processes, in a tenth of the time.
 */
export async function runModule({ about, createClient }: Runnable, seed: number): Promise<Verdict> {
  const setting = { ...DEFAULTS, ...about.setting };
  const { users, scope, serviceMs, nonceWindowMs = 0, situations = [] } = setting;
  const faults = situationFaults(situations);
  const exchangeWorld = systemWorld();
  const mock = await startMockKraken({
    world: exchangeWorld,
    users,
    scope,
    seed,
    serviceTime: serviceMs,
    arrivalJitterMs: ARRIVAL_JITTER_MS,
    nonceWindow: BigInt(nonceWindowMs) * 1_000_000n,
    ...(faults === null ? {} : { faults }),
  });
  const world = worldOf(mock, { ...setting, seed });
  const accounts = mock.accounts.map(({ account }) => account);
  const clientCalls = new Map<string, ClientCall>();
  const live = async (life: number): Promise<void> => {
    const client = await createClient({ ...world, clock: clockOfLife(world.clock, life) });
    const call = recordCalls({
      client,
      nowMs: () => systemRuntime.clock.monotonicMs(),
      onCall: (told) => clientCalls.set(told.tag, told),
      tagPrefix: `life${life}-`,
    });
    await runWorkload(situations.includes('abort-queued') ? abortQueued(call, world.timers) : call, {
      accounts,
      callsPerAccount: setting.calls,
    });
  };
  const lives = async (): Promise<void> => {
    await live(0);
    if (situations.includes('restart')) await live(1);
  };
  const timeoutMs = setting.timeoutS * 1_000;
  const timedOut = await isSlowerThan(lives(), timeoutMs);
  const exit: TargetExit = {
    status: timedOut ? null : 0,
    signal: null,
    endedBy: timedOut ? 'time-limit' : null,
    timeoutMs,
    stillness: timedOut ? stillnessAt(mock.journal(), exchangeWorld.nowNs()) : undefined,
  };
  await mock.close();
  return judge(
    mock.journal(),
    {
      scope,
      ...(setting.strict === undefined ? {} : { strict: setting.strict }),
      accounts,
      accountLimit: situations.includes('account-limit'),
      faultKinds: faults === null ? [] : kindsOf(faults),
      seed,
      strength: 'observed',
      reproduce: '',
    },
    { exit, clientCalls: [...clientCalls.values()] },
  );
}

type Setting = Required<Pick<ControlScenario, 'scope'>> & ControlScenario & { readonly seed: number };

function worldOf(mock: MockKraken, { clock, scope, seed }: Setting): ClientWorld {
  const random = createRandom(seed);
  const honest = systemRuntime.clock;
  return {
    kind: 'process',
    baseUrl: mock.url,
    accounts: mock.accounts,
    scope,
    transport: createUndiciTransport({ baseUrl: mock.url }),
    clock: clock === 'steps' ? createSteppingClock(honest, random) : honest,
    timers: systemRuntime.timers,
    random,
  };
}

async function isSlowerThan(work: Promise<void>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<true>((resolve) => (timer = setTimeout(() => resolve(true), limitMs)));
  const slower = await Promise.race([work.then(() => false), limit]);
  clearTimeout(timer);
  return slower;
}
