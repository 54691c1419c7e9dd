export { parseLimits } from './limits-options.ts';
export type { LimitsOptions, LimitsSettings } from './limits-options.ts';
export { Limits } from './limits.ts';
export type { Tier } from './tiers.ts';
