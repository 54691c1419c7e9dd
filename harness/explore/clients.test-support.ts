import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { request } from 'undici';
import type { Account, ClientWorld, CreateClient, TargetClient } from '../run/targets/index.ts';
import { loadedTarget } from './target.ts';
import type { ExploreTarget } from './target.ts';

/** What a test client does around the request of one call. */
type Around = (send: () => Promise<unknown>, world: ClientWorld) => Promise<unknown>;

/** How a signed request gets to the exchange. */
type Send = (world: ClientWorld, signed: SignedCall) => Promise<string>;

interface SignedCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function sign(account: Account, method: string, body: string): SignedCall {
  const path = `/0/private/${method}`;
  const nonce = new URLSearchParams(body).get('nonce') ?? '';
  const digest = createHash('sha256')
    .update(nonce + body)
    .digest();
  const hmac = createHmac('sha512', Buffer.from(account.apiSecret, 'base64')).update(path).update(digest);
  const headers = {
    'api-key': account.apiKey,
    'api-sign': hmac.digest('base64'),
    'content-type': 'application/x-www-form-urlencoded',
  };
  return { path, headers, body };
}

const viaTransport: Send = async (world, { path, headers, body }) =>
  (await world.transport({ method: 'POST', path, headers, body })).body;

/** As somebody would write it who has never heard of this toolkit. */
export const viaFetch: Send = async (world, { path, headers, body }) =>
  (await fetch(world.baseUrl + path, { method: 'POST', headers: { ...headers }, body })).text();

/** With undici's own `request`, through its global dispatcher. */
export const viaUndici: Send = async (world, { path, headers, body }) =>
  (await request(world.baseUrl + path, { method: 'POST', headers: { ...headers }, body })).body.text();

/** Past every world, to a socket of the host. */
export const viaSocket: Send = () =>
  new Promise((resolve, reject) => {
    const socket = connect({ port: 1, host: '127.0.0.1' });
    socket.on('error', reject).on('connect', () => resolve(''));
  });

/** How a test client is put together. */
export interface TestClientOptions {
  readonly send?: Send;
  readonly around?: (world: ClientWorld) => Around;
  /** Default: nanoseconds of the world's clock, rising. */
  readonly nonces?: (world: ClientWorld) => () => bigint;
}

/** A target made of the given parts; a correct client when `around` is a lane. */
export function testTarget(name: string, options: TestClientOptions = {}): ExploreTarget {
  return loadedTarget(name, testClient(options));
}

/** See {@link testTarget}. */
export function testClient({
  send = viaTransport,
  around = lane,
  nonces = worldNonces,
}: TestClientOptions): CreateClient {
  return (world): TargetClient => {
    const accounts = new Map(world.accounts.map((account) => [account.account, account]));
    const enclose = around(world);
    const nextNonce = nonces(world);
    return {
      call(name, method, params) {
        const account = accounts.get(name);
        if (account === undefined) throw new TypeError(`no account ${name}`);
        return enclose(async () => {
          const body = new URLSearchParams({ nonce: String(nextNonce()), ...stringsOf(params) }).toString();
          const reply = JSON.parse(await send(world, sign(account, method, body))) as Reply;
          if (reply.error.length > 0) throw new Error(reply.error.join());
          return reply.result;
        }, world);
      },
    };
  };
}

interface Reply {
  readonly error: readonly string[];
  readonly result?: unknown;
}

function stringsOf(params: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}

function worldNonces(world: ClientWorld): () => bigint {
  let last = 0n;
  return () => {
    const now = world.clock.wallNs();
    last = now > last ? now : last + 1n;
    return last;
  };
}

/** Milliseconds of the global clock, rising. */
export function dateNonces(): () => bigint {
  let last = 0n;
  return () => {
    const now = BigInt(Date.now());
    last = now > last ? now : last + 1n;
    return last;
  };
}

/** One call after the other. */
export function lane(): Around {
  let tail: Promise<unknown> = Promise.resolve();
  return (send) => {
    const mine = tail.then(send);
    tail = mine.catch(() => undefined);
    return mine;
  };
}

/** Every call at once. */
export function noLane(): Around {
  return (send) => send();
}

/** A lane that is entered after a pause on the global timers, on every one of them in turn. */
export function pausingLane(): Around {
  const inLane = lane();
  const pauses: readonly (() => Promise<unknown>)[] = [
    () => new Promise((resolve) => setTimeout(resolve, 5)),
    () => new Promise((resolve) => setImmediate(resolve)),
    () => sleepFor(5),
    () => new Promise((resolve) => AbortSignal.timeout(5).addEventListener('abort', resolve)),
    intervalTicks,
  ];
  let calls = 0;
  return async (send, world) => {
    calls += 1;
    await pauses[calls % pauses.length]?.();
    return inLane(send, world);
  };
}

function intervalTicks(): Promise<void> {
  return new Promise((resolve) => {
    let ticks = 0;
    const interval = setInterval(() => {
      ticks += 1;
      if (ticks < 3) return;
      clearInterval(interval);
      resolve();
    }, 2);
  });
}

/** A lane whose every call depends on the host's chance: deterministic only if that is the world's. */
export function chancyLane(): Around {
  const inLane = lane();
  return async (send, world) => {
    const coins = [Math.random() < 0.5, (randomBytes(1)[0] ?? 0) < 128, randomUUID() < '8'];
    if (coins.filter(Boolean).length > 1) await new Promise((resolve) => setTimeout(resolve, 3));
    return inLane(send, world);
  };
}
