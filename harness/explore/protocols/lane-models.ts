import type { LaneModelName } from './lane-model-name.ts';
import { exploreStates } from './explore-states.ts';
import { postgresModel } from './postgres-model.ts';
import type { ModelReport, StepModel } from './step-model.ts';
import { threadsModel } from './threads-model.ts';

/** A model in one setting, which can be explored to its end in seconds. */
export interface LaneScenario {
  readonly title: string;
  /** Takes several seconds, and adds to its smaller sister only that there is one participant more. */
  readonly isLong: boolean;
  explore(): ModelReport;
}

/** What is explored of each: every interleaving of the participants, with everything that may go wrong. */
export const LANE_SCENARIOS: Readonly<Record<LaneModelName, readonly LaneScenario[]>> = {
  threads: [
    scenario('3 threads, a turn each', () => threadsModel({ isSymmetric: true })),
    scenario('3 threads, each of which may die at any step', () =>
      threadsModel({ deathsMax: 3, isSymmetric: true }),
    ),
    long('3 threads, 2 turns each', () => threadsModel({ turns: 2, isSymmetric: true })),
    scenario('2 threads, 2 turns each, one of which may give up at any step', () =>
      threadsModel({ threads: 2, turns: 2, impatient: 1 }),
    ),
    long('3 threads, two of which may give up at any step', () => threadsModel({ impatient: 2 })),
    scenario('2 threads, 3 turns each, either of which may die', () =>
      threadsModel({ threads: 2, turns: 3, deathsMax: 2, isSymmetric: true }),
    ),
  ],
  postgres: [
    scenario('3 processes, a turn each', () => postgresModel()),
    long('3 processes, 2 turns each', () => postgresModel({ turns: 2 })),
    scenario('3 processes, each of which may be killed at any step', () =>
      postgresModel({ disturbances: ['kill'], disturbancesMax: 3 }),
    ),
    scenario('3 processes, two of which may give up at any step', () => postgresModel({ impatient: 2 })),
    scenario('2 processes; anything may happen at any step', () =>
      postgresModel({ processes: 2, disturbances: ['kill', 'cut', 'restart', 'crash', 'restore'] }),
    ),
    long('3 processes; a connection may break at any step', () => postgresModel({ disturbances: ['cut'] })),
    long('3 processes; the server may be restarted or crash, or be put back to a backup, at any step', () =>
      postgresModel({ disturbances: ['restart', 'crash', 'restore'] }),
    ),
    scenario('2 processes that may pass over each other, and a connection that may break', () =>
      postgresModel({ processes: 2, disturbances: ['cut'], mayPassOver: true }),
    ),
  ],
};

function scenario<State>(title: string, model: () => StepModel<State>): LaneScenario {
  return { title, isLong: false, explore: () => exploreStates(model()) };
}

function long<State>(title: string, model: () => StepModel<State>): LaneScenario {
  return { ...scenario(title, model), isLong: true };
}
