import { orderIds, runWorkload } from '../../run/targets/index.ts';
import type { MakeCall } from '../../run/targets/index.ts';
import { clientActor, EVENT_TOUCHES, operationId } from './world-operation.ts';
import type { WorldOperation } from './world-operation.ts';

/**
 * When calls are asked for.
 * - `staggered`: each at a moment of the schedule's choice; an account has one call pending at a time.
 * - `parallel`: each account asks for its calls at once, at a moment of the schedule's choice; only what needs the
 *   reply to another one, a cancellation, follows on that.
 * - `burst`: the copy-trading day of `verify`: everybody's first call at the same moment, later ones back to back.
 */
export const ARRIVAL_PATTERNS = ['staggered', 'parallel', 'burst'] as const;

export type ArrivalPattern = (typeof ARRIVAL_PATTERNS)[number];

/** The calls of one run. */
export interface Workload {
  /** Adds what may be asked for now. */
  collect(options: WorldOperation[]): void;
  /** Every call was asked for, and every caller was told. */
  readonly isOver: boolean;
}

/** What a workload starts from. */
export interface WorkloadSpec {
  /** MASTER first. */
  readonly accounts: readonly string[];
  readonly callsPerAccount: number;
  readonly pattern: ArrivalPattern;
  /**
   * Accounts that have done nothing yet are interchangeable: only the first of them may ask. What is left out is
   * what remains the same when accounts are renamed, provided that the client treats them alike.
   */
  readonly isSymmetric: boolean;
}

/** Makes the workload of one run; `burst` begins at once. */
export function createWorkload(spec: WorkloadSpec, call: MakeCall): Workload {
  return spec.pattern === 'burst' ? new Burst(spec, call) : new Asking(spec, call);
}

class Burst implements Workload {
  isOver = false;

  constructor(spec: WorkloadSpec, call: MakeCall) {
    void runWorkload(call, spec).then(() => (this.isOver = true));
  }

  collect(): void {
    // Nothing is left to be chosen.
  }
}

class Asking implements Workload {
  readonly #callers: readonly Caller[];
  readonly #isSymmetric: boolean;

  constructor(spec: WorkloadSpec, call: MakeCall) {
    const { accounts, callsPerAccount, pattern } = spec;
    this.#isSymmetric = spec.isSymmetric;
    this.#callers = accounts.map(
      (account, index) =>
        new Caller({ account, index, callsPerAccount, isParallel: pattern === 'parallel' }, call),
    );
  }

  get isOver(): boolean {
    return this.#callers.every((caller) => caller.isOver);
  }

  collect(options: WorldOperation[]): void {
    for (const caller of this.#callers) {
      if (caller.canAsk) options.push(caller);
      if (this.#isSymmetric && caller.isUntouched) return;
    }
  }
}

interface CallerFacts {
  readonly account: string;
  readonly index: number;
  readonly callsPerAccount: number;
  readonly isParallel: boolean;
}

/** One account; it is at the same time the event of its asking. */
class Caller implements WorldOperation {
  readonly kind = 'ask';
  readonly touches: number = EVENT_TOUCHES.ask;
  readonly actor: number;
  readonly subject: number;
  readonly isFault = false;
  readonly #facts: CallerFacts;
  readonly #call: MakeCall;
  #asked = 0;
  #settled = 0;
  /** The last order that was placed and not cancelled. */
  #txid: string | undefined;

  constructor(facts: CallerFacts, call: MakeCall) {
    this.actor = clientActor(facts.index);
    this.subject = facts.index * 2 + 1;
    this.#facts = facts;
    this.#call = call;
  }

  get id(): number {
    return operationId('ask', this.#facts.index * this.#facts.callsPerAccount + this.#asked);
  }

  get isOver(): boolean {
    return this.#settled === this.#facts.callsPerAccount;
  }

  get isUntouched(): boolean {
    return this.#asked === 0;
  }

  get canAsk(): boolean {
    return this.#asked === this.#settled && !this.isOver;
  }

  happen(): void {
    if (!this.#facts.isParallel) void this.#ask(this.#settled);
    else for (let n = 0; n < this.#facts.callsPerAccount; n += 1) if (!isFollowUp(n)) void this.#ask(n);
  }

  async #ask(n: number): Promise<void> {
    if (n >= this.#facts.callsPerAccount) return;
    const [method, params] = this.#callNumber(n);
    this.#asked += 1;
    try {
      this.#txid = orderIds(await this.#call(this.#facts.account, method, params))[0] ?? this.#txid;
    } catch {
      // What the caller was told is on record; the next call is made all the same.
    }
    if (this.#facts.isParallel && isFollowUp(n + 1)) void this.#ask(n + 1);
    this.#settled += 1;
  }

  /** Balance, AddOrder, CancelOrder if there is an order to cancel, OpenOrders, and over again. */
  #callNumber(n: number): readonly [method: string, params: Readonly<Record<string, unknown>>] {
    const step = n % CYCLE;
    if (step === 0) return ['Balance', {}];
    if (step === 1) return ['AddOrder', RESTING_ORDER];
    const txid = this.#txid;
    if (step === 3 || txid === undefined) return ['OpenOrders', {}];
    this.#txid = undefined;
    return ['CancelOrder', { txid }];
  }
}

const CYCLE = 4;

/** A cancellation cannot be asked for before the reply to its order. */
function isFollowUp(n: number): boolean {
  return n % CYCLE === 2;
}

/** Far below any market: it rests until it is cancelled. */
const RESTING_ORDER = { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '1000', volume: '0.001' };
