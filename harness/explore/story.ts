import { formatDuration } from '../format.ts';
import type { WorldEvent } from './world/index.ts';

/** Digits at the end of a nonce that tell it from its neighbours in a story. */
const NONCE_DIGITS = 9;

/** An event with the number of its sentence in the story. */
export interface ToldEvent extends WorldEvent {
  readonly number: number;
}

/** The events that a story tells, numbered. */
export function toldEvents(events: readonly WorldEvent[]): readonly ToldEvent[] {
  const told = events.filter((event) => SENTENCES[event.kind](event) !== null);
  return told.map((event, index) => ({ ...event, number: index + 1 }));
}

/**
 * A run as numbered sentences, from the first call that is asked for to the last thing that happened.
 * @param events - of a recorded run
 */
export function tellStory(events: readonly WorldEvent[]): readonly string[] {
  return toldEvents(events).map((event) => `${event.number}. ${SENTENCES[event.kind](event)}`);
}

type Sentence = (event: WorldEvent) => string | null;

const SENTENCES: Readonly<Record<WorldEvent['kind'], Sentence>> = {
  start: () => null,
  ask: (event) => `${event.account} asks for ${event.method} (call ${event.tag}).`,
  sent: (event) => `${requestOf(event)} is sent with nonce ${nonceOf(event)}.`,
  arrive: (event) =>
    event.detail === null
      ? `${requestOf(event)} (nonce ${nonceOf(event)}) arrives at the exchange and is in service.`
      : `${requestOf(event)} (nonce ${nonceOf(event)}) arrives at the exchange while ${event.detail} is in service.`,
  finish: (event) => `The exchange is done with ${requestOf(event)}.`,
  reply: (event) => `${event.account} reads the reply to ${requestOf(event)}.`,
  settled: (event) =>
    event.detail === null
      ? `Call ${event.tag} succeeds: ${event.account} is told.`
      : `Call ${event.tag} fails: ${event.account} is told "${event.detail}".`,
  timer: (event) => `A timer fires, ${formatDuration(event.atNs)} into the run.`,
  immediate: () => 'A callback of setImmediate runs.',
  close: () => 'The workload is over, and the client is closed.',
  timeout: (event) => `FAULT: the exchange is slow with ${requestOf(event)}.`,
  abort: (event) => `FAULT: ${event.account} gives its ${event.method} up.`,
  'lost-reply': (event) => `FAULT: the connection breaks, and the reply to ${requestOf(event)} is lost.`,
  'bad-gateway': (event) =>
    `FAULT: a proxy answers ${requestOf(event)} with HTTP 502, though the exchange is done with it.`,
  refused: (event) => `FAULT: the connection for ${requestOf(event)} is refused; nothing is sent.`,
  reset: (event) =>
    `FAULT: the connection breaks while the exchange is at work on ${requestOf(event)}, which goes on.`,
  'duplicate-first-reply': (event) =>
    `FAULT: a middlebox delivers ${requestOf(event)} again; the second delivery is refused, its reply thrown away.`,
  'duplicate-second-reply': (event) =>
    `FAULT: a middlebox delivers ${requestOf(event)} again; the second delivery is refused, and ${event.account} reads ` +
    `that in place of the first one's reply.`,
};

function requestOf({ account, method, tag }: WorldEvent): string {
  return `${account}'s ${method}${tag === null ? '' : ` (call ${tag})`}`;
}

function nonceOf({ nonce }: WorldEvent): string {
  if (nonce === null) return 'none';
  return nonce.length > NONCE_DIGITS ? `…${nonce.slice(-NONCE_DIGITS)}` : nonce;
}
