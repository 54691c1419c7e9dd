import { expect, it } from 'vitest';
import { parseKrakenError, saysIdInUse } from './kraken-error.ts';

it.each([
  ['EAPI:Invalid nonce', 'error', 'API', 'Invalid nonce', undefined],
  ['EGeneral:Invalid arguments:ordertype', 'error', 'General', 'Invalid arguments', 'ordertype'],
  ['EService: Throttled: 1700000000', 'error', 'Service', 'Throttled', '1700000000'],
  ['EOrder:Reduce only:Non-PC', 'error', 'Order', 'Reduce only', 'Non-PC'],
  ['EBM:limit exceeded:CAL', 'error', 'BM', 'limit exceeded', 'CAL'],
  ['WGeneral:Deprecated: use X: soon', 'warning', 'General', 'Deprecated', 'use X: soon'],
  ['EAPI:', 'error', 'API', '', undefined],
])('takes %j apart', (raw, severity, category, message, extra) => {
  expect(parseKrakenError(raw)).toEqual({ severity, category, message, extra, raw });
});

it.each(['', 'E', 'Internal error', 'XAPI:Invalid nonce', 'EAPI', 'error:something', ':', 'E5:x'])(
  'keeps %j whole, as an error',
  (raw) => {
    expect(parseKrakenError(raw)).toEqual({
      severity: 'error',
      category: '',
      message: raw,
      extra: undefined,
      raw,
    });
  },
);

it.each([
  ['EGeneral:Invalid arguments:cl_ord_id not unique', true],
  ['EOrder:Duplicate CL_ORD_ID', true],
  ['EOrder:cl_ord_id is in use', true],
  ['EOrder:cl_ord_id exists', true],
  ['EGeneral:Invalid arguments:cl_ord_id', false],
  ['EGeneral:Invalid arguments:userref not unique', false],
])('reads from %j whether an open order has the id: %s', (raw, isInUse) => {
  expect(saysIdInUse(parseKrakenError(raw))).toBe(isInUse);
});
