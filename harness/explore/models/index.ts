export { postgresModel } from './postgres-model.ts';
export type { Disturbance, PostgresModelOptions, PostgresState } from './postgres-model.ts';
export { LANE_MODELS, LANE_SCENARIOS } from './lane-models.ts';
export type { LaneModelName, LaneScenario } from './lane-models.ts';
export { exploreStates } from './explore-states.ts';
export type { ModelReport, ModelViolation, Move, StepModel } from './step-model.ts';
export { threadsModel } from './threads-model.ts';
export type { ThreadsModelOptions, ThreadsState } from './threads-model.ts';
