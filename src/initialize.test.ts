import { describe, expect, it } from 'vitest';
import { createLocalCoordinator } from './lane/index.ts';
import { systemRuntime } from './system.ts';
import { initializeKrakenMaster, initializeKrakenUsers } from './initialize.ts';
import type { InitializeOptions } from './initialize.ts';
import { hold, PUBLISHED_SECRET, refuse, Scene, succeed, watch } from './scripted-exchange.test-support.ts';

function optionsOf({ coordinator, exchange, runtime }: Scene): InitializeOptions {
  return { coordinator, runtime, transport: exchange.transport, environment: {} };
}

function credentials(account: string, apiSecret = PUBLISHED_SECRET) {
  return { account, apiKey: `key-of-${account}`, apiSecret };
}

describe('initializeKrakenMaster', () => {
  it('makes a client from the environment and checks its balance', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', succeed({ ZUSD: '5' }));
    const environment = { KRAKEN_API_KEY: 'k', KRAKEN_API_SECRET: PUBLISHED_SECRET };
    const master = await initializeKrakenMaster({ ...optionsOf(scene), environment });
    expect(master).toMatchObject({ account: 'MASTER', balance: { ZUSD: '5' } });
    expect(master.client.accountIdentifier).toBe('MASTER');
    expect(scene.exchange.methods).toEqual(['Balance']);
  });

  it('fails as the check does', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', refuse('EAPI:Invalid key'));
    const master = initializeKrakenMaster({ ...optionsOf(scene), credentials: credentials('MASTER') });
    await expect(master).rejects.toMatchObject({ errors: [{ message: 'Invalid key' }] });
  });
});

describe('initializeKrakenUsers', () => {
  it('checks one account after the other', async () => {
    const scene = new Scene('key');
    const first = hold(succeed({}));
    scene.exchange.on('Balance', first.answer, succeed({}));
    const list = [credentials('USER_1'), credentials('USER_2')];
    const users = watch(initializeKrakenUsers({ ...optionsOf(scene), credentials: list }));
    await scene.pass(1_000);
    expect(scene.exchange.seen).toHaveLength(1);
    first.release();
    await scene.pass();
    expect(users.value).toMatchObject({ ready: [{ account: 'USER_1' }, { account: 'USER_2' }], failed: [] });
  });

  it('reports each account that fails and goes on with the rest', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', succeed({}), refuse('EGeneral:Permission denied'), succeed({}));
    const list = [
      credentials('USER_1'),
      credentials('USER_2'),
      credentials('USER_3', 'no base64!'),
      credentials('USER_4'),
      credentials('USER_5'),
    ];
    const { failed, ready } = await initializeKrakenUsers({ ...optionsOf(scene), credentials: list });
    expect(ready.map(({ account }) => account)).toEqual(['USER_1', 'USER_4', 'USER_5']);
    expect(failed).toMatchObject([
      { account: 'USER_2', error: { code: 'kraken_api_error' } },
      { account: 'USER_3', error: { code: 'invalid_option', option: 'apiSecret' } },
    ]);
  });

  it('sends to the base URL of the options rather than to that of the environment', async () => {
    const { failed } = await initializeKrakenUsers({
      ...optionsOf(new Scene()),
      transport: undefined,
      baseUrl: 'http://127.0.0.1:1',
      environment: { KRAKEN_API_URL: 'nonsense' },
      credentials: [credentials('USER_1')],
      timeoutMs: 1,
      runtime: undefined,
      coordinator: createLocalCoordinator({ runtime: systemRuntime }),
    });
    expect(failed).toMatchObject([{ account: 'USER_1' }]);
    expect(failed[0]?.error).not.toHaveProperty('option');
  });

  it('sends to the base URL of the environment', async () => {
    const environment = {
      KRAKEN_API_URL: 'nonsense',
      KRAKEN_USER_1_API_KEY: 'k',
      KRAKEN_USER_1_API_SECRET: PUBLISHED_SECRET,
    };
    const { failed } = await initializeKrakenUsers({
      ...optionsOf(new Scene()),
      transport: undefined,
      environment,
    });
    expect(failed).toMatchObject([{ error: { option: 'baseUrl' } }]);
  });
});
