/**
 * The choices that fix a run: at each choice point (a moment at which more than one event was possible) the
 * index of the event that happened. 0, the default, where the list has ended.
 */
export type Choices = readonly number[];

/** `choices` without the defaults at its end, which say nothing. */
export function trimmed(choices: Choices): Choices {
  let end = choices.length;
  while (end > 0 && choices[end - 1] === 0) end -= 1;
  return choices.slice(0, end);
}

/**
 * How many decisions a schedule takes: choice points at which something else than the default happened. The
 * default lets a call that is under way run to its end before the next one is asked for, fires timers only when
 * nothing else can happen, and injects no fault; so a decision is a preemption, an early timer or a fault.
 */
export function decisionCount(choices: Choices): number {
  return choices.reduce((count, choice) => (choice === 0 ? count : count + 1), 0);
}
