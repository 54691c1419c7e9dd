import type { Exchange } from './exchange.ts';
import { Pauses } from './pauses.ts';
import { createRandom } from './random.ts';
import type { ReceivedBody } from './read-body.ts';
import type { ExchangeReply } from './reply.ts';
import type { RequestHead } from './request-head.ts';
import { createServiceTime, type ServiceTime } from './service-time.ts';
import { systemWorld } from './system.ts';
import type { DoorWorld } from './world.ts';

/** What every door can be told. */
export interface DoorOptions {
  /** Service time, or a fixed one in milliseconds. Default: 5. */
  readonly serviceTime?: ServiceTime | number;
  /**
   * Each private request spends a random time from 0 to this many milliseconds on its way, so that requests on
   * different connections overtake each other as they do on the Internet; on one connection they keep their
   * order. Default: 0, which is kinder than any network.
   */
  readonly arrivalJitterMs?: number;
  /** Fixes service times and jitter. Default: 1. */
  readonly seed?: number;
  /** Default: the system's clock and timers, its time starting now. */
  readonly world?: DoorWorld;
}

/** What every door has. */
export interface Door {
  readonly exchange: Exchange;
  readonly world: DoorWorld;
  readonly pauses: Pauses;
  /** Milliseconds of service of the next call. */
  drawServiceMs(): number;
  /** Milliseconds that the next request spends on its way. */
  drawJitterMs(): number;
}

const SERVICE_MS_BY_DEFAULT = 5;
const SEED_BY_DEFAULT = 1;

/** Fills in the defaults. */
export function createDoor(exchange: Exchange, options: DoorOptions): Door {
  const { seed = SEED_BY_DEFAULT, serviceTime = SERVICE_MS_BY_DEFAULT, arrivalJitterMs = 0 } = options;
  const world = options.world ?? systemWorld();
  const jitter = createRandom(seed, 'arrival-jitter');
  return {
    exchange,
    world,
    pauses: new Pauses(world.timers),
    drawServiceMs: createServiceTime(serviceTime, createRandom(seed, 'service-time')),
    drawJitterMs: () => jitter() * arrivalJitterMs,
  };
}

/** A private request as a door receives it. */
export interface IncomingCall {
  readonly head: RequestHead;
  /** Resolves when the body is complete, or known never to be; does not reject. */
  readonly body: Promise<ReceivedBody>;
}

/**
 * Serves one private call, the same way behind every door. Its head arrives in the very moment this is called;
 * from there on nothing that the client does can end the service.
 */
export async function serveCall(door: Door, incoming: IncomingCall): Promise<ExchangeReply> {
  const { exchange, world, pauses } = door;
  const call = exchange.begin(incoming.head, world.nowNs());
  exchange.receiveBody(call, await incoming.body, world.nowNs());
  await pauses.wait(door.drawServiceMs());
  return exchange.finish(call, world.nowNs());
}
