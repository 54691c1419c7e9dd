export { createVenue, type TradingVenue } from './create-venue.ts';
export { krakenErrors } from './kraken-errors.ts';
export { VenueError } from './venue-error.ts';
export type { VenueOptions } from './venue-options.ts';
