import type { PublicEndpoint } from '../desk.ts';
import { systemStatus, time } from './status.ts';

/** Every public method by its name in the path. Adding one is a file and a line here. */
export const publicEndpoints: ReadonlyMap<string, PublicEndpoint> = new Map([
  ['Time', time],
  ['SystemStatus', systemStatus],
]);
