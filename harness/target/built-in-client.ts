import {
  createLocalCoordinator,
  GlobalKrakenNonceManager,
  keyFingerprint,
  KrakenClient,
} from '../../src/index.ts';
import type { ApiLock, LaneCoordinator } from '../../src/index.ts';
import type { Account, ClientWorld, TargetClient } from './client-module.ts';

/** Makes one call of a burst and tells its caller; never rejects. */
type Make = () => Promise<void>;

/**
 * The ways in which a program may put calls into turns. All of them must be safe, so the bursts of an account
 * take one after the other.
 */
type Shape = (lock: ApiLock, burst: readonly Make[]) => void;

const separately: Shape = (_lock, burst) => {
  for (const make of burst) void make();
};

const asSiblings: Shape = (lock, burst) => {
  void lock.runExclusive(() => Promise.all(burst.map((make) => make())));
};

const oneAfterTheOther: Shape = (lock, burst) => {
  void lock.runExclusive(async () => {
    for (const make of burst) await lock.runExclusive(make);
  });
};

/** The turn's function is over at once; the calls in it are not. */
const unawaited: Shape = (lock, burst) => {
  void lock.runExclusive(() => separately(lock, burst));
};

const SHAPES: readonly Shape[] = [separately, asSiblings, oneAfterTheOther, unawaited];

/** The toolkit's own client under verification: every account a `KrakenClient`, all of them in one lane. */
export function createClient(world: ClientWorld): TargetClient {
  const coordinator = coordinatorFor(world);
  const accounts = new Map(
    world.accounts.map((account, index) => [
      account.account,
      {
        client: createKrakenClient(world, { account, coordinator }),
        inBurst: createBursts(coordinator.lock(keyFingerprint(account.apiKey)), index),
      },
    ]),
  );
  return {
    call(account, method, params, options) {
      const known = accounts.get(account);
      if (known === undefined) throw new Error(`There is no account ${account}.`);
      return known.inBurst(() => known.client.queryPrivate(method, params, options));
    },
  };
}

/** In a process of its own the process-wide one, as users have it; simulated worlds share nothing. */
function coordinatorFor({ kind, scope, clock, timers }: ClientWorld): LaneCoordinator {
  const runtime = { clock, timers };
  if (kind === 'simulated') return createLocalCoordinator({ runtime, scope });
  return GlobalKrakenNonceManager.configure({ runtime, scope }).coordinator;
}

function createKrakenClient(
  world: ClientWorld,
  { account, coordinator }: { account: Account; coordinator: LaneCoordinator },
): KrakenClient {
  return new KrakenClient({
    apiKey: account.apiKey,
    apiSecret: account.apiSecret,
    accountIdentifier: account.account,
    transport: world.transport,
    runtime: { clock: world.clock, timers: world.timers },
    coordinator,
  });
}

/** Gathers the calls that an account asks for in one go, and hands them to the next shape together. */
function createBursts(lock: ApiLock, firstShape: number): <T>(call: () => Promise<T>) => Promise<T> {
  let burst: Make[] = [];
  let bursts = firstShape;
  const flush = (): void => {
    const gathered = burst;
    burst = [];
    SHAPES[bursts % SHAPES.length]?.(lock, gathered);
    bursts += 1;
  };
  return (call) =>
    new Promise((resolve, reject) => {
      if (burst.length === 0) queueMicrotask(flush);
      burst.push(() => call().then(resolve, reject));
    });
}
