import type { WorldEvent } from './world/world-event.ts';

/** A call that never settled, and how far it came. */
interface Waiter {
  readonly name: string;
  readonly askedStep: number;
  /** The step at which its last request was sent; `null` when none was. */
  readonly sentStep: number | null;
  /** The step at which that request's reply was read, or lost; `null` before. */
  readonly answeredStep: number | null;
}

/** A call that settled after it had been in the lane. */
interface Predecessor {
  readonly name: string;
  readonly step: number;
  readonly error: string | null;
}

/**
 * Why nothing goes on, in sentences: who is in the lane or was there last, since which step, and who waits on whom.
 * Made from what is visible outside the client: a call is in the lane from its request until it settles. Empty
 * when every call settled.
 * @param events - of a recorded run that came to no end
 */
export function explainStuck(events: readonly WorldEvent[]): readonly string[] {
  const waiters = waitersOf(events);
  if (waiters.length === 0) return [];
  const holders = waiters.filter(({ sentStep }) => sentStep !== null);
  const queued = waiters.filter(({ sentStep }) => sentStep === null);
  const blame = holders.length > 0 ? holders.map(({ name }) => name).join(' and ') : null;
  const last = blame === null ? lastInLane(events) : null;
  return [
    ...holders.map(explainHolder),
    ...(last === null ? [] : [explainLast(last)]),
    ...queued.map((waiter) => explainQueued(waiter, blame ?? last?.name ?? null)),
  ];
}

function explainHolder({ name, sentStep, answeredStep }: Waiter): string {
  const since = `${name} has been in the lane since step ${sentStep}`;
  if (answeredStep === null) return `${since}, and has no answer.`;
  return `${since}. Its reply came at step ${answeredStep}, and yet it does not settle: it waits for something that needs the lane, or for itself.`;
}

function explainLast({ name, step, error }: Predecessor): string {
  const how = error === null ? 'succeeded' : 'failed';
  return `Nobody is in the lane. ${name} was the last one there; it ${how} at step ${step}, and nobody came in after it.`;
}

function explainQueued({ name, askedStep }: Waiter, blame: string | null): string {
  const forWhom = blame === null ? 'for a lane that nobody has ever had: for itself' : `on ${blame}`;
  return `${name} has waited since step ${askedStep} ${forWhom}; nothing of it was sent.`;
}

function waitersOf(events: readonly WorldEvent[]): readonly Waiter[] {
  const settled = new Set(events.filter(({ kind }) => kind === 'settled').map(({ tag }) => tag));
  const asked = events.filter(({ kind, tag }) => kind === 'ask' && !settled.has(tag));
  return asked.map((event) => {
    const own = events.filter(({ tag }) => tag === event.tag);
    return {
      name: nameOf(event),
      askedStep: event.step,
      sentStep: own.findLast(({ kind }) => kind === 'sent')?.step ?? null,
      answeredStep: own.findLast(({ kind }) => ANSWERS.has(kind))?.step ?? null,
    };
  });
}

const ANSWERS: ReadonlySet<WorldEvent['kind']> = new Set(['reply', 'lost-reply', 'bad-gateway', 'refused']);

function lastInLane(events: readonly WorldEvent[]): Predecessor | null {
  const sent = new Set(events.filter(({ kind }) => kind === 'sent').map(({ tag }) => tag));
  const last = events.findLast(({ kind, tag }) => kind === 'settled' && sent.has(tag));
  return last === undefined ? null : { name: nameOf(last), step: last.step, error: last.detail };
}

function nameOf({ account, method, tag }: WorldEvent): string {
  return `${account}'s ${method} (call ${tag})`;
}
