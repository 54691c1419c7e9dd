import { answer, type PublicEndpoint } from '../endpoint-context.ts';
import { rfc3339, wholeSeconds } from '../../market/index.ts';

/** `Time`. */
export const time: PublicEndpoint = ({ atMs }) =>
  answer({ unixtime: wholeSeconds(atMs), rfc1123: new Date(atMs).toUTCString() });

/** `SystemStatus`: always online; maintenance is an injected fault. */
export const systemStatus: PublicEndpoint = ({ atMs }) =>
  answer({ status: 'online', timestamp: rfc3339(atMs) });
