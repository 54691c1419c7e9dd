export { createVenue } from './create-venue.ts';
export type { TradingVenue } from './create-venue.ts';
