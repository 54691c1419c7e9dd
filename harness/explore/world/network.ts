import type { Exchange } from '../../../mock-kraken/index.ts';
import { TransportError } from '../../../src/index.ts';
import type { Delivery, HttpReply, HttpRequest } from '../../../src/index.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { LatencyLimits } from './latency.ts';
import { Transit } from './transit.ts';
import type { TransitEvent, TransitEvents } from './transit.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { WorldOperation } from './world-operation.ts';

const MS_NS = 1_000_000;

/** How far apart events at the exchange are between which no time passes for the client. */
const EXCHANGE_STEP_NS = 10_000;

/** What a {@link SimulatedNetwork} connects. */
export interface NetworkOptions {
  readonly exchange: Exchange;
  readonly time: VirtualTime;
  readonly latency: LatencyLimits;
  /** Index of the account by API key. */
  readonly accountOfKey: ReadonlyMap<string, number>;
  /** The faults that may hit a request; other kinds are ignored. */
  readonly faults: readonly FaultKind[];
  readonly onSent: (transit: Transit) => void;
  /** Told of each private request that arrives. */
  readonly onArrival: (request: HttpRequest) => void;
}

/**
 * The way from a client to the exchange and back. Each request is a chain of its own: it arrives, its service
 * ends, its reply is read, and what happens between two of these is for the schedule to say. Requests overtake
 * each other freely, as on separate connections.
 *
 * A client that gives up on a reply changes nothing for the exchange: the request still arrives, is served, and
 * takes effect.
 */
export class SimulatedNetwork implements TransitEvents {
  readonly #exchange: Exchange;
  readonly #time: VirtualTime;
  readonly #latency: LatencyLimits;
  readonly #accountOfKey: ReadonlyMap<string, number>;
  readonly #faults: ReadonlySet<FaultKind>;
  readonly #onSent: (transit: Transit) => void;
  readonly #onArrival: (request: HttpRequest) => void;
  /** In the order of sending. */
  readonly #inFlight: Transit[] = [];
  #sent = 0;
  #exchangeSinceNs = 0;
  #exchangeSteps = 0;
  /** By `seq` of the exchange's record: the fault that hit the call. */
  readonly faultOf: Map<number, FaultKind> = new Map();

  constructor(options: NetworkOptions) {
    this.#exchange = options.exchange;
    this.#time = options.time;
    this.#latency = options.latency;
    this.#accountOfKey = options.accountOfKey;
    this.#faults = new Set(options.faults);
    this.#onSent = options.onSent;
    this.#onArrival = options.onArrival;
  }

  get inFlight(): readonly Transit[] {
    return this.#inFlight;
  }

  /** The client's transport. */
  readonly transport = (request: HttpRequest): Promise<HttpReply> =>
    new Promise((resolve, reject) => {
      if (isGivenUp(request)) return reject(broken('not-sent', request.signal?.reason));
      const account = this.#accountOfKey.get(request.headers['api-key'] ?? '') ?? 0;
      const facts = { number: this.#sent, account, request, resolve, reject };
      this.#sent += 1;
      const transit = new Transit(facts, this);
      this.#advance(transit, 'sent', this.#latency.arrivalMsMax);
      this.#inFlight.push(transit);
      this.#onSent(transit);
    });

  /**
   * Lets the client's transport reject what it has given up since the last event. Asked for between events rather
   * than listened for: a listener on every signal costs more than the rest of a transit.
   * @returns whether there was anything, and so code of the client's has to run
   */
  rejectGivenUp(): boolean {
    if (!this.#inFlight.some(isNewlyGivenUp)) return false;
    for (const transit of this.#inFlight.filter(isNewlyGivenUp)) this.#giveUp(transit);
    return true;
  }

  /** When the first leg of all must be over: no timer that is due later can fire before. */
  earliestDeadlineNs(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { deadlineNs } of this.#inFlight) if (deadlineNs < earliest) earliest = deadlineNs;
    return earliest;
  }

  /** Adds what can happen without a fault, oldest request first. */
  collect(options: WorldOperation[]): void {
    for (const transit of this.#inFlight) options.push(transit.next());
  }

  /** Adds the faults that can hit a request now. */
  collectFaults(options: WorldOperation[]): void {
    for (const transit of this.#inFlight) {
      for (const kind of FAULTS_ON[transit.leg]) {
        if (this.#faults.has(kind) && canHit(transit, kind)) options.push(transit.operation(kind));
      }
    }
  }

  onEvent(transit: Transit, event: TransitEvent): void {
    if (event === 'arrive') this.#arrive(transit);
    else if (event === 'finish') this.#finish(transit);
    else if (event === 'reply') this.#deliver(transit, transit.reply);
    else this.#hit(transit, event);
  }

  #arrive(transit: Transit): void {
    const { request } = transit;
    const nowNs = this.#exchangeNs();
    if (request.method === 'GET') {
      transit.reply = this.#exchange.publicCall(request, nowNs);
      this.#advance(transit, 'answered', this.#latency.replyMsMax);
      return;
    }
    this.#onArrival(request);
    transit.call = this.#exchange.begin(request, nowNs);
    this.#exchange.receiveBody(transit.call, request.body ?? '', nowNs);
    this.#advance(transit, 'in-service', this.#latency.serviceMsMax);
  }

  #finish(transit: Transit): void {
    if (transit.call === null) return;
    transit.reply = this.#exchange.finish(transit.call, this.#exchangeNs());
    if (transit.isGivenUp) return this.#lose(transit);
    const isSlow = transit.fault === 'timeout';
    this.#advance(transit, 'answered', isSlow ? this.#latency.slowReplyMsMax : this.#latency.replyMsMax);
  }

  /** The client's clock stands still while the exchange is at work; the exchange's own does not. */
  #exchangeNs(): number {
    const { nowNs } = this.#time;
    this.#exchangeSteps = nowNs === this.#exchangeSinceNs ? this.#exchangeSteps + 1 : 0;
    this.#exchangeSinceNs = nowNs;
    return nowNs + this.#exchangeSteps * EXCHANGE_STEP_NS;
  }

  #deliver(transit: Transit, reply: HttpReply | null): void {
    this.#end(transit);
    if (reply === null) return;
    if (transit.reply !== null) this.#exchange.delivered(transit.reply, reply === transit.reply);
    transit.resolve(reply);
  }

  /** The reply of the exchange does not reach the client. */
  #lose(transit: Transit): void {
    this.#end(transit);
    if (transit.reply !== null) this.#exchange.delivered(transit.reply, false);
  }

  #hit(transit: Transit, fault: Exclude<TransitEvent, 'arrive' | 'finish' | 'reply'>): void {
    if (isDuplicate(fault)) return this.#deliverAgain(transit, fault);
    transit.fault = fault;
    if (transit.call !== null) this.faultOf.set(transit.call.record.seq, fault);
    if (fault === 'timeout') return this.#slowDown(transit);
    if (fault === 'bad-gateway') return this.#deliver(transit, BAD_GATEWAY);
    if (fault !== 'refused') return this.#giveUp(transit);
    this.#end(transit);
    transit.reject(broken('not-sent', undefined));
  }

  /** The second delivery is refused at once: its nonce is used up, for no key has a window here. */
  #deliverAgain(transit: Transit, fault: DuplicateKind): void {
    if (transit.call === null) return;
    transit.isRepeated = true;
    const second = this.#exchange.repeat(transit.call, { kind: fault }, this.#exchangeNs());
    const reply = this.#exchange.finish(second, this.#exchangeNs());
    if (fault === 'duplicate-first-reply') return;
    transit.fault = fault;
    this.faultOf.set(transit.call.record.seq, fault);
    if (transit.leg === 'answered') return this.#deliver(transit, reply);
    transit.isGivenUp = true;
    transit.resolve(reply);
  }

  #slowDown(transit: Transit): void {
    const { slowReplyMsMax, slowServiceMsMax } = this.#latency;
    const limitMs = transit.leg === 'answered' ? slowReplyMsMax : slowServiceMsMax;
    transit.deadlineNs = transit.legStartNs + limitMs * MS_NS;
  }

  /** Nobody reads the reply any more; what the exchange is at work on goes on. */
  #giveUp(transit: Transit): void {
    transit.isGivenUp = true;
    if (transit.leg === 'answered') this.#lose(transit);
    transit.reject(broken('unknown', transit.request.signal?.reason));
  }

  #advance(transit: Transit, leg: Transit['leg'], limitMs: number): void {
    transit.leg = leg;
    transit.legStartNs = this.#time.firedNs;
    transit.deadlineNs = transit.legStartNs + limitMs * MS_NS;
  }

  #end(transit: Transit): void {
    transit.leg = 'over';
    this.#inFlight.splice(this.#inFlight.indexOf(transit), 1);
  }
}

/** Whether the client reads no reply any more. */
function isGivenUp(request: HttpRequest): boolean {
  return request.isGivenUp?.() ?? request.signal?.aborted === true;
}

function isNewlyGivenUp(transit: Transit): boolean {
  return !transit.isGivenUp && isGivenUp(transit.request);
}

/** Where each fault hits. */
const FAULTS_ON: Readonly<Record<Transit['leg'], readonly Exclude<FaultKind, 'abort'>[]>> = {
  sent: ['refused'],
  'in-service': ['timeout', 'reset', 'duplicate-first-reply', 'duplicate-second-reply'],
  answered: ['timeout', 'lost-reply', 'bad-gateway', 'duplicate-first-reply', 'duplicate-second-reply'],
  over: [],
};

/** Nobody notices a reply that is lost after it was given up, nor a second slowness. */
function canHit(transit: Transit, kind: FaultKind): boolean {
  if (isDuplicate(kind))
    return canRepeat(transit) && !(kind === 'duplicate-second-reply' && transit.isGivenUp);
  return kind === 'timeout' ? transit.fault !== 'timeout' : !transit.isGivenUp;
}

type DuplicateKind = Extract<FaultKind, `duplicate-${string}`>;

function isDuplicate(kind: FaultKind): kind is DuplicateKind {
  return kind === 'duplicate-first-reply' || kind === 'duplicate-second-reply';
}

/** Once, and only what was admitted: the second delivery of a refused call says nothing new. */
function canRepeat({ call, isRepeated }: Transit): boolean {
  return call !== null && call.rejection === null && !isRepeated;
}

/** What a proxy in front of the exchange answers. Seen as Cloudflare's page in krakenex#60 and blackbird#305. */
const BAD_GATEWAY: HttpReply = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>',
};

function broken(delivery: Delivery, cause: unknown): TransportError {
  const observed = delivery === 'not-sent' ? 'the connection was refused' : 'the connection broke';
  const whatToDo = delivery === 'not-sent' ? 'Nothing was delivered.' : 'The exchange may have received it.';
  return new TransportError(`Failed to exchange one HTTP request: ${observed}. ${whatToDo}`, {
    delivery,
    cause,
  });
}
