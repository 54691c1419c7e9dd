import type { ExchangeCall, ExchangeReply } from '../../../mock-kraken/index.ts';
import type { HttpReply, HttpRequest } from '../../../src/index.ts';
import type { FaultKind } from './fault-kinds.ts';
import { clientActor, EVENT_TOUCHES, exchangeActor, operationId } from './world-operation.ts';
import type { WorldEventKind, WorldOperation } from './world-operation.ts';

/** Where a request is. `over`: nothing more can happen to it. */
export type Leg = 'sent' | 'in-service' | 'answered' | 'over';

/** What can happen to a request; the network brings it about. */
export type TransitEvent =
  Extract<WorldEventKind, 'arrive' | 'finish' | 'reply'> | Exclude<FaultKind, 'abort'>;

/** Who lets the events of a transit happen. */
export interface TransitEvents {
  onEvent(transit: Transit, event: TransitEvent): void;
}

/** What a transit starts from. */
export interface TransitFacts {
  /** 0, 1, 2 … in the order of sending. */
  readonly number: number;
  /** Index of the account whose API key the request carries; 0 when it is nobody's. */
  readonly account: number;
  readonly request: HttpRequest;
  readonly resolve: (reply: HttpReply) => void;
  readonly reject: (error: Error) => void;
}

/** One request on its way to the exchange, through it, and back. */
export class Transit implements TransitFacts {
  readonly number: number;
  readonly account: number;
  readonly request: HttpRequest;
  readonly resolve: (reply: HttpReply) => void;
  readonly reject: (error: Error) => void;
  leg: Leg = 'sent';
  legStartNs = 0;
  /** The leg cannot take longer than until then. */
  deadlineNs = 0;
  /** Set while in service and after; never for a public call. */
  call: ExchangeCall | null = null;
  reply: ExchangeReply | null = null;
  /** The client reads no reply any more. */
  isGivenUp = false;
  /** A middlebox has delivered it a second time. */
  isRepeated = false;
  /** The last fault that hit it. */
  fault: FaultKind | null = null;
  readonly #events: TransitEvents;
  readonly #operations: WorldOperation[] = [];

  constructor(facts: TransitFacts, events: TransitEvents) {
    this.number = facts.number;
    this.account = facts.account;
    this.request = facts.request;
    this.resolve = facts.resolve;
    this.reject = facts.reject;
    this.#events = events;
  }

  /** What happens to it next without a fault. */
  next(): WorldOperation {
    if (this.leg === 'sent') return this.operation('arrive');
    return this.operation(this.leg === 'in-service' ? 'finish' : 'reply');
  }

  /** The operation for one of its events; the same object each time. */
  operation(kind: TransitEvent): WorldOperation {
    const known = this.#operations.find((operation) => operation.kind === kind);
    if (known !== undefined) return known;
    const made = new TransitOperation(this, kind, this.#events);
    this.#operations.push(made);
    return made;
  }
}

/** An event of a request. */
export class TransitOperation implements WorldOperation {
  readonly kind: TransitEvent;
  readonly id: number;
  readonly subject: number;
  readonly touches: number;
  readonly actor: number;
  readonly isFault: boolean;
  readonly transit: Transit;
  readonly #events: TransitEvents;

  constructor(transit: Transit, kind: TransitEvent, events: TransitEvents) {
    this.kind = kind;
    this.id = operationId(kind, transit.number);
    this.subject = transit.number * 2;
    this.touches = EVENT_TOUCHES[kind];
    this.actor = kind === 'arrive' ? clientActor(transit.account) : exchangeActor(transit.account);
    this.isFault = kind !== 'arrive' && kind !== 'finish' && kind !== 'reply';
    this.transit = transit;
    this.#events = events;
  }

  happen(): void {
    this.#events.onEvent(this.transit, this.kind);
  }
}
