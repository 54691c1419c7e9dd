import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../../src/index.ts';
import type { HttpReply, HttpRequest } from '../../../src/index.ts';
import type { ClientWorld } from '../../run/targets/index.ts';
import { createBatcher } from './batch.ts';
import { createMutex } from './mutex.ts';
import { clockNonces, counterNonces } from './nonces.ts';
import { setBackOnce } from './time.ts';
import { createWire, RefusedError, UnreadableReplyError } from './wire.ts';

const CALL = { account: 'MASTER', method: 'Balance', params: { nonceproof_call: 'a b' } };

interface Scene {
  readonly world: ClientWorld;
  readonly sent: HttpRequest[];
  wallNs: bigint;
}

/** A world whose exchange always gives the same answer. */
function sceneWith(body: string, status = 200): Scene {
  const sent: HttpRequest[] = [];
  const reply: HttpReply = { status, headers: {}, body };
  const scene: Scene = {
    sent,
    wallNs: 1_000n,
    world: {
      ...systemRuntime,
      kind: 'simulated',
      baseUrl: '',
      accounts: [{ account: 'MASTER', apiKey: 'key', apiSecret: 'c2VjcmV0' }],
      scope: 'global',
      transport: async (request) => {
        sent.push(request);
        return reply;
      },
      clock: { wallNs: () => scene.wallNs, monotonicMs: () => 0 },
      random: () => 0,
    },
  };
  return scene;
}

describe('the wire', () => {
  it('sends nonce and params as a signed form', async () => {
    const { world, sent } = sceneWith('{"error":[],"result":{"ZUSD":"1"}}');
    await expect(createWire(world).post(CALL, 17n)).resolves.toEqual({ ZUSD: '1' });
    expect(sent).toMatchObject([
      {
        method: 'POST',
        path: '/0/private/Balance',
        body: 'nonce=17&nonceproof_call=a%20b',
        headers: { 'api-key': 'key', 'content-type': 'application/x-www-form-urlencoded' },
      },
    ]);
  });

  it('does not take a warning for a refusal', async () => {
    const { world } = sceneWith('{"error":["WGeneral:Careful"],"result":1}');
    await expect(createWire(world).post(CALL, 1n)).resolves.toBe(1);
  });

  it('tells a refusal from a reply that says nothing', async () => {
    const refusing = createWire(sceneWith('{"error":["EAPI:Invalid nonce"]}').world);
    await expect(refusing.post(CALL, 1n)).rejects.toBeInstanceOf(RefusedError);
    const broken = createWire(sceneWith('<html>', 502).world);
    await expect(broken.post(CALL, 1n)).rejects.toBeInstanceOf(UnreadableReplyError);
  });

  it('rejects a call for an account that the world does not have', async () => {
    const { world } = sceneWith('{}');
    await expect(createWire(world).post({ ...CALL, account: 'USER_9' }, 1n)).rejects.toThrow('USER_9');
  });
});

describe('the mutex', () => {
  it('runs bodies one after the other, in order, past one that rejects', async () => {
    const lock = createMutex();
    const steps: string[] = [];
    const body = (name: string) => async (): Promise<void> => {
      steps.push(`${name} in`);
      await Promise.resolve();
      steps.push(`${name} out`);
      if (name === 'b') throw new Error(name);
    };
    await Promise.allSettled([lock(body('a')), lock(body('b')), lock(body('c'))]);
    expect(steps).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });
});

describe('the nonces', () => {
  it('rise on a clock that repeats itself and steps back', () => {
    const scene = sceneWith('');
    const next = clockNonces(scene.world);
    const drawn = [1_000n, 1_000n, 10n, 2_000n].map((wallNs) => {
      scene.wallNs = wallNs;
      return next();
    });
    expect(drawn).toEqual([1_000n, 1_001n, 1_002n, 2_000n]);
  });

  it('count on from the wall clock', () => {
    const next = counterNonces(sceneWith('').world);
    expect([next(), next()]).toEqual([1_001n, 1_002n]);
  });

  it('can be drawn from a clock that is set back once', () => {
    const wallNs = setBackOnce(sceneWith('').world, { readings: 2, ms: 1 });
    expect([wallNs(), wallNs(), wallNs(), wallNs()]).toEqual([1_000n, 1_000n, -999_000n, -999_000n]);
  });
});

describe('the batcher', () => {
  it('hands over together what is asked for in one tick, and tells each caller its own reply', async () => {
    const sizes: number[] = [];
    const ask = createBatcher((batch) => {
      sizes.push(batch.length);
      for (const { call, settle } of batch) void settle(Promise.resolve(call.method));
    });
    const together = await Promise.all([ask(CALL), ask({ ...CALL, method: 'AddOrder' })]);
    const later = await ask(CALL);
    expect([sizes, together, later]).toEqual([[2, 1], ['Balance', 'AddOrder'], 'Balance']);
  });
});
