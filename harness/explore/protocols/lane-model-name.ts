/** Protocols of which there is a step model. In a file of its own: a command line names them long before it needs them. */
export const LANE_MODELS = ['threads', 'postgres'] as const;

export type LaneModelName = (typeof LANE_MODELS)[number];
