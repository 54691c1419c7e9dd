import { KRAKEN_ERRORS } from './kraken-errors.ts';
import type { EndpointReply, PrivateRequest, Venue } from './venue-interface.ts';

/** What the venue hands out as a file: every byte there is, so that no text has these bytes. */
export const FIXED_FILE: Uint8Array = Uint8Array.from({ length: 256 }, (_, value) => value);

/** A venue where every order succeeds and nothing changes: for tests that are about admission and doors. */
export function createFixedVenue(): Venue {
  let orders = 0;
  return {
    openAccount: () => undefined,
    callPrivate: (request) => answer(request, () => `OFIXED-00000-${String(++orders).padStart(6, '0')}`),
    callPublic: (method, _params, atMs) =>
      method === 'Time' ? succeed({ unixtime: Math.floor(atMs / 1000) }) : fail(KRAKEN_ERRORS.unknownMethod),
  };
}

function answer(request: PrivateRequest, nextId: () => string): EndpointReply {
  if (request.method === 'Balance') return succeed({ ZUSD: '1000.0000' });
  if (request.method === 'RetrieveExport') return { error: [], file: FIXED_FILE, effect: null };
  if (request.method !== 'AddOrder') return fail(KRAKEN_ERRORS.unknownMethod);
  const txid = nextId();
  return { ...succeed({ descr: { order: '' }, txid: [txid] }), effect: { kind: 'order', ids: [txid] } };
}

function succeed(result: unknown): EndpointReply {
  return { error: [], result, effect: null };
}

function fail(error: string): EndpointReply {
  return { error: [error], effect: null };
}
