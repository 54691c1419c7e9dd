import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { invalidArguments, KRAKEN_ERRORS, throttled } from '../kraken-errors.ts';
import { refusalColumn } from './refusal-columns.ts';
import { tooManyPriceDecimals, TRADING_ERRORS } from '../venue/errors/index.ts';

/** Where the mock's error strings are written: the table covers these files, the compiler sees to it. */
const LISTS = ['kraken-errors.ts', 'venue/errors/trading-errors.ts'];
/** A string literal that begins like an error of Kraken's; comments are not looked at. */
const ERROR_LITERAL = /['"`]E[A-Z]\w+: ?\w/;
const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/.*/g;
/** Strings of the lists that are made by a function, with an example of each. */
const MADE = {
  invalidArguments: invalidArguments('ordertype'),
  throttled: throttled(1_795_353_737),
  tooManyPriceDecimals: tooManyPriceDecimals('XXBTZUSD', 'price', 1),
};

const sources = readdirSync(fileURLToPath(new URL('..', import.meta.url)), {
  recursive: true,
  encoding: 'utf8',
})
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/(^|\/)testing\//.test(name))
  .map((name) => ({ name, text: readFileSync(new URL(`../${name}`, import.meta.url), 'utf8') }));

describe('every error string of the mock is in one column:', () => {
  test('none is written outside of the two lists', () => {
    expect(sources.length).toBeGreaterThan(100);
    const elsewhere = sources.filter(
      ({ name, text }) => !LISTS.includes(name) && ERROR_LITERAL.test(text.replace(COMMENTS, '')),
    );
    expect(elsewhere.map(({ name }) => name)).toEqual([]);
  });

  test('each function of the lists that makes one is known here', () => {
    const made = sources
      .filter(({ name }) => LISTS.includes(name))
      .flatMap(({ text }) => [...text.matchAll(/export function (\w+)/g)].map(([, name]) => String(name)));
    expect(made.toSorted()).toEqual(Object.keys(MADE).toSorted());
  });

  test('and the columns are these', () => {
    const all = [KRAKEN_ERRORS, TRADING_ERRORS, MADE].flatMap((list) => Object.values<string>(list));
    const inColumn = all.filter((error) => refusalColumn(error) === 'call');
    expect(inColumn.toSorted()).toEqual(
      [
        'EAPI:Bad request',
        'EAPI:Invalid key',
        'EAPI:Invalid nonce',
        'EAPI:Invalid signature',
        'EAPI:Rate limit exceeded',
        'EGeneral:Invalid arguments',
        'EGeneral:Invalid arguments:ordertype',
        'EGeneral:Permission denied',
        'EGeneral:Temporary lockout',
        'EGeneral:Too many requests',
        'EOrder:Orders limit exceeded',
        'EOrder:Rate limit exceeded',
        'EService: Throttled: 1795353737',
        'EService:Deadline elapsed',
      ].toSorted(),
    );
  });
});

describe('of arguments', () => {
  test.each(['deadline', 'ordertype', 'type', 'orders', 'oflags', 'userref', 'cl_ord_id', 'nothing known'])(
    '%s makes the request malformed',
    (field) => expect(refusalColumn(invalidArguments(field))).toBe('call'),
  );

  test.each(['volume', 'price', 'amount', 'txid', 'volume minimum not met', 'cl_ord_id not unique'])(
    '%s is what the request asks for',
    (field) => expect(refusalColumn(invalidArguments(field))).toBe('content'),
  );
});

test.each([
  ['EService:Throttled: 1', 'call'],
  ['EService:Market in cancel_only mode', 'content'],
  ['EOrder:Margin allowance exceeded', 'content'],
  ['EAPI:Something new', 'call'],
  ['EAccount:Invalid permissions:X trading restricted', 'call'],
  ['gibberish', 'call'],
  ['', 'call'],
  ['constructor', 'call'],
] as const)('%j of a recording made elsewhere counts as %s', (error, column) => {
  expect(refusalColumn(error)).toBe(column);
});
