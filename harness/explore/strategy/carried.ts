import type { Operation } from '../engine/index.ts';
import type { Plan } from './plan.ts';

/** An event of a run, as it can be recognised in a run of another setting. */
export interface NamedEvent {
  /** What happened, and to whom; the same for the first and the second arrival of one account. */
  readonly name: number;
  /** Its place among the options of that name. */
  readonly nth: number;
}

/** Names an event. */
export type NameOf = (operation: Operation) => number;

/** Follows a plan, and writes down what happened. */
export class RecordingPlan implements Plan {
  readonly events: NamedEvent[] = [];
  readonly #plan: Plan;
  readonly #nameOf: NameOf;

  constructor(plan: Plan, nameOf: NameOf) {
    this.#plan = plan;
    this.#nameOf = nameOf;
  }

  pick(options: readonly Operation[]): number {
    const choice = this.#plan.pick(options);
    const names = options.slice(0, choice + 1).map(this.#nameOf);
    const name = names[choice] ?? 0;
    this.events.push({ name, nth: names.filter((other) => other === name).length - 1 });
    return choice;
  }
}

/**
 * Carries a run over to another setting: of the events that are possible and are still to come in that run, the
 * earliest happens; of those that are not, the default. With fewer accounts, say, what is left happens in the order
 * in which it happened among more.
 */
export class CarriedPlan implements Plan {
  readonly #events: readonly NamedEvent[];
  readonly #nameOf: NameOf;
  /** By name: places of the events that are still to come, the next one last. */
  readonly #places = new Map<number, number[]>();

  constructor(events: readonly NamedEvent[], nameOf: NameOf) {
    this.#events = events;
    this.#nameOf = nameOf;
    for (const [place, { name }] of [...events.entries()].toReversed()) {
      this.#places.set(name, [...(this.#places.get(name) ?? []), place]);
    }
  }

  pick(options: readonly Operation[]): number {
    const names = options.map(this.#nameOf);
    const places = names.map((name) => this.#places.get(name)?.at(-1) ?? Number.POSITIVE_INFINITY);
    const event = this.#events[Math.min(...places)];
    if (event === undefined) return 0;
    this.#places.get(event.name)?.pop();
    const namesakes = [...names.keys()].filter((index) => names[index] === event.name);
    return namesakes[event.nth] ?? namesakes.at(-1) ?? 0;
  }
}
