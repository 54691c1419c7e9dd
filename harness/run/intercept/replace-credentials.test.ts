import { describe, expect, it } from 'vitest';
import { replaceCredentials } from './replace-credentials.ts';

const ACCOUNTS = ['MASTER', 'USER_1', 'USER_2'].map((account) => ({
  account,
  apiKey: `key of ${account}`,
  apiSecret: `secret of ${account}`,
}));

function replaced(name: string): string | undefined {
  return replaceCredentials({ [name]: 'real' }, ACCOUNTS)[name];
}

describe('credentials in the environment', () => {
  it.each([
    'KRAKEN_API_KEY',
    'KRAKEN_KEY',
    'kraken_apikey',
    'KRAKEN_PUBLIC_KEY',
    'MY_KRAKEN_API_KEY',
    'KRAKEN_KEY_2',
  ])('%s is a key', (name) => expect(replaced(name)).toBe('key of MASTER'));

  it.each([
    'KRAKEN_API_SECRET',
    'KRAKEN_SECRET',
    'KRAKEN_PRIVATE_KEY',
    'KRAKEN_SECRET_KEY',
    'kraken_apisecret',
  ])('%s is a secret', (name) => expect(replaced(name)).toBe('secret of MASTER'));

  it('goes by the number of a user, and to nobody where there is no such user', () => {
    expect(replaced('KRAKEN_USER_2_API_KEY')).toBe('key of USER_2');
    expect(replaced('KRAKEN_USER1_SECRET')).toBe('secret of USER_1');
    expect(replaced('KRAKEN_USER_12_API_KEY')).toBeUndefined();
  });

  it('leaves out what has no counterpart in a mock', () => {
    expect(replaced('KRAKEN_OTP')).toBeUndefined();
    expect(replaced('KRAKEN_PASSWORD')).toBeUndefined();
  });

  it.each(['KRAKEN_API_URL', 'KRAKEN_PAIR', 'KRAKENJS_LOG', 'API_KEY', 'HOME'])(
    'leaves %s as it is',
    (name) => {
      expect(replaced(name)).toBe('real');
    },
  );
});
