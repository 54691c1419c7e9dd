import type { ExchangeCall } from '../exchange/index.ts';
import type { Exchange } from '../exchange/index.ts';
import { CancellableDelays } from './cancellable-delays.ts';
import { createRandom } from '../random.ts';
import { durationOf, stageOf, type Fault } from '../faults/index.ts';
import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import type { ReceivedBody } from '../exchange/index.ts';
import { jsonReply, type ExchangeReply } from '../exchange-reply.ts';
import { PRIVATE_PREFIX, PUBLIC_PREFIX, type RequestHead } from '../exchange/index.ts';
import { createServiceTime, type ServiceTime } from '../exchange/index.ts';
import { systemWorld } from '../system.ts';
import type { AdapterWorld } from '../world.ts';

/** What every door can be told. */
export interface AdapterOptions {
  /** Service time, or a fixed one in milliseconds. Default: 5. */
  readonly serviceTime?: ServiceTime | number;
  /**
   * Each private request spends a random time from 0 to this many milliseconds on its way, so that requests on
   * different connections overtake each other as they do on the Internet; on one connection they keep their
   * order. Default: 0, which is kinder than any network.
   */
  readonly arrivalJitterMs?: number;
  /** Longest request body; a longer one is answered 413. Default: 65,536. */
  readonly bodyBytesMax?: number;
  /** Fixes service times and jitter. Default: 1. */
  readonly seed?: number;
  /** Default: the system's clock and timers, its time starting now. */
  readonly world?: AdapterWorld;
}

/** What every door has. */
export interface Adapter {
  readonly exchange: Exchange;
  readonly world: AdapterWorld;
  readonly pauses: CancellableDelays;
  readonly bodyBytesMax: number;
  /** Deliveries under way whose reply no client reads; a door that closes waits for them, too. */
  readonly unread: Set<Promise<unknown>>;
  /** Milliseconds of service of the next call. */
  drawServiceMs(): number;
  /** Milliseconds that the next request spends on its way. */
  drawJitterMs(): number;
}

const SERVICE_MS_BY_DEFAULT = 5;
const BODY_BYTES_MAX = 65_536;
const SEED_BY_DEFAULT = 1;

/** Fills in the defaults. */
export function createAdapter(exchange: Exchange, options: AdapterOptions): Adapter {
  const { seed = SEED_BY_DEFAULT, serviceTime = SERVICE_MS_BY_DEFAULT, arrivalJitterMs = 0 } = options;
  const world = options.world ?? systemWorld();
  const jitter = createRandom(seed, 'arrival-jitter');
  return {
    exchange,
    world,
    pauses: new CancellableDelays(world.timers),
    bodyBytesMax: options.bodyBytesMax ?? BODY_BYTES_MAX,
    unread: new Set(),
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
 * The answer to everything that is no private call, and never in service; `null` for a private call. Public
 * endpoints take GET only since 2024-01-31: krakenex, api.py.
 */
export function answerAtOnce(door: Adapter, head: RequestHead, httpMethod: string): ExchangeReply | null {
  if (head.path.startsWith(PRIVATE_PREFIX)) return null;
  const isPublic = head.path.startsWith(PUBLIC_PREFIX) && httpMethod === 'GET';
  return isPublic ? door.exchange.publicCall(head, door.world.nowNs()) : UNKNOWN_METHOD;
}

const UNKNOWN_METHOD: ExchangeReply = jsonReply({ error: [KRAKEN_ERRORS.unknownMethod] });

/** A private request under way. */
export interface CallUnderWay {
  /** Settles when the head has arrived; `null` when it has already. */
  readonly arrival: Promise<unknown> | null;
  readonly reply: Promise<ExchangeReply>;
}

/**
 * Carries one private call from its sender to its reply, the same way behind every door: its time on the way,
 * arrival, service, and the fault that strikes it. Nothing that the client does meanwhile can end it. Without
 * jitter the head arrives in the very moment this is called.
 * @param ahead - an arrival that must come first, because both are on one connection
 */
export function handleCall(
  door: Adapter,
  incoming: IncomingCall,
  ahead: Promise<unknown> | null = null,
): CallUnderWay {
  const fault = door.exchange.faultFor(incoming.head, door.world.nowNs());
  const stage = fault === null ? null : stageOf(fault.kind);
  if (fault !== null && stage === 'connection')
    return { arrival: null, reply: turnAway(door, incoming, fault) };
  const delayMs = fault !== null && stage === 'way' ? durationOf(fault) : 0;
  const wayMs = door.drawJitterMs() + delayMs;
  if (wayMs === 0 && ahead === null) return { arrival: null, reply: serve(door, incoming, fault) };
  const arrival = Promise.all([ahead, door.pauses.wait(wayMs)]);
  return { arrival, reply: arrival.then(() => serve(door, incoming, fault)) };
}

async function turnAway(door: Adapter, { head, body }: IncomingCall, fault: Fault): Promise<ExchangeReply> {
  const sent = await body;
  return door.exchange.turnAway({ head, fault, body: sent }, door.world.nowNs());
}

async function serve(door: Adapter, incoming: IncomingCall, fault: Fault | null): Promise<ExchangeReply> {
  const { exchange, world } = door;
  const call = exchange.begin(incoming.head, world.nowNs(), fault);
  exchange.receiveBody(call, await incoming.body, world.nowNs());
  if (fault !== null && stageOf(fault.kind) === 'twice' && call.rejection === null)
    return serveTwice(door, call, fault);
  const usualMs = door.drawServiceMs();
  return serveFor(
    door,
    call,
    fault !== null && stageOf(fault.kind) === 'service' ? durationOf(fault) : usualMs,
  );
}

/**
 * Serves a call that a middlebox delivers twice; resolves with the reply that the client reads. Whichever delivery
 * the other is, it lasts for the fault's `ms` longer. With 0 ms the two are as close as they can be: the second one
 * arrives while the first is in service, or, if the client is to read its reply, right after that.
 */
async function serveTwice(door: Adapter, first: ExchangeCall, fault: Fault): Promise<ExchangeReply> {
  const lagMs = durationOf(fault);
  const serveFirst = (): Promise<ExchangeReply> => serveFor(door, first, door.drawServiceMs());
  const serveSecond = (): Promise<ExchangeReply> => serveAgain(door, first, fault);
  if (fault.kind === 'duplicate-first-reply') {
    const reply = serveFirst();
    leaveUnread(door, lagMs === 0 ? serveSecond() : afterwards(reply, door.pauses, lagMs).then(serveSecond));
    return reply;
  }
  if (lagMs === 0) return serveFirst().then(serveSecond);
  const reply = serveSecond();
  leaveUnread(
    door,
    reply.then(() => serveFor(door, first, lagMs)),
  );
  return reply;
}

async function serveFor(door: Adapter, call: ExchangeCall, ms: number): Promise<ExchangeReply> {
  await door.pauses.wait(ms);
  return door.exchange.finish(call, door.world.nowNs());
}

/** A refusal takes no time; whatever is admitted a second time takes as long as ever. */
async function serveAgain(door: Adapter, first: ExchangeCall, fault: Fault): Promise<ExchangeReply> {
  const second = door.exchange.repeat(first, fault, door.world.nowNs());
  if (second.rejection === null) await door.pauses.wait(door.drawServiceMs());
  return door.exchange.finish(second, door.world.nowNs());
}

async function afterwards(event: Promise<unknown>, pauses: CancellableDelays, ms: number): Promise<void> {
  await event;
  await pauses.wait(ms);
}

function leaveUnread(door: Adapter, delivery: Promise<unknown>): void {
  const served = delivery.finally(() => door.unread.delete(served));
  door.unread.add(served);
}

/** A body of known length, as far as the door takes one. */
export function withinLimit(door: Adapter, bytes: string | Uint8Array): ReceivedBody {
  return Buffer.byteLength(bytes) > door.bodyBytesMax ? { problem: 'too-large' } : bytes;
}
