import type { EndpointReply, PrivateRequest, RequestParams } from '../../venue-interface.ts';
import type { Accounts, Balances } from '../balances/index.ts';
import type { VenueClock } from '../orders/index.ts';
import type { EarnMoves } from '../balances/index.ts';
import type { Engine } from '../orders/index.ts';
import type { Ids } from '../balances/index.ts';
import type { Market } from '../market/index.ts';
import type { Reports } from './reports.ts';
import type { VenueSettings } from '../../venue-options.ts';

/** What a public endpoint works with. */
export interface PublicEndpointContext {
  readonly market: Market;
  readonly settings: VenueSettings;
  readonly params: RequestParams;
  readonly atMs: number;
}

/** What a private endpoint works with: the venue's parts, and who asks for what. */
export interface EndpointContext extends PublicEndpointContext {
  readonly books: Accounts;
  readonly engine: Engine;
  readonly clockwork: VenueClock;
  readonly ids: Ids;
  readonly earnMoves: EarnMoves;
  readonly reports: Reports;
  readonly purse: Balances;
  readonly request: PrivateRequest;
}

/** Answers one private method. Refuses by throwing a `Refusal`. */
export type PrivateEndpoint = (desk: EndpointContext) => EndpointReply;

/** Answers one public method. */
export type PublicEndpoint = (desk: PublicEndpointContext) => EndpointReply;

/** A plain success that changed nothing. */
export function answer(result: unknown): EndpointReply {
  return { error: [], result, effect: null };
}
