import { availableParallelism } from 'node:os';
import fc from 'fast-check';
import type { Scheduler } from 'fast-check';
import {
  builtInTarget,
  explore,
  inSession,
  promiseProgram,
  runJobs,
  SAMPLING_STRATEGIES,
  sampledPlan,
} from '../harness/explore-api.ts';
import type { JobSource, ExplorationSession, Point, Program, Scenario } from '../harness/explore-api.ts';
import { createClient } from '../harness/run/targets/built-in-client.ts';
import type { TargetClient } from '../harness/run/targets/index.ts';
import { createExchange, generateCredentials } from '../mock-kraken/index.ts';
import type { Exchange } from '../mock-kraken/index.ts';
import type { HttpTransport } from '../src/index.ts';
import { assert } from './suite.ts';

/** Pairs of rounds; each pair gives one ratio. */
const PAIRS = 15;
/** The same of the rounds that start threads, which take seconds. */
const PAIRS_WITH_THREADS = 3;
/** A run of half a minute: other threads are started after two seconds, and take one or two to load. */
const SCHEDULES_WITH_THREADS = 300_000;

/** Schedules per second of one pair of rounds. */
interface Rates {
  readonly ours: number;
  readonly theirs: number;
}

/** One way of running so many schedules, all of which must come out right. */
type Round = (schedules: number) => Promise<void>;

/**
 * Schedules per second beside fast-check's scheduler, on the same client and workload, both drawing uniformly: a
 * bare promise chain, where only the schedulers differ, and the built-in client against the exchange.
 */
export async function benchExplore(): Promise<void> {
  for (const users of [3, 100]) {
    const chain = { ours: chainOurs(users), theirs: chainTheirs(users) };
    await comparePairs(`promise chain, ${users} users`, chain, users === 3 ? 4_000 : 100);
  }
  await inSession(builtInTarget(), async (lab) => {
    for (const users of [3, 100]) {
      const client = { ours: clientOurs(lab, users), theirs: clientTheirs(users) };
      await comparePairs(`built-in client, ${users} users`, client, users === 3 ? 400 : 12);
    }
  });
  await compareWholeExploration();
}

/** Rounds of both in turn, so that what else the machine does hits both alike. */
async function comparePairs(
  title: string,
  { ours, theirs }: { readonly ours: Round; readonly theirs: Round },
  schedules: number,
): Promise<void> {
  const rates: Rates[] = [];
  for (let pair = -2; pair < PAIRS; pair += 1) {
    const measured = { ours: await rateOf(ours, schedules), theirs: await rateOf(theirs, schedules) };
    if (pair >= 0) rates.push(measured);
  }
  report(title, rates);
}

function report(title: string, rates: readonly Rates[]): void {
  const ratio = median(rates.map((rate) => rate.ours / rate.theirs));
  const [our, their] = [median(rates.map((rate) => rate.ours)), median(rates.map((rate) => rate.theirs))];
  process.stdout.write(
    `${title.padEnd(30)} explore ${perSecond(our)}, fc.scheduler ${perSecond(their)}: ${ratio.toFixed(1)}x (median of ${rates.length} pairs)\n`,
  );
}

/**
 * What a user gets: `explore` on all processors, every run judged by all rules, some of them twice. fc.scheduler has
 * one processor, as it always has.
 */
async function compareWholeExploration(): Promise<void> {
  const threads = availableParallelism();
  const rates: Rates[] = [];
  for (let pair = 0; pair < PAIRS_WITH_THREADS; pair += 1) {
    const ours = await explorationRate(threads, SCHEDULES_WITH_THREADS);
    rates.push({ ours, theirs: await rateOf(clientTheirs(3), 4_000) });
  }
  report(`built-in client, ${threads} threads`, rates);
}

async function explorationRate(threads: number, schedulesMax: number): Promise<number> {
  const { verdict, facts } = await explore({
    target: builtInTarget(),
    users: 3,
    calls: 1,
    patterns: ['staggered'],
    strategy: 'uniform',
    schedulesMax,
    threads,
  });
  assert(verdict.verdict === 'held', `the verdict was ${verdict.verdict}`);
  return (facts.schedules * 1_000) / facts.elapsedMs;
}

async function rateOf(round: Round, schedules: number): Promise<number> {
  const startedMs = performance.now();
  await round(schedules);
  return (schedules * 1_000) / (performance.now() - startedMs);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString('en-US').padStart(9)}/s`;
}

const UNIFORM = SAMPLING_STRATEGIES.find(({ name }) => name === 'uniform') ?? fail();

function fail(): never {
  throw new Error('There is no strategy uniform.');
}

/** `schedules` runs of a program, side by side, drawn uniformly. */
function runUniformly<Result>(
  program: Program<Result>,
  { schedules, check }: { readonly schedules: number; readonly check: (result: Result) => void },
): JobSource<Result> {
  const options = { strategy: UNIFORM, seed: 1, sketch: { length: 50, actors: 10 }, faultsMax: 0 };
  let handedOut = 0;
  return {
    next() {
      if (handedOut === schedules) return null;
      handedOut += 1;
      return { program, plan: sampledPlan(options, handedOut) };
    },
    finished: ({ result }) => check(result),
  };
}

/**
 * Every user calls once, through a promise chain: asked for, sent, arrived, answered. Methods rather than inner
 * functions, because the compiler that runs the benchmark names each inner function again whenever it is made.
 */
class ChainWorkload {
  readonly #point: Point;
  #tail: Promise<void> = Promise.resolve();
  #inService = 0;
  #inServiceMax = 0;

  constructor(point: Point) {
    this.#point = point;
  }

  /** Returns the most in service. */
  async run(users: number): Promise<number> {
    const calls: Promise<void>[] = [];
    for (let user = 0; user < users; user += 1) calls.push(this.#use());
    await Promise.all(calls);
    return this.#inServiceMax;
  }

  async #use(): Promise<void> {
    await this.#point();
    await (this.#tail = this.#tail.then(() => this.#send()));
  }

  async #send(): Promise<void> {
    await this.#point();
    this.#inService += 1;
    this.#inServiceMax = Math.max(this.#inServiceMax, this.#inService);
    await this.#point();
    this.#inService -= 1;
    await this.#point();
  }
}

function chainOurs(users: number): Round {
  const program = promiseProgram((point) => new ChainWorkload(point).run(users));
  return (schedules) =>
    runJobs(
      runUniformly(program, {
        schedules,
        check: (outcome) => assert(outcome.state === 'resolved' && outcome.value === 1, 'calls overlapped'),
      }),
      { barrier: setImmediate, nowMs: () => performance.now(), width: 16, stepsMax: 100_000 },
    );
}

function chainTheirs(users: number): Round {
  return assertWithFastCheck(async (scheduler) => {
    const workload = new ChainWorkload(() => scheduler.schedule(Promise.resolve())).run(users);
    await scheduler.waitIdle();
    assert((await workload) === 1, 'calls overlapped');
  });
}

function assertWithFastCheck(property: (scheduler: Scheduler) => Promise<void>): Round {
  let seed = 0;
  return (schedules) => {
    seed += 1;
    return fc.assert(fc.asyncProperty(fc.scheduler(), property), { numRuns: schedules, seed });
  };
}

function clientOurs(lab: ExplorationSession, users: number): Round {
  const faults = { kinds: [], faultsMax: 0 };
  const setting: Scenario = {
    users,
    calls: 1,
    pattern: 'staggered',
    scope: 'global',
    clock: 'honest',
    faults,
    seed: 1,
  };
  const program = lab.program(setting);
  return (schedules) =>
    lab.run(runUniformly(program, { schedules, check: ({ records }) => checkRecords(records, users) }));
}

function checkRecords(records: Exchange['journal'], users: number): void {
  assert(records.length === users, `${records.length} calls arrived`);
  assert(
    records.every(({ outcome, violations }) => outcome === 'accepted' && violations.length === 0),
    'a call was rejected',
  );
}

/** The same client, exchange and points, put together by hand for fast-check's scheduler. */
function clientTheirs(users: number): Round {
  const accounts = generateCredentials({ users, seed: 1 });
  return assertWithFastCheck(async (scheduler) => {
    const exchange = createExchange();
    for (const account of accounts) exchange.addAccount(account);
    const clock = createTickingClock();
    const client = await createClient({
      kind: 'simulated',
      baseUrl: 'http://127.0.0.1:4',
      accounts,
      scope: 'global',
      transport: scheduledTransport(scheduler, exchange),
      clock,
      timers: { setTimeout: () => undefined, clearTimeout: () => undefined },
      random: () => 0.5,
    });
    const calls = Promise.all(accounts.map(({ account }) => askOnSchedule(scheduler, client, account)));
    await scheduler.waitIdle();
    await calls;
    await client.close?.();
    checkRecords(exchange.journal, users);
  });
}

async function askOnSchedule(scheduler: Scheduler, client: TargetClient, account: string): Promise<void> {
  await scheduler.schedule(Promise.resolve());
  await client.call(account, 'Balance', {});
}

function scheduledTransport(scheduler: Scheduler, exchange: Exchange): HttpTransport {
  return async (request) => {
    await scheduler.schedule(Promise.resolve());
    const call = exchange.begin(request, 0);
    exchange.receiveBody(call, request.body ?? '', 0);
    await scheduler.schedule(Promise.resolve());
    const reply = exchange.finish(call, 0);
    await scheduler.schedule(Promise.resolve());
    return reply;
  };
}

function createTickingClock(): { wallNs(): bigint; monotonicMs(): number } {
  let ms = 0;
  return {
    wallNs: () => 1_767_225_600_000_000_000n + BigInt((ms += 1)) * 1_000_000n,
    monotonicMs: () => ms,
  };
}
