import { describe, expect, test } from 'vitest';
import type { Exchange } from './exchange.ts';
import { createExchange } from './exchange.ts';
import type { ExchangeOptions } from './exchange-options.ts';
import { reachableBytes } from '../testing/heap.ts';
import { MASTER } from '../testing/bench.ts';
import { signedBody, type SignedRequest } from '../testing/signed-request.ts';

const CALLS = 120;
const BODY_CHARS = 60_000;

/** What a record, an order and what is remembered beside them may take, far below what a body does. */
const BYTES_PER_CALL_MAX = 12_000;

/** One request, and what the test must find of it afterwards. */
type Request = (nonce: number, padding: string) => SignedRequest;

const LIMIT_ORDER = { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '1000.0', volume: '0.001' };

/** Distinct padding each time: V8 would share a literal. */
function paddingOf(nonce: number): string {
  return `${nonce}-`.repeat(Math.ceil(BODY_CHARS / (String(nonce).length + 1))).slice(0, BODY_CHARS);
}

function form(method: string, fields: Readonly<Record<string, string>>): SignedRequest {
  const body = new URLSearchParams(fields).toString();
  return signedBody({ credentials: MASTER, method, nonce: fields['nonce'] ?? '', body });
}

function json(method: string, nonce: string, fields: object): SignedRequest {
  const body = JSON.stringify({ nonce, ...fields });
  return signedBody({ credentials: MASTER, method, nonce, body, type: 'application/json' });
}

/** 19 digits, as nonces have: long enough for a slice. */
function nonceText(nonce: number): string {
  return String(1_795_353_736_170_000_000n + BigInt(nonce));
}

const REQUESTS: readonly (readonly [name: string, request: Request])[] = [
  [
    'the nonce and the tag of a call',
    (nonce, padding) =>
      form('Balance', { nonce: nonceText(nonce), nonceproof_call: `call-number-${nonce}`, padding }),
  ],
  [
    'a tag that is itself too long',
    (nonce, padding) => form('Balance', { nonce: nonceText(nonce), nonceproof_call: padding }),
  ],
  [
    'the method of a path that is too long',
    (nonce, padding) => form(`Balance-${padding.slice(0, 12_000)}`, { nonce: nonceText(nonce), padding }),
  ],
  [
    'the client order id of an open order',
    (nonce, padding) =>
      form('AddOrder', {
        nonce: nonceText(nonce),
        cl_ord_id: `order-number-${nonce}`,
        ...LIMIT_ORDER,
        padding,
      }),
  ],
  [
    'the conditional close of an open order',
    (nonce, padding) =>
      form('AddOrder', {
        nonce: nonceText(nonce),
        ...LIMIT_ORDER,
        'close[ordertype]': 'take-profit-limit',
        'close[price]': '70000.00000000000',
        'close[price2]': '70001.00000000000',
        padding,
      }),
  ],
  [
    'the prices of a trailing order, as they were written',
    (nonce, padding) =>
      form('AddOrder', {
        nonce: nonceText(nonce),
        ...LIMIT_ORDER,
        ordertype: 'trailing-stop-limit',
        price: '+30.0000000000%',
        // Without a character that has to be encoded: what is decoded is a copy anyway.
        price2: '-100.0000000000',
        padding,
      }),
  ],
  [
    'the description of a report',
    (nonce, padding) =>
      form('AddExport', {
        nonce: nonceText(nonce),
        report: 'trades',
        description: `report-number-${nonce}`,
        padding,
      }),
  ],
  [
    'the client order ids of a batch',
    (nonce, padding) =>
      json('AddOrderBatch', nonceText(nonce), {
        pair: 'XBTUSD',
        orders: [1, 2].map((place) => ({ ...LIMIT_ORDER, cl_ord_id: `${place}${padding.slice(0, 25_000)}` })),
      }),
  ],
];

function serve(exchange: Exchange, { path, headers, body }: SignedRequest, nonce: number): string {
  // A path and a body as a socket brings them: no part of a text that is kept anyway.
  const head = { path: Buffer.from(path).toString(), headers };
  const call = exchange.begin(head, nonce * 2e9);
  exchange.receiveBody(call, Buffer.from(body), nonce * 2e9);
  const reply = exchange.finish(call, nonce * 2e9);
  exchange.delivered(reply, false);
  return reply.body;
}

function expectLittleKept(request: Request, options: ExchangeOptions): void {
  const exchange = createExchange(options);
  exchange.addAccount(MASTER);
  serve(exchange, request(1, paddingOf(1)), 1);
  const before = reachableBytes();
  for (let nonce = 2; nonce <= CALLS; nonce++) serve(exchange, request(nonce, paddingOf(nonce)), nonce);
  const bytesPerCall = (reachableBytes() - before) / CALLS;
  expect(bytesPerCall).toBeLessThan(BYTES_PER_CALL_MAX);
  expect(exchange.journal.at(-1)?.nonce).toBe(nonceText(CALLS));
}

describe('what an exchange keeps does not hold on to what was sent', () => {
  test.each(REQUESTS)('%s', (_name, request) => expectLittleKept(request, {}));

  test('a key that is not known and as long as a head may be', () => {
    const request: Request = (nonce, padding) => {
      const signed = form('Balance', { nonce: nonceText(nonce), padding });
      return { ...signed, headers: { ...signed.headers, 'api-key': padding.slice(0, 15_000) } };
    };
    expectLittleKept(request, { limits: 'on' });
  });

  test('the ids that a reply showed', () => {
    const exchange = createExchange();
    exchange.addAccount(MASTER);
    let nonce = 0;
    const send = (method: string, fields: Readonly<Record<string, string>>): void =>
      void serve(exchange, form(method, { nonce: nonceText(++nonce), ...fields }), nonce);
    for (let order = 0; order < 60; order++) send('AddOrder', LIMIT_ORDER);
    send('OpenOrders', {});
    const before = reachableBytes();
    for (let query = 0; query < CALLS; query++) send('OpenOrders', {});
    const shown = exchange.journal.at(-1)?.shows ?? [];
    expect(shown).toHaveLength(60);
    // 60 ids of 19 characters, where the reply that shows them has 40,000.
    expect((reachableBytes() - before) / CALLS).toBeLessThan(BYTES_PER_CALL_MAX);
  });
});
