import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import { pathOf, PUBLIC_PREFIX, type RequestHead } from './request-head.ts';
import type { EndpointReply } from '../venue-interface.ts';

/** What the public endpoints say while the exchange is closed: only its status. Kraken docs, SystemStatus. */
export function maintenanceReply(head: RequestHead, atMs: number): EndpointReply {
  if (pathOf(head) !== `${PUBLIC_PREFIX}SystemStatus`)
    return { error: [KRAKEN_ERRORS.unavailable], effect: null };
  const timestamp = new Date(atMs).toISOString().replace(/\.\d+/, '');
  return { error: [], result: { status: 'maintenance', timestamp }, effect: null };
}
