import { expect, test } from 'vitest';
import type { Exchange, NewAccount } from './exchange/index.ts';
import type { ExchangeOptions } from './exchange/index.ts';
import type { Fault } from './faults/index.ts';
import { KRAKEN_ERRORS } from './kraken-errors.ts';
import { createVenue } from './venue/index.ts';
import { balance, callOnce, MASTER, openExchange, withHeader } from './testing/bench.ts';
import { signedRequest, type SignedRequest } from './testing/signed-request.ts';

/** How one error string is reached. */
interface Way {
  readonly options?: ExchangeOptions;
  readonly master?: Partial<NewAccount>;
  readonly fault?: Fault;
  /** Calls that go before. */
  readonly before?: readonly SignedRequest[];
  readonly request: SignedRequest;
}

const order = (nonce: number, ordertype = 'limit'): SignedRequest => {
  const all = { pair: 'XBTUSD', type: 'buy', ordertype, price: '100', volume: '1' };
  return signedRequest({ credentials: MASTER, method: 'AddOrder', nonce, params: all });
};
const call = (method: string, params: Readonly<Record<string, string>> = {}, nonce = 1): SignedRequest =>
  signedRequest({ credentials: MASTER, method, nonce, params });
const times = (count: number, request: (index: number) => SignedRequest): readonly SignedRequest[] =>
  Array.from({ length: count }, (_, index) => request(index + 1));
const badSignature = withHeader(balance(1), 'api-sign', 'AAAA');
const throwingVenue = {
  ...createVenue(),
  callPrivate: () => {
    throw new Error('a defect');
  },
};

const WAYS: Readonly<Partial<Record<keyof typeof KRAKEN_ERRORS, Way>>> = {
  invalidKey: { request: withHeader(balance(1), 'api-key', 'nobody') },
  invalidSignature: { request: badSignature },
  invalidNonce: { request: balance('x') },
  apiRateLimit: { options: { limits: 'on' }, before: times(20, balance), request: balance(21) },
  badRequest: { request: { ...balance(1), body: '%' } },
  temporaryLockout: {
    options: { limits: { authFailuresMax: 2 } },
    before: [badSignature, badSignature],
    request: balance(1),
  },
  permissionDenied: { master: { permissions: [] }, request: balance(1) },
  internalError: { options: { venue: throwingVenue }, request: balance(1) },
  unknownMethod: { request: call('Nothing') },
  unavailable: { fault: { kind: 'unavailable' }, request: balance(1) },
  busy: { fault: { kind: 'busy' }, request: balance(1) },
  ordersLimit: {
    options: { limits: { tier: 'intermediate' } },
    master: { balances: { ZUSD: '1000000' } },
    before: times(80, (nonce) => order(nonce)),
    request: order(81),
  },
  orderRateLimit: {
    options: { limits: { tier: 'starter' } },
    before: times(60, (nonce) => order(nonce, 'nothing')),
    request: order(61),
  },
};

/** Those that only the venue raises; its own tests reach them. */
const OF_THE_VENUE: readonly (keyof typeof KRAKEN_ERRORS)[] = [
  'invalidArguments',
  'deadlineElapsed',
  'insufficientFunds',
  'orderMinimum',
  'costMinimum',
  'tickSize',
  'unknownOrder',
  'orderNotEditable',
  'unknownAsset',
  'unknownAssetPair',
];

/** The one that only a public call is told. */
const PUBLIC_ONLY = 'tooManyRequests';

function open({ options, master }: Way): Exchange {
  return openExchange({ venue: (hooks) => createVenue(hooks), ...options }, master);
}

test.each(Object.entries(WAYS))('%s can be reached', (name, way) => {
  const exchange = open(way);
  for (const request of way.before ?? []) callOnce(exchange, request);
  const atNs = 0;
  const struck = exchange.begin(way.request, atNs, way.fault);
  exchange.receiveBody(struck, way.request.body, atNs);
  exchange.finish(struck, atNs);
  expect(struck.record.error).toBe(KRAKEN_ERRORS[name as keyof typeof KRAKEN_ERRORS]);
});

test('a public call too many is told so', () => {
  const exchange = openExchange({ limits: { publicBurstMax: 0 } });
  const { body } = exchange.publicCall({ path: '/0/public/Time', headers: {} }, 0);
  expect(JSON.parse(body)).toEqual({ error: [KRAKEN_ERRORS.tooManyRequests] });
});

test('no string is left out', () => {
  const covered = [...Object.keys(WAYS), ...OF_THE_VENUE, PUBLIC_ONLY].toSorted();
  expect(covered).toEqual(Object.keys(KRAKEN_ERRORS).toSorted());
});
