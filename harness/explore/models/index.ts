export { postgresModel } from './postgres-model.ts';
export type { Disturbance, PostgresModelOptions, PostgresState } from './postgres-model.ts';
export type { LaneModelName } from './lane-model-name.ts';
export { LANE_SCENARIOS } from './lane-models.ts';
export type { LaneScenario } from './lane-models.ts';
export { exploreStates } from './explore-states.ts';
export type { ModelReport, ModelViolation, Move, StepModel } from './step-model.ts';
export { threadsModel } from './threads-model.ts';
export type { ThreadsModelOptions, ThreadsState } from './threads-model.ts';
