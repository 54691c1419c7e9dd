import { expect, test } from 'vitest';
import { Driver } from '../testing/driver.ts';

const info = {
  name: 'bot',
  apiKey: 'public-part',
  nonce: '1795352136000000000',
  nonceWindow: '0',
  permissions: ['query-funds'],
  validUntilMs: null,
  createdMs: 1_700_000_000_000,
  lastUsedMs: 1_795_352_136_000,
  ipAllowlist: [],
};

test('GetApiKeyInfo shows what the owner of the keys says, as text', () => {
  const asked: string[] = [];
  const driver = new Driver({
    keyInfo: (account, request) => {
      asked.push(`${account} ${request.method}`);
      return info;
    },
  });
  expect(driver.ok('GetApiKeyInfo')).toMatchObject({
    api_key_name: 'bot',
    nonce: '1795352136000000000',
    nonce_window: '0',
    permissions: ['query-funds'],
    valid_until: '0',
    created_time: '1700000000',
    last_used: '1795352136',
  });
  expect(asked).toEqual(['MASTER GetApiKeyInfo']);
});

test('the case of its names is an option', () => {
  const driver = new Driver({ keyInfo: () => info, keyInfoCase: 'camel' });
  expect(driver.ok('GetApiKeyInfo')).toMatchObject({ apiKeyName: 'bot', nonceWindow: '0', ipAllowlist: [] });
});

test('without an owner of keys it answers all the same', () => {
  expect(new Driver().ok('GetApiKeyInfo')).toMatchObject({ api_key_name: 'MASTER', permissions: [] });
});

test('GetWebSocketsToken gives another token each time', () => {
  const driver = new Driver();
  const [one, other] = [
    driver.ok<{ token: string }>('GetWebSocketsToken'),
    driver.ok<{ token: string }>('GetWebSocketsToken'),
  ];
  expect(one).toEqual({ token: expect.stringMatching(/^[\w-]{43}$/), expires: 900 });
  expect(one.token).not.toBe(other.token);
});
