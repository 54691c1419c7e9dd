import { toldEvents } from './story.ts';
import type { ToldEvent } from './story.ts';
import type { WorldEvent } from './world/index.ts';

/** A call that never settled, and how far it came; steps are numbers of the story. */
interface Waiter {
  readonly name: string;
  readonly askedStep: number;
  /** When its last request was sent; `null` when none was. */
  readonly sentStep: number | null;
  /** When that request's reply was read, or lost; `null` before. */
  readonly answeredStep: number | null;
}

/** The call that was in the lane last, and settled. */
interface Predecessor {
  readonly name: string;
  readonly step: number;
  readonly error: string | null;
}

/**
 * Why nothing goes on, in sentences: who is in the lane or was there last, since which step of the story, and who
 * waits on whom. Made from what is visible outside the client: a call is in the lane from its request until it
 * settles. Empty when every call settled.
 * @param events - of a recorded run that came to no end
 */
export function explainStuck(events: readonly WorldEvent[]): readonly string[] {
  const told = toldEvents(events);
  const waiters = waitersOf(told);
  const holder = waiters.find(({ sentStep }) => sentStep !== null);
  if (holder !== undefined) {
    return waiters.map((waiter) =>
      waiter.sentStep === null ? explainQueued(waiter, holder.name) : explainHolder(waiter),
    );
  }
  const last = lastInLane(told);
  return [
    ...(waiters.length > 0 && last !== null ? [explainLast(last)] : []),
    ...waiters.map((waiter) => explainUnheld(waiter, last)),
  ];
}

function explainHolder({ name, sentStep, answeredStep }: Waiter): string {
  const since = `${name} has been in the lane since step ${sentStep}`;
  if (answeredStep === null) return `${since}, and has no answer.`;
  return `${since}. It was answered at step ${answeredStep}, and yet it does not settle: it waits for something that needs the lane, or for itself.`;
}

function explainLast({ name, step, error }: Predecessor): string {
  const how = error === null ? 'succeeded' : 'failed';
  return `Nobody is in the lane. ${name} was the last one there; it ${how} at step ${step}, and nobody came in after it.`;
}

/**
 * Whoever was waiting when the last one left, or came after one that failed, waits for the lane to be passed on;
 * who came after one that succeeded found the lane free.
 */
function explainUnheld(waiter: Waiter, last: Predecessor | null): string {
  const wasPassedOn = last === null || (last.error === null && waiter.askedStep > last.step);
  if (!wasPassedOn) return explainQueued(waiter, last.name);
  return `${waiter.name} has waited since step ${waiter.askedStep}, when nobody was in the lane; nothing of it was sent: it waits for itself, or for another that does.`;
}

function explainQueued({ name, askedStep }: Waiter, blame: string): string {
  return `${name} has waited since step ${askedStep} on ${blame}; nothing of it was sent.`;
}

function waitersOf(events: readonly ToldEvent[]): readonly Waiter[] {
  const settled = new Set(events.filter(({ kind }) => kind === 'settled').map(({ tag }) => tag));
  const asked = events.filter(({ kind, tag }) => kind === 'ask' && !settled.has(tag));
  return asked.map((event) => {
    const own = events.filter(({ tag }) => tag === event.tag);
    return {
      name: nameOf(event),
      askedStep: event.number,
      sentStep: own.findLast(({ kind }) => kind === 'sent')?.number ?? null,
      answeredStep: own.findLast(({ kind }) => ANSWERS.has(kind))?.number ?? null,
    };
  });
}

const ANSWERS: ReadonlySet<WorldEvent['kind']> = new Set([
  'reply',
  'lost-reply',
  'bad-gateway',
  'refused',
  'reset',
  'duplicate-second-reply',
]);

function lastInLane(events: readonly ToldEvent[]): Predecessor | null {
  const sent = new Set(events.filter(({ kind }) => kind === 'sent').map(({ tag }) => tag));
  const last = events.findLast(({ kind, tag }) => kind === 'settled' && sent.has(tag));
  return last === undefined ? null : { name: nameOf(last), step: last.number, error: last.detail };
}

function nameOf({ account, method, tag }: WorldEvent): string {
  return `${account}'s ${method} (call ${tag})`;
}
