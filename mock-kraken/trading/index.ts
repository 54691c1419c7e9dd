export { catalogWith } from './catalog.ts';
export { createVenue, type TradingVenue } from './create-venue.ts';
export type { NewPair } from './new-pair.ts';
export { TRADING_ERRORS } from './trading-errors.ts';
export { VenueError } from './venue-error.ts';
export type { VenueOptions } from './venue-options.ts';
