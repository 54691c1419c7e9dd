import { answer, type PublicEndpoint } from '../desk.ts';
import { rfc3339, wholeSeconds } from '../seconds.ts';

/** `Time`. */
export const time: PublicEndpoint = ({ atMs }) =>
  answer({ unixtime: wholeSeconds(atMs), rfc1123: new Date(atMs).toUTCString() });

/** `SystemStatus`: always online; maintenance is an injected fault. */
export const systemStatus: PublicEndpoint = ({ atMs }) =>
  answer({ status: 'online', timestamp: rfc3339(atMs) });
