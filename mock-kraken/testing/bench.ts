import { generateCredentials, type Credentials } from '../exchange/index.ts';
import { createExchange, type Exchange, type NewAccount } from '../exchange/index.ts';
import type { ExchangeOptions } from '../exchange/index.ts';
import { createFixedVenue } from '../fixed-venue.ts';
import type { JournalRecord } from '../exchange/index.ts';
import { signedRequest, type SignedRequest } from './signed-request.ts';

const [master, user] = generateCredentials({ users: 2, seed: 1 }) as [Credentials, Credentials];

/** Credentials of the first account of every test. */
export const MASTER: Credentials = master;

/** Credentials of the second one, `USER_1`. */
export const USER: Credentials = user;

/** An exchange with MASTER and USER_1, on a venue that says yes unless the options bring another. */
export function openExchange(options: ExchangeOptions = {}, master: Partial<NewAccount> = {}): Exchange {
  const exchange = createExchange({ venue: createFixedVenue, ...options });
  exchange.addAccount({ ...MASTER, ...master });
  exchange.addAccount(USER);
  return exchange;
}

/** One call from arrival to reply, with nothing in between. */
export function callOnce(
  exchange: Exchange,
  request: SignedRequest & { ip?: string },
  atS = 0,
): JournalRecord {
  const call = exchange.begin(request, atS * 1e9);
  exchange.receiveBody(call, request.body, atS * 1e9);
  exchange.finish(call, atS * 1e9);
  return call.record;
}

/** The same request with one header changed. */
export function withHeader(request: SignedRequest, name: string, value: string): SignedRequest {
  return { ...request, headers: { ...request.headers, [name]: value } };
}

/** A signed Balance of MASTER. */
export function balance(nonce: string | number): SignedRequest {
  return signedRequest({ credentials: MASTER, method: 'Balance', nonce });
}
