import type { EndpointReply, PrivateRequest, RequestParams } from '../../venue-interface.ts';
import type { Books, Purse } from '../balances/index.ts';
import type { Clockwork } from '../orders/index.ts';
import type { EarnMoves } from '../balances/index.ts';
import type { Engine } from '../orders/index.ts';
import type { Ids } from '../balances/index.ts';
import type { Market } from '../market/index.ts';
import type { Reports } from './reports.ts';
import type { VenueSettings } from '../../venue-options.ts';

/** What a public endpoint works with. */
export interface PublicDesk {
  readonly market: Market;
  readonly settings: VenueSettings;
  readonly params: RequestParams;
  readonly atMs: number;
}

/** What a private endpoint works with: the venue's parts, and who asks for what. */
export interface Desk extends PublicDesk {
  readonly books: Books;
  readonly engine: Engine;
  readonly clockwork: Clockwork;
  readonly ids: Ids;
  readonly earnMoves: EarnMoves;
  readonly reports: Reports;
  readonly purse: Purse;
  readonly request: PrivateRequest;
}

/** Answers one private method. Refuses by throwing a `Refusal`. */
export type PrivateEndpoint = (desk: Desk) => EndpointReply;

/** Answers one public method. */
export type PublicEndpoint = (desk: PublicDesk) => EndpointReply;

/** A plain success that changed nothing. */
export function answer(result: unknown): EndpointReply {
  return { error: [], result, effect: null };
}
