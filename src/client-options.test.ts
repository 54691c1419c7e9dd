import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from './client-options.ts';
import { PUBLISHED_SECRET, Scene } from './scripted-exchange.test-support.ts';

describe('the options of a client', () => {
  it.each([
    ['apiKey', ''],
    ['apiKey', 'with blank'],
    ['apiKey', 'line\nbreak'],
    ['apiKey', undefined],
    ['apiSecret', ''],
    ['apiSecret', 'not base64!'],
    ['apiSecret', undefined],
    ['accountIdentifier', ''],
    ['timeoutMs', 0],
    ['timeoutMs', -1],
    ['timeoutMs', Number.NaN],
    ['queueTimeoutMs', 2 ** 31],
    ['settlingMs', 0],
    ['lockoutMs', '5'],
    ['orderDeadlineMs', 3_999],
    ['orderDeadlineMs', 60_001],
    ['rateBudget', 'gold'],
    ['rateBudget', { counterMax: 0, decayPerSecond: 1, historyCost: 1 }],
  ])('refuse %s = %j', (option, value) => {
    const make = (): unknown => new Scene().client({ [option]: value });
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(expect.objectContaining({ option, code: 'invalid_option' }));
  });

  it.each(['ftp://x', 'nonsense', 'http://user:pass@x', 'http://x?y', 'http://x#y'])(
    'refuse the base URL %s',
    (baseUrl) => {
      expect(() => new Scene().client({ transport: undefined, baseUrl })).toThrow(InvalidOptionError);
    },
  );

  it('refuse a dispatcher beside a transport', () => {
    const dispatcher = {} as never;
    expect(() => new Scene().client({ dispatcher })).toThrow(/beside transport/);
  });

  it('do not show a bad secret or a bad key in the error', () => {
    expect(() => new Scene().client({ apiSecret: 'my secret' })).toThrow(
      expect.not.stringContaining('my secret'),
    );
    expect(() => new Scene().client({ apiKey: 'my key' })).toThrow(expect.not.stringContaining('my key'));
  });
});

it('a client shows neither its secret nor its key, however it is printed', () => {
  const client = new Scene().client();
  const printed = [
    inspect(client, { depth: 9, showHidden: true }),
    JSON.stringify(client),
    String(client),
    Object.getOwnPropertyNames(client).join(),
  ].join();
  expect(printed).not.toContain(PUBLISHED_SECRET.slice(0, 8));
  expect(printed).not.toContain('key-of-master');
  expect(printed).toContain('MASTER');
});
