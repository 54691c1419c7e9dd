import {
  createLocalCoordinator,
  GlobalKrakenNonceManager,
  keyFingerprint,
  KrakenClient,
} from '../../../src/index.ts';
import type { ApiLock, LaneCoordinator, OrderRequest, SharedClientOptions } from '../../../src/index.ts';
import { coordinatorOf } from '../coordination/index.ts';
import type { Account, ClientWorld, TargetClient } from './client-module.ts';

/** Makes one call of a burst and tells its caller; never rejects. */
type Make = () => Promise<void>;

/**
 * The ways in which a program may put calls into turns. All of them must be safe, so the bursts of an account
 * take one after the other.
 */
type Shape = (lockOf: () => ApiLock, burst: readonly Make[]) => void;

const separately: Shape = (_lockOf, burst) => {
  for (const make of burst) void make();
};

const asSiblings: Shape = (lockOf, burst) => {
  void lockOf().runExclusive(() => Promise.all(burst.map((make) => make())));
};

const oneAfterTheOther: Shape = (lockOf, burst) => {
  const lock = lockOf();
  void lock.runExclusive(async () => {
    for (const make of burst) await lock.runExclusive(make);
  });
};

/** The turn's function is over at once; the calls in it are not. */
const unawaited: Shape = (lockOf, burst) => {
  void lockOf().runExclusive(() => separately(lockOf, burst));
};

const SHAPES: readonly Shape[] = [separately, asSiblings, oneAfterTheOther, unawaited];

/** The toolkit's own client under verification: every account a `KrakenClient`, all of them in one lane. */
export function createClient(world: ClientWorld): TargetClient | Promise<TargetClient> {
  const { kind, scope, clock, timers } = world;
  const runtime = { clock, timers };
  return kind === 'simulated'
    ? createClientOn(createLocalCoordinator({ runtime, scope }), world)
    : createClientOfProcess(world);
}

/** The process-wide lane, as users have it; simulated worlds share nothing. */
async function createClientOfProcess(world: ClientWorld): Promise<TargetClient> {
  const { coordination, scope, clock, timers } = world;
  const runtime = { clock, timers };
  const told = await coordinatorOf(coordination, { runtime, scope });
  const manager = GlobalKrakenNonceManager.configure({ runtime, scope, coordinator: told.coordinator });
  const client = createClientOn(manager.coordinator, world);
  return {
    ...client,
    async close() {
      await client.close?.();
      await told.close();
    },
  };
}

function createClientOn(coordinator: LaneCoordinator, world: ClientWorld): TargetClient {
  const accounts = new Map(
    world.accounts.map((account, index) => [
      account.account,
      {
        client: createKrakenClient(world, { account, coordinator, isPatient: index % 2 === 0 }),
        inBurst: createBursts(() => coordinator.lock(keyFingerprint(account.apiKey)), index),
      },
    ]),
  );
  return {
    call(account, method, params, options) {
      const known = accounts.get(account);
      if (known === undefined) throw new Error(`There is no account ${account}.`);
      const { client, inBurst } = known;
      return inBurst(() =>
        method === 'AddOrder'
          ? client.placeOrder(params as unknown as OrderRequest, options)
          : client.queryPrivate(method, params, options),
      );
    },
    async close() {
      await Promise.all([...accounts.values()].map(({ client }) => client.close()));
    },
  };
}

interface ClientTraits {
  readonly account: Account;
  readonly coordinator: LaneCoordinator;
  readonly isPatient: boolean;
}

function createKrakenClient(world: ClientWorld, traits: ClientTraits): KrakenClient {
  const { account, coordinator, isPatient } = traits;
  return new KrakenClient({
    apiKey: account.apiKey,
    apiSecret: account.apiSecret,
    accountIdentifier: account.account,
    transport: world.transport,
    runtime: { clock: world.clock, timers: world.timers },
    coordinator,
    ...timeLimits(world, isPatient),
  });
}

/** How much longer than the exchange's slowest service the lane waits: what two busy processes may be late by. */
const SETTLING_MARGIN_MS = 500;
/** The same where processes are stopped, and all of them make calls at once. */
const SHARED_SETTLING_MARGIN_MS = 1_500;
/** Below a slow service, which is what such a caller must give up on; a call that is merely late is asked again. */
const IMPATIENCE_MS_MIN = 200;
/** The shortest that the client takes. */
const ORDER_DEADLINE_MS = 4_000;
/** Longer than the lockouts of a named plan last in such a world. */
const LOCKOUT_MS = 500;

/**
 * Over sockets without faults every call is answered, however late: the processes share a machine that may be busy, and
 * a thousand requests can wait for a mock that gets no processor. Kraken does not slow down with this machine, and the
 * client's defaults are made for Kraken. A run that went past these limits would say something about the machine.
 */
const BUSY_MACHINE: SharedClientOptions = { timeoutMs: 120_000, orderDeadlineMs: 45_000 };

/**
 * The client's own settling time is made for Kraken, whose slowest service nobody knows. In a world where it is
 * known, the same guarantee costs less. Some callers give a call up while the exchange is at work on it, others
 * wait for the reply; both must be safe.
 */
function timeLimits(
  { kind, slowestServiceMs, coordination }: Pick<ClientWorld, 'kind' | 'slowestServiceMs' | 'coordination'>,
  isPatient: boolean,
): SharedClientOptions {
  if (slowestServiceMs === undefined) return kind === 'process' ? BUSY_MACHINE : {};
  const isAlone = coordination === undefined || coordination.kind === 'local';
  const settlingMs = slowestServiceMs + (isAlone ? SETTLING_MARGIN_MS : SHARED_SETTLING_MARGIN_MS);
  const limits = { settlingMs, orderDeadlineMs: ORDER_DEADLINE_MS, lockoutMs: LOCKOUT_MS };
  return isPatient ? limits : { ...limits, timeoutMs: Math.max(IMPATIENCE_MS_MIN, 0.7 * slowestServiceMs) };
}

/** Gathers the calls that an account asks for in one go, and hands them to the next shape together. */
function createBursts(lockOf: () => ApiLock, firstShape: number): <T>(call: () => Promise<T>) => Promise<T> {
  let burst: Make[] = [];
  let bursts = firstShape;
  const flush = (): void => {
    const gathered = burst;
    burst = [];
    SHAPES[bursts % SHAPES.length]?.(lockOf, gathered);
    bursts += 1;
  };
  return (call) =>
    new Promise((resolve, reject) => {
      if (burst.length === 0) queueMicrotask(flush);
      burst.push(() => call().then(resolve, reject));
    });
}
