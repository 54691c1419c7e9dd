import { describe, expect, test } from 'vitest';
import type { ExchangeCall } from '../exchange/index.ts';
import type { Exchange } from '../exchange/index.ts';
import { createFixedVenue } from '../fixed-venue.ts';
import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import { balance, MASTER, openExchange, withHeader } from '../testing/bench.ts';
import { signedRequest, type SignedRequest } from '../testing/signed-request.ts';
import type { Fault } from './fault-kinds.ts';

function order(nonce: number): SignedRequest {
  const params = { pair: 'XBTUSD', type: 'buy', ordertype: 'market', volume: '1', cl_ord_id: 'mine' };
  return signedRequest({ credentials: MASTER, method: 'AddOrder', nonce, params });
}

/** One call that a fault strikes. */
function struck(exchange: Exchange, request: SignedRequest, fault: Fault | null): ExchangeCall {
  const call = exchange.begin(request, 0, fault);
  exchange.receiveBody(call, request.body, 0);
  exchange.finish(call, 0);
  return call;
}

describe('a call that a fault keeps from being applied', () => {
  test('is recorded with what was sent, has no effect, and has not used its nonce up', () => {
    const exchange = openExchange();
    const call = struck(exchange, order(5), { kind: 'drop-before-apply', ms: 7 });
    expect(call.record).toMatchObject({
      outcome: 'faulted',
      fault: 'drop-before-apply',
      nonce: '5',
      clientRef: 'mine',
      effect: null,
      error: null,
    });
    expect(call.reply?.delivery).toEqual({ kind: 'silence', ms: 7 });
    expect(struck(exchange, order(5), null).record).toMatchObject({
      outcome: 'accepted',
      violations: ['nonce-increasing', 'nonce-reused'],
    });
  });

  test('is in service all the same', () => {
    const exchange = openExchange();
    exchange.begin(order(1), 0, { kind: 'busy' });
    expect(exchange.begin(order(2), 0).record.violations).toEqual(['no-overlap']);
  });
});

describe('a call whose reply is damaged after it was applied', () => {
  test('has its effect, and has used its nonce up', () => {
    const exchange = openExchange();
    const { record, reply } = struck(exchange, order(5), { kind: 'truncate' });
    expect(record).toMatchObject({ outcome: 'faulted', fault: 'truncate', effect: { kind: 'order' } });
    expect(reply).toMatchObject({ status: 200, delivery: { kind: 'cut' } });
    expect(struck(exchange, order(5), null).record.error).toBe(KRAKEN_ERRORS.invalidNonce);
  });
});

describe('a call that is rejected on its own account', () => {
  const badSignature = withHeader(order(1), 'api-sign', 'AAAA');
  const unreadable = { ...order(1), body: '%%%' };

  test.each([
    ['truncate', badSignature],
    ['slow-service', badSignature],
    ['truncate', unreadable],
    ['drop-before-apply', unreadable],
  ] as const)('is not excused by %s', (kind, request) => {
    const { record, reply } = struck(openExchange(), request, { kind });
    expect(record).toMatchObject({ outcome: 'rejected', fault: null });
    expect(reply?.delivery).toEqual({ kind: 'whole' });
  });

  test('leaves the fault to the next one', () => {
    const faults = { version: 1, name: 'test', faults: [{ kind: 'truncate', nth: 1 }] } as const;
    const exchange = openExchange({ faults });
    const outcomes = [badSignature, order(1), order(2)].map(
      (request) => struck(exchange, request, exchange.faultFor(request, 0)).record.fault,
    );
    expect(outcomes).toEqual([null, 'truncate', null]);
  });

  test('may have been late for it', () => {
    const exchange = openExchange();
    const late = exchange.faultFor(order(1), 0);
    expect(late).toBeNull();
    struck(exchange, order(2), null);
    expect(struck(exchange, order(1), { kind: 'delay-arrival' }).record).toMatchObject({
      outcome: 'faulted',
      fault: 'delay-arrival',
      error: KRAKEN_ERRORS.invalidNonce,
    });
  });
});

describe('a call that never arrives', () => {
  test('is recorded with the nonce that was sent, departs as it arrives, and is never in service', () => {
    const exchange = openExchange();
    const fault = { kind: 'reset-before-arrival' } as const;
    const reply = exchange.turnAway({ head: order(5), fault, body: order(5).body }, 10);
    expect(reply.delivery).toEqual({ kind: 'reset' });
    const [record] = exchange.journal;
    expect(record).toMatchObject({
      outcome: 'faulted',
      nonce: '5',
      arrivedNs: 10,
      departedNs: 10,
      effect: null,
    });
    expect(struck(exchange, order(6), null).record.violations).toEqual([]);
  });

  test('of which nothing was sent is recorded without a nonce, but with its names', () => {
    const exchange = openExchange();
    const body = `${order(5).body}&nonceproof_call=t1&cl_ord_id=c1`;
    const reply = exchange.turnAway({ head: order(5), fault: { kind: 'refuse', ms: 9 }, body }, 0);
    expect(reply.delivery).toEqual({ kind: 'refused', ms: 9 });
    expect(exchange.journal).toMatchObject([
      { nonce: null, fault: 'refuse', violations: [], account: 'MASTER', tag: 't1', clientRef: 'c1' },
    ]);
    expect(struck(exchange, order(5), null).record.violations).toEqual([]);
  });
});

test('under maintenance only the status is public', () => {
  const faults = { version: 1, name: 'test', faults: [{ kind: 'maintenance', nth: 1, ms: 1000 }] } as const;
  const exchange = openExchange({ faults, venue: createFixedVenue, wallMsAtStart: 0 });
  const ask = (method: string, atS: number): unknown =>
    JSON.parse(exchange.publicCall({ path: `/0/public/${method}`, headers: {} }, atS * 1e9).body);
  expect(ask('Time', 0)).toMatchObject({ error: [] });
  expect(exchange.faultFor(balance(1), 0)?.kind).toBe('maintenance');
  expect(ask('Time', 0.5)).toEqual({ error: [KRAKEN_ERRORS.unavailable] });
  expect(ask('SystemStatus', 0.5)).toMatchObject({ error: [], result: { status: 'maintenance' } });
  expect(ask('Time', 1)).toMatchObject({ error: [] });
});
