import { describe, expect, it } from 'vitest';
import { CredentialsError, masterCredentials, userCredentials } from './credentials.ts';
import type { CredentialsSource, Environment } from './credentials.ts';

const FILE = JSON.stringify([
  { account: 'MASTER', apiKey: 'mk', apiSecret: 'ms' },
  { account: 'USER_1', apiKey: 'uk', apiSecret: 'us' },
]);

function source(environment: Environment, text = FILE): CredentialsSource {
  return {
    environment,
    readTextFile: (path) => (path === 'a.json' ? Promise.resolve(text) : Promise.reject(new Error('ENOENT'))),
  };
}

describe("MASTER's credentials", () => {
  it('come from their two variables, before the file', async () => {
    const environment = { KRAKEN_API_KEY: 'k', KRAKEN_API_SECRET: 's', KRAKEN_ACCOUNTS_FILE: 'a.json' };
    expect(await masterCredentials(source(environment))).toEqual({
      account: 'MASTER',
      apiKey: 'k',
      apiSecret: 's',
    });
  });

  it('come from the first entry of the file otherwise', async () => {
    expect(await masterCredentials(source({ KRAKEN_ACCOUNTS_FILE: 'a.json' }))).toMatchObject({
      apiKey: 'mk',
    });
  });

  it('are missed with the names of what to set', async () => {
    await expect(masterCredentials(source({ KRAKEN_API_KEY: 'k' }))).rejects.toThrow(/KRAKEN_API_SECRET/);
  });
});

describe("the USERs' credentials", () => {
  it('come from the file, without MASTER', async () => {
    const environment = { KRAKEN_ACCOUNTS_FILE: 'a.json', KRAKEN_USER_7_API_KEY: 'x' };
    expect(await userCredentials(source(environment))).toEqual([
      { account: 'USER_1', apiKey: 'uk', apiSecret: 'us' },
    ]);
  });

  it('come from numbered variables otherwise, in the order of the numbers, over gaps', async () => {
    const environment = {
      KRAKEN_USER_10_API_KEY: 'k10',
      KRAKEN_USER_10_API_SECRET: 's10',
      KRAKEN_USER_2_API_KEY: 'k2',
      KRAKEN_USER_2_API_SECRET: 's2',
      KRAKEN_USER_X_API_KEY: 'no',
      MY_KRAKEN_USER_3_API_KEY: 'no',
      KRAKEN_USER_4_API_KEYS: 'no',
      KRAKEN_USER_1234567_API_KEY: 'no',
    };
    expect(await userCredentials(source(environment))).toEqual([
      { account: 'USER_2', apiKey: 'k2', apiSecret: 's2' },
      { account: 'USER_10', apiKey: 'k10', apiSecret: 's10' },
    ]);
  });

  it('keep an account with half of them, for its failure to be reported', async () => {
    expect(await userCredentials(source({ KRAKEN_USER_1_API_SECRET: 's' }))).toEqual([
      { account: 'USER_1', apiKey: '', apiSecret: 's' },
    ]);
  });

  it('are none when nothing is set', async () => {
    expect(await userCredentials(source({}))).toEqual([]);
    expect(await userCredentials(source({ KRAKEN_ACCOUNTS_FILE: '' }))).toEqual([]);
  });

  it('are none when the file has MASTER only, whatever the variables say', async () => {
    const environment = { KRAKEN_ACCOUNTS_FILE: 'a.json', KRAKEN_USER_1_API_KEY: 'k' };
    const master = JSON.stringify([{ account: 'MASTER', apiKey: 'mk', apiSecret: 'ms' }]);
    expect(await userCredentials(source(environment, master))).toEqual([]);
  });
});

describe('a file of accounts', () => {
  it('may name the second factor of a key, as a text', async () => {
    const entry = { account: 'MASTER', apiKey: 'mk', apiSecret: 'ms', otp: '123456' };
    const environment = { KRAKEN_ACCOUNTS_FILE: 'a.json' };
    expect(await masterCredentials(source(environment, JSON.stringify([entry])))).toEqual(entry);
  });

  it.each([
    '',
    '{}',
    '[]',
    '[1]',
    '[null]',
    '[{"account":"MASTER","apiKey":"hidden"}]',
    '[{"account":"MASTER","apiKey":"hidden","apiSecret":"hidden","otp":123456}]',
    '[{"account":"MASTER","apiKey":"hidden","apiSecret":"hidden"},{"account":"USER_1"}]',
  ])('is refused, and not quoted: %s', async (text) => {
    const reading = masterCredentials(source({ KRAKEN_ACCOUNTS_FILE: 'a.json' }, text));
    await expect(reading).rejects.toThrow(CredentialsError);
    await expect(reading).rejects.toThrow(expect.not.stringContaining('hidden'));
  });

  it('that cannot be read says so', async () => {
    await expect(userCredentials(source({ KRAKEN_ACCOUNTS_FILE: 'b.json' }))).rejects.toThrow(
      /cannot be read/,
    );
  });
});
