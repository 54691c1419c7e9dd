export { LANE_MODELS } from './lane-model-name.ts';
export type { LaneModelName } from './lane-model-name.ts';
export { LANE_SCENARIOS } from './lane-models.ts';
export type { LaneScenario } from './lane-models.ts';
export type { ModelReport } from './step-model.ts';
