import type { Operation } from '../engine/index.ts';
import type { Choices } from '../engine/index.ts';
import type { Plan } from './plan.ts';

/** Follows a list of choices, then the default. */
export class ReplayPlan implements Plan {
  readonly #choices: Choices;
  #point = 0;
  /** A choice did not exist: the program is not the one whose choices these are. The default was taken. */
  hasDiverged = false;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  pick(options: readonly Operation[]): number {
    if (options.length === 1) return 0;
    const choice = this.#choices[this.#point] ?? 0;
    this.#point += 1;
    if (choice < options.length) return choice;
    this.hasDiverged = true;
    return 0;
  }
}
