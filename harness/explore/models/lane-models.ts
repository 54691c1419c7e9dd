import { exploreStates } from './explore-states.ts';
import { postgresModel } from './postgres-model.ts';
import type { ModelReport, StepModel } from './step-model.ts';
import { threadsModel } from './threads-model.ts';

/** Protocols of which there is a step model. */
export const LANE_MODELS = ['threads', 'postgres'] as const;

export type LaneModelName = (typeof LANE_MODELS)[number];

/** A model in one setting, which can be explored to its end in seconds. */
export interface LaneScenario {
  readonly title: string;
  explore(): ModelReport;
}

/** What is explored of each: every interleaving of the participants, with everything that may go wrong. */
export const LANE_SCENARIOS: Readonly<Record<LaneModelName, readonly LaneScenario[]>> = {
  threads: [
    scenario('3 threads, a turn each', () => threadsModel()),
    scenario('3 threads, each of which may die at any step', () => threadsModel({ deathsMax: 3 })),
    scenario('3 threads, two of which may give up at any step', () => threadsModel({ impatient: 2 })),
    scenario('2 threads, 3 turns each, either of which may die', () =>
      threadsModel({ threads: 2, turns: 3, deathsMax: 2 }),
    ),
  ],
  postgres: [
    scenario('3 processes, a turn each', () => postgresModel()),
    scenario('3 processes, 2 turns each', () => postgresModel({ turns: 2 })),
    scenario('3 processes, each of which may be killed at any step', () =>
      postgresModel({ disturbances: ['kill'], disturbancesMax: 3 }),
    ),
    scenario('3 processes, two of which may give up at any step', () => postgresModel({ impatient: 2 })),
    scenario('3 processes; a connection may break at any step', () =>
      postgresModel({ disturbances: ['cut'] }),
    ),
    scenario(
      '3 processes; the server may be restarted or crash, or be put back to a backup, at any step',
      () => postgresModel({ disturbances: ['restart', 'crash', 'restore'] }),
    ),
    scenario('2 processes that may pass over each other, and a connection that may break', () =>
      postgresModel({ processes: 2, disturbances: ['cut'], mayPassOver: true }),
    ),
  ],
};

function scenario<State>(title: string, model: () => StepModel<State>): LaneScenario {
  return { title, explore: () => exploreStates(model()) };
}
