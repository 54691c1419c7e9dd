import { durationOf, type Fault } from './fault-kinds.ts';
import type { FaultPlan, PlannedFault } from './fault-plan.ts';

/** What is known of a call when it is decided whether a fault strikes it. */
export interface FaultTarget {
  /** `null` when the key is unknown. */
  readonly account: string | null;
  readonly method: string;
  /** As sent; `''` without one. */
  readonly apiKey: string;
}

/** A planned fault, and how many calls that fit it have come so far. */
interface Pending {
  readonly fault: PlannedFault;
  seen: number;
}

/** A time in which calls meet a fault that an earlier one began, and how many more may. */
interface Period {
  readonly ms: number;
  untilMs: number;
  callsLeft: number;
}

/**
 * How many calls a period swallows at most, beside the one that began it. Without a limit a client that does not retry
 * would spend all its calls on one fault: a lockout starts anew with every attempt.
 */
const MAINTENANCE_CALLS_MAX = 10;
const LOCKOUT_CALLS_MAX = 5;

/** Carries out a plan: decides which fault strikes which call. Plain state; enacting it is the doors' part. */
export class FaultScript {
  /** Faults that have not struck yet, in the order of the plan. */
  readonly #pending = new Set<Pending>();
  /** Those that struck, should one have to be given back. */
  readonly #struck = new Map<Fault, Pending>();
  readonly #lockedKeys = new Map<string, Period>();
  #maintenance: Period | null = null;

  constructor(plan: FaultPlan) {
    for (const fault of plan.faults) this.#pending.add({ fault: { ...fault }, seen: 0 });
  }

  /** Counts a call that reached the door, and says which fault strikes it. */
  next(target: FaultTarget, atMs: number): Fault | null {
    const due = this.#count(target);
    const ongoing = this.#ongoing(target, atMs);
    if (ongoing !== null || due === null) return ongoing;
    this.#pending.delete(due);
    this.#struck.set(due.fault, due);
    this.#start(due.fault, target, atMs);
    return due.fault;
  }

  /** A fault did not strike after all: its call was rejected on its own account. The next that fits is struck. */
  giveBack(fault: Fault): void {
    const pending = this.#struck.get(fault);
    if (pending === undefined) return;
    this.#struck.delete(fault);
    this.#pending.add(pending);
  }

  isUnderMaintenance(atMs: number): boolean {
    return this.#maintenance !== null && lasts(this.#maintenance, atMs);
  }

  /** Counts the call for every fault that it fits, and finds the first of them that is due. */
  #count(target: FaultTarget): Pending | null {
    let due: Pending | null = null;
    for (const pending of this.#pending) {
      if (!fits(pending.fault, target)) continue;
      pending.seen++;
      if (pending.seen >= pending.fault.nth) due ??= pending;
    }
    return due;
  }

  /** A period that an earlier fault began. A lockout starts anew with every attempt. */
  #ongoing({ apiKey }: FaultTarget, atMs: number): Fault | null {
    if (this.#maintenance !== null && lasts(this.#maintenance, atMs)) {
      this.#maintenance.callsLeft -= 1;
      return { kind: 'maintenance' };
    }
    const locked = this.#lockedKeys.get(apiKey);
    if (locked === undefined || !lasts(locked, atMs)) return null;
    locked.untilMs = atMs + locked.ms;
    locked.callsLeft -= 1;
    return { kind: 'lockout' };
  }

  #start(fault: Fault, { apiKey }: FaultTarget, atMs: number): void {
    const ms = durationOf(fault);
    const untilMs = atMs + ms;
    if (fault.kind === 'maintenance') this.#maintenance = { ms, untilMs, callsLeft: MAINTENANCE_CALLS_MAX };
    if (fault.kind === 'lockout') this.#lockedKeys.set(apiKey, { ms, untilMs, callsLeft: LOCKOUT_CALLS_MAX });
  }
}

function lasts({ untilMs, callsLeft }: Period, atMs: number): boolean {
  return atMs < untilMs && callsLeft > 0;
}

function fits(planned: PlannedFault, { account, method }: FaultTarget): boolean {
  const fitsMethod = planned.method === undefined || planned.method === method;
  return fitsMethod && (planned.account === undefined || planned.account === account);
}
