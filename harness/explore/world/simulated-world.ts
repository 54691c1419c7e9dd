import { createExchange } from '../../../mock-kraken/index.ts';
import type { Exchange } from '../../../mock-kraken/index.ts';
import type { HttpRequest, LaneScope } from '../../../src/index.ts';
import { createRandom } from '../../random.ts';
import type { Account, ClientWorld } from '../../run/targets/index.ts';
import { createSteppingClock } from '../../run/targets/index.ts';
import { WORLD_BASE_URL } from './base-url.ts';
import type { FaultPlan } from './fault-kinds.ts';
import { ImmediateQueue } from './immediate-queue.ts';
import type { LatencyLimits } from './latency.ts';
import { SimulatedNetwork } from './network.ts';
import type { Transit } from './transit.ts';
import { VirtualTime, WORLD_EPOCH_MS } from './virtual-time.ts';

/** What fixes a world; the same for all runs of an exploration. */
export interface WorldSpec {
  /** MASTER first. */
  readonly accounts: readonly Account[];
  readonly scope: LaneScope;
  readonly faults: FaultPlan;
  readonly latency: LatencyLimits;
  /** How far the clock creeps on with each event that runs code of the client's. */
  readonly stepNs: number;
  /** `steps`: the wall clock stalls, steps back and jumps ahead. */
  readonly clock: 'honest' | 'steps';
  readonly seed: number;
  /** The exchange checks every signature. Otherwise `onArrival` does, and knows what to do about a wrong one. */
  readonly checksSignatures: boolean;
  /** Told of each private request that arrives. */
  readonly onArrival: (request: HttpRequest) => void;
}

/** Everything outside the client: an exchange, the way there, time, chance. Shares nothing with its neighbours. */
export class SimulatedWorld {
  readonly time: VirtualTime;
  readonly immediates: ImmediateQueue = new ImmediateQueue();
  readonly exchange: Exchange;
  readonly network: SimulatedNetwork;
  readonly client: ClientWorld;

  constructor(spec: WorldSpec, onSent: (transit: Transit) => void) {
    const { accounts, scope, latency, seed } = spec;
    this.time = new VirtualTime(spec.stepNs);
    this.exchange = createExchange({
      scope,
      wallMsAtStart: WORLD_EPOCH_MS,
      verifySignatures: spec.checksSignatures,
    });
    for (const account of accounts) this.exchange.addAccount(account);
    this.network = new SimulatedNetwork({
      exchange: this.exchange,
      time: this.time,
      latency,
      accountOfKey: new Map(accounts.map(({ apiKey }, index) => [apiKey, index])),
      faults: spec.faults.kinds,
      onSent,
      onArrival: spec.onArrival,
    });
    const random = createRandom(seed);
    this.client = {
      kind: 'simulated',
      baseUrl: WORLD_BASE_URL,
      accounts,
      scope,
      transport: this.network.transport,
      clock: spec.clock === 'steps' ? createSteppingClock(this.time, random) : this.time,
      timers: this.time,
      random,
    };
  }
}
