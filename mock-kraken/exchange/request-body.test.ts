import { expect, test } from 'vitest';
import { parseBody } from './request-body.ts';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

test('a form body gives decoded parameters, the last of a repeated one, and every nonce', () => {
  const body = 'nonce=1&pair=XBT%2FUSD&note=a+b&close[ordertype]=limit&flag&&pair=ETHUSD&nonce=2';
  expect(parseBody(body, `${FORM}; charset=UTF-8`)).toEqual({
    encoding: 'form',
    params: { nonce: '2', pair: 'ETHUSD', note: 'a b', 'close[ordertype]': 'limit', flag: '' },
    nonces: ['1', '2'],
    isNumberNonce: false,
  });
});

test('a body without a content type counts as form-encoded', () => {
  expect(parseBody('nonce=1', undefined)).toMatchObject({ encoding: 'form', nonces: ['1'] });
});

test.each([
  ['a number beyond 2^53, to the digit', '{"nonce": 1616492376594000001}', ['1616492376594000001']],
  ['a string', '{"a":[1,{"nonce":9}],"nonce":"17"}', ['17']],
  ['an escaped name', String.raw`{"\u006eonce":5}`, ['5']],
  ['a text that only looks like a nonce', String.raw`{"a":"\"nonce\":7,","nonce":8}`, ['8']],
  ['two of them', '{"nonce":1,"nonce":2}', ['1', '2']],
  ['none at the top', '{"order":{"nonce":1}}', []],
  ['a fraction', '{"nonce":1.0}', ['1.0']],
  ['a literal', '{"nonce":null}', ['null']],
  ['an object', '{"nonce":{"nonce":1}}', ['{']],
  ['a value that equals the name', '{"a":"nonce","b":3}', []],
])('a JSON nonce is read from the text: %s', (_what, body, nonces) => {
  expect(parseBody(body, JSON_TYPE)).toMatchObject({ encoding: 'json', nonces });
});

test('a parameter called __proto__ is a parameter like any other', () => {
  for (const [body, type] of [
    ['__proto__=1', FORM],
    ['{"__proto__":{"nonce":1}}', JSON_TYPE],
  ]) {
    const parsed = parseBody(body ?? '', type);
    expect(parsed).toHaveProperty('params');
    expect(({} as Record<string, unknown>)['nonce']).toBeUndefined();
  }
});

test.each([
  ['unreadable', '{"nonce":1', JSON_TYPE],
  ['unreadable', '', JSON_TYPE],
  ['unreadable', '[]', JSON_TYPE],
  ['unreadable', 'null', JSON_TYPE],
  ['unreadable', '['.repeat(60_000), JSON_TYPE],
  ['unreadable', 'a=%zz', FORM],
  ['unreadable', Buffer.from([0x61, 0x3d, 0xff]), FORM],
  ['content-type', 'nonce=1', 'text/plain'],
  ['content-type', 'nonce=1', 'multipart/form-data; boundary=x'],
  ['content-type', 'nonce=1', ';'],
])('%s: %j as %s', (problem, body, type) => {
  expect(parseBody(body, type)).toBe(problem);
});

test.each([
  ['{"nonce":17}', true],
  ['{"nonce":"17"}', false],
  ['{"nonce":"17","nonce":18}', true],
  ['{"a":17}', false],
])('%s: the nonce stands as a number: %j', (body, isNumberNonce) => {
  expect(parseBody(body, JSON_TYPE)).toMatchObject({ isNumberNonce });
});
