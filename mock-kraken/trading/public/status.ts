import { answer, type PublicEndpoint } from '../desk.ts';
import { wholeSeconds } from '../seconds.ts';

/** `Time`. */
export const time: PublicEndpoint = ({ atMs }) =>
  answer({ unixtime: wholeSeconds(atMs), rfc1123: new Date(atMs).toUTCString() });

/** `SystemStatus`: always online; maintenance is an injected fault. */
export const systemStatus: PublicEndpoint = ({ atMs }) =>
  answer({ status: 'online', timestamp: rfc3339(atMs) });

/** `2026-11-22T10:00:00Z`. */
function rfc3339(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
