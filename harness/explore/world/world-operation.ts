import { TOUCHES } from '../engine/index.ts';
import type { Operation } from '../engine/index.ts';
import type { FaultKind } from './fault-kinds.ts';

/** The events of a client's world; a fault is an event, too. */
export type WorldEventKind =
  'start' | 'ask' | 'arrive' | 'finish' | 'reply' | 'immediate' | 'timer' | 'close' | FaultKind;

/** An event of a client's world. */
export interface WorldOperation extends Operation {
  readonly kind: WorldEventKind;
  /** Lets it happen. */
  happen(): void;
}

/**
 * The place of each kind in the numbers of operations. A number is made of the kind and of what the event is
 * about: of the request, call or timer in the order in which the client made them, which is the same in
 * equivalent runs.
 */
const KIND_NUMBERS: Readonly<Record<WorldEventKind, number>> = {
  start: 0,
  ask: 1,
  arrive: 2,
  finish: 3,
  reply: 4,
  immediate: 5,
  timer: 6,
  close: 7,
  timeout: 8,
  abort: 9,
  'lost-reply': 10,
  'bad-gateway': 11,
  refused: 12,
  reset: 13,
  'duplicate-first-reply': 14,
  'duplicate-second-reply': 15,
};

/** The number of the event of that kind about the `about`-th request, call or timer. */
export function operationId(kind: WorldEventKind, about: number): number {
  return about * KINDS_MAX + KIND_NUMBERS[kind];
}

const KINDS_MAX = 16;

/** What kind of event it is and who acts, as one number; what it is about is left out. */
export function eventName({ id, actor }: Operation): number {
  return actor * KINDS_MAX + (id % KINDS_MAX);
}

/** The account that the event of that name is of, by index; `null` when it is of none, as a timer is. */
export function accountOfName(name: number): number | null {
  const actor = Math.floor(name / KINDS_MAX);
  return actor === TIMERS_ACTOR ? null : Math.floor((actor - 1) / ACTORS_PER_ACCOUNT);
}

/** The name of the same event of the account that many places before. */
export function renamed(name: number, places: number): number {
  return name - places * ACTORS_PER_ACCOUNT * KINDS_MAX;
}

/**
 * What each kind reads or writes. A timer moves the clock, which decides how long the exchange may still take:
 * it commutes with nothing. The exchange's own events run none of the client's code and do not move its clock.
 */
export const EVENT_TOUCHES: Readonly<Record<WorldEventKind, number>> = {
  start: TOUCHES.client,
  ask: TOUCHES.client,
  arrive: TOUCHES.exchange,
  finish: TOUCHES.exchange,
  reply: TOUCHES.client,
  immediate: TOUCHES.client,
  timer: TOUCHES.client | TOUCHES.exchange | TOUCHES.time,
  close: TOUCHES.client,
  timeout: TOUCHES.time | TOUCHES.faults,
  abort: TOUCHES.client | TOUCHES.faults,
  'lost-reply': TOUCHES.client | TOUCHES.faults,
  'bad-gateway': TOUCHES.client | TOUCHES.faults,
  refused: TOUCHES.client | TOUCHES.faults,
  reset: TOUCHES.client | TOUCHES.faults,
  'duplicate-first-reply': TOUCHES.exchange | TOUCHES.faults,
  'duplicate-second-reply': TOUCHES.client | TOUCHES.exchange | TOUCHES.faults,
};

/** An account's client side, and the exchange's work for it. */
const ACTORS_PER_ACCOUNT = 2;

/** All timers are one actor; each account is two: its client's side, and the exchange's work for it. */
export const TIMERS_ACTOR = 0;

/** The client's side of the account with that index. */
export function clientActor(account: number): number {
  return 1 + ACTORS_PER_ACCOUNT * account;
}

/** The exchange's side of the account with that index. */
export function exchangeActor(account: number): number {
  return 2 + ACTORS_PER_ACCOUNT * account;
}

/** How many actors a world of so many accounts has. */
export function actorCount(accounts: number): number {
  return 1 + ACTORS_PER_ACCOUNT * accounts;
}
