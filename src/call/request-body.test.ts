import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { encodeForm, InvalidParamsError, prepareBody } from './request-body.ts';

describe('a form body', () => {
  it('starts with the nonce and keeps the order of the parameters', () => {
    const body = prepareBody({ ordertype: 'limit', pair: 'XBTUSD', price: '37500' }, 'form');
    expect(body.withNonce(1616492376594n)).toBe(
      'nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500',
    );
    expect(body.contentType).toBe('application/x-www-form-urlencoded');
  });

  it('is the nonce alone when there are no parameters', () => {
    expect(prepareBody({ asset: undefined }, 'form').withNonce(5n)).toBe('nonce=5');
  });

  it('gives each attempt a nonce of its own', () => {
    const body = prepareBody({ a: 1 }, 'form');
    expect([body.withNonce(1n), body.withNonce(2n)]).toEqual(['nonce=1&a=1', 'nonce=2&a=1']);
  });

  it('adds what is only known when it is sent', () => {
    const late = [['deadline', '2026-11-22T16:00:00.000Z']] as const;
    expect(prepareBody({ a: 1 }, 'form').withNonce(1n, late)).toBe(
      'nonce=1&a=1&deadline=2026-11-22T16%3A00%3A00.000Z',
    );
  });

  it('writes nested parameters with brackets and lists with commas', () => {
    const form = encodeForm({ close: { ordertype: 'limit', price: '+5%' }, txid: ['A', 'B'] });
    expect(form).toBe('close%5Bordertype%5D=limit&close%5Bprice%5D=%2B5%25&txid=A%2CB');
  });

  it('keeps a plus sign from becoming a blank', () => {
    expect(encodeForm({ starttm: '+60' })).toBe('starttm=%2B60');
  });

  it('leaves out validate: false, and no other false', () => {
    expect(encodeForm({ validate: false, consolidate_taker: false })).toBe('consolidate_taker=false');
    expect(encodeForm({ validate: true })).toBe('validate=true');
  });

  it.each([
    [1e-7, '0.0000001'],
    [1.25, '1.25'],
    [-3, '-3'],
    [12345678901234567890n, '12345678901234567890'],
  ])('writes %d in plain digits', (value, text) => {
    expect(encodeForm({ value })).toBe(`value=${text}`);
  });

  it.each([
    ['null', null],
    ['a function', () => 1],
    ['a date', new Date(0)],
    ['not a number', Number.NaN],
    ['an integer that has lost digits', 2 ** 53 + 2],
    ['a list of objects', [{ a: 1 }]],
    ['half a surrogate pair', '\ud800'],
  ])('refuses %s', (_name, value) => {
    expect(() => encodeForm({ value })).toThrow(InvalidParamsError);
  });

  it('takes objects in objects, 8 deep and no deeper, with or without a prototype', () => {
    const nest = (depth: number, inner: unknown): unknown =>
      depth === 0 ? inner : { a: nest(depth - 1, inner) };
    expect(encodeForm({ value: nest(7, 1) })).toBe(`value${'%5Ba%5D'.repeat(7)}=1`);
    expect(() => encodeForm({ value: nest(8, 1) })).toThrow(/nested deeper/);
    const bare: object = Object.assign(Object.create(null) as object, { price: '1' });
    expect(encodeForm({ close: bare })).toBe('close%5Bprice%5D=1');
  });

  it.each([2 ** 53 - 1, 1 - 2 ** 53, 0, 1e-21])('has an exact text for the number %d', (value) => {
    expect(Number(encodeForm({ value }).slice('value='.length))).toBe(value);
  });

  it.each([2 ** 53, -(2 ** 53), Infinity, -Infinity])('has none for the number %d', (value) => {
    expect(() => encodeForm({ value })).toThrow(/no exact decimal text/);
  });

  it('refuses an object that contains itself', () => {
    const value: Record<string, unknown> = {};
    value['self'] = value;
    expect(() => encodeForm({ value })).toThrow(/nested deeper/);
  });

  test.prop([fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' }))], {
    seed: 1,
  })('is read back by a standard parser as what went in', (params) => {
    const text = encodeForm(params);
    expect([...new URLSearchParams(text)]).toEqual(Object.entries(params));
  });
});

describe('a JSON body', () => {
  it('has the nonce as a string of digits, first', () => {
    const body = prepareBody({ pair: 'XBTUSD', orders: [{ volume: '1' }] }, 'json');
    expect(body.withNonce(1795353736170000000n)).toBe(
      '{"nonce":"1795353736170000000","pair":"XBTUSD","orders":[{"volume":"1"}]}',
    );
    expect(body.contentType).toBe('application/json');
  });

  it('is an object with the nonce alone when there are no parameters', () => {
    expect(prepareBody({ a: undefined }, 'json').withNonce(5n)).toBe('{"nonce":"5"}');
  });

  it('adds what is only known when it is sent', () => {
    const text = prepareBody({ a: 1 }, 'json').withNonce(5n, [['deadline', 'now']]);
    expect(JSON.parse(text)).toEqual({ nonce: '5', deadline: 'now', a: 1 });
  });

  it('writes a bigint as a string, because a number that long would lose digits', () => {
    expect(prepareBody({ id: 2n ** 60n }, 'json').withNonce(1n)).toBe(
      '{"nonce":"1","id":"1152921504606846976"}',
    );
  });

  it('refuses what is no plain object', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    expect(() => prepareBody(circular, 'json')).toThrow(InvalidParamsError);
    expect(() => prepareBody({ toJSON: () => 'text' }, 'json')).toThrow(InvalidParamsError);
  });
});

describe('in both formats', () => {
  it.each(['form', 'json'] as const)('a parameter of the caller goes before a late one (%s)', (format) => {
    const late = [
      ['deadline', 'late'],
      ['otp', 'code'],
    ] as const;
    const body = prepareBody({ deadline: 'mine' }, format).withNonce(1n, late);
    const read =
      format === 'json' ? Object.entries(JSON.parse(body) as object) : [...new URLSearchParams(body)];
    expect(Object.fromEntries(read)).toEqual({ nonce: '1', deadline: 'mine', otp: 'code' });
    expect(body.split('deadline')).toHaveLength(2);
  });

  it.each(['form', 'json'] as const)('a nonce from the caller is refused (%s)', (format) => {
    expect(() => prepareBody({ nonce: '1' }, format)).toThrow(/the caller supplied it/);
  });

  it.each(['form', 'json'] as const)(
    'the parameters are not changed, even when they are frozen (%s)',
    (format) => {
      const params = Object.freeze({ close: Object.freeze({ price: '1' }), txid: Object.freeze(['A']) });
      prepareBody(params, format).withNonce(1n, [['deadline', 'now']]);
      expect(params).toEqual({ close: { price: '1' }, txid: ['A'] });
    },
  );

  it.each(['form', 'json'] as const)(
    'a later change of the parameters does not reach the body (%s)',
    (format) => {
      const params = { price: '1' };
      const body = prepareBody(params, format);
      params.price = '2';
      expect(body.withNonce(1n)).not.toContain('2');
    },
  );
});
