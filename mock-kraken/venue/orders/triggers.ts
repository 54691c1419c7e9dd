import type { OrderTerms, Trigger } from './order.ts';

/** Whether an order still waits for its trigger. */
export function isWaiting(trigger: Trigger | null): trigger is Trigger {
  return trigger !== null && trigger.touchedMs === null;
}

/** Whether the last price has reached the trigger. */
export function isTouched({ direction, ticks }: Trigger, lastTicks: number): boolean {
  return direction === 'rise' ? lastTicks >= ticks : lastTicks <= ticks;
}

/** A trailing trigger after the price moved: it comes nearer with the price, and never goes back. */
export function follow(trigger: Trigger, lastTicks: number): Trigger {
  const { direction, ticks, trail } = trigger;
  if (trail === null) return trigger;
  const followed =
    direction === 'rise'
      ? Math.min(ticks, lastTicks + trail.ticks)
      : Math.max(ticks, lastTicks - trail.ticks);
  return { ...trigger, ticks: followed };
}

/** The terms with another trigger, and with the limit that goes with it. */
export function withTrigger(terms: OrderTerms, trigger: Trigger): OrderTerms {
  const offset = trigger.trail?.limitOffsetTicks ?? null;
  const limitTicks = offset === null ? terms.limitTicks : Math.max(1, trigger.ticks + offset);
  return { ...terms, trigger, limitTicks };
}
