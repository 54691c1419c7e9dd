import { AsyncLocalStorage } from 'node:async_hooks';
import type { KrakenClientOptions } from './client-options.ts';
import type { LaneScope } from './lane/index.ts';
import { KrakenClient } from './kraken-client.ts';
import { createLocalCoordinator } from './lane/index.ts';
import type { LocalCoordinator } from './lane/index.ts';
import { ManualRuntime } from './manual-runtime.test-support.ts';
import { TransportError } from './call/index.ts';
import type { HttpReply, HttpRequest, HttpTransport } from './call/index.ts';

/** The secret of Kraken's published example; it belongs to nobody. */
export const PUBLISHED_SECRET =
  'kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==';

/** A request, read as far as tests care. */
export interface Seen {
  readonly method: string;
  readonly nonce: bigint;
  readonly params: Readonly<Record<string, string>>;
  readonly request: HttpRequest;
}

/** What the exchange does with one request. */
export type Answer = (seen: Seen) => Promise<HttpReply>;

const HEADERS = { 'content-type': 'application/json' };

/** Milliseconds since 1970 at which a scene begins. */
export const SCENE_START_MS = 1_795_353_736_170;

export const succeed =
  (result: unknown): Answer =>
  () =>
    Promise.resolve({ status: 200, headers: HEADERS, body: JSON.stringify({ error: [], result }) });

export const refuse =
  (...error: string[]): Answer =>
  () =>
    Promise.resolve({ status: 200, headers: HEADERS, body: JSON.stringify({ error }) });

export const page =
  (status: number, headers: Record<string, string> = {}): Answer =>
  () =>
    Promise.resolve({ status, headers, body: '<!DOCTYPE html><title>Error</title>' });

export const breakConnection = (): Promise<never> =>
  Promise.reject(new TransportError('socket closed', { delivery: 'unknown' }));

export const refuseConnection = (): Promise<never> =>
  Promise.reject(new TransportError('ECONNREFUSED', { delivery: 'not-sent' }));

/** Answers when `release` is called. */
export function hold(answer: Answer): { readonly answer: Answer; release(): void } {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { answer: (seen) => released.then(() => answer(seen)), release: () => release() };
}

/** What the exchange answers unless a test says otherwise: that there are no orders. Other methods: `{}`. */
const NOTHING_LISTED: Readonly<Record<string, object>> = {
  OpenOrders: { open: {} },
  ClosedOrders: { closed: {}, count: 0 },
};

/** Never answers. */
export const silence: Answer = () => new Promise(() => undefined);

/**
 * Answers private calls as a test says: the answers of a method are used up in order, the last one stays.
 * It counts how many are in service at once, and remembers what it saw.
 */
export class ScriptedExchange {
  readonly seen: Seen[] = [];
  inService = 0;
  inServiceMax = 0;
  /** How often it was asked for its time by a public call, unless a test answers that itself. */
  timesAsked = 0;
  /** The clock of the exchange, for the `Date` of its replies. */
  nowMs: () => number = () => SCENE_START_MS;
  readonly #answers = new Map<string, Answer[]>();

  on(method: string, ...answers: Answer[]): this {
    this.#answers.set(method, answers);
    return this;
  }

  get methods(): string[] {
    return this.seen.map((seen) => seen.method);
  }

  readonly transport: HttpTransport = async (request) => {
    const seen = read(request);
    if (seen.method === '/0/public/Time' && !this.#answers.has(seen.method)) return this.#tellTime(seen);
    this.seen.push(seen);
    this.inService += 1;
    this.inServiceMax = Math.max(this.inServiceMax, this.inService);
    try {
      return this.#dated(await this.#next(seen.method)(seen));
    } finally {
      this.inService -= 1;
    }
  };

  async #tellTime(seen: Seen): Promise<HttpReply> {
    this.timesAsked += 1;
    return this.#dated(await succeed({ unixtime: Math.floor(this.nowMs() / 1000) })(seen));
  }

  /** As the exchange sends it: its own pages have its time, those of a proxy have what the test gave them. */
  #dated(reply: HttpReply): HttpReply {
    if (reply.headers['content-type'] !== 'application/json') return reply;
    return { ...reply, headers: { date: new Date(this.nowMs()).toUTCString(), ...reply.headers } };
  }

  #next(method: string): Answer {
    const answers = this.#answers.get(method) ?? [];
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return answer ?? succeed(NOTHING_LISTED[method] ?? {});
  }
}

function read(request: HttpRequest): Seen {
  const params = Object.fromEntries(new URLSearchParams(request.body ?? ''));
  const method = request.path.replace('/0/private/', '');
  return { method, nonce: BigInt(params['nonce'] ?? 0), params, request };
}

/** A scripted exchange and clients of it, on a clock and timers that only move when the test says so. */
export class Scene {
  readonly exchange: ScriptedExchange = new ScriptedExchange();
  readonly runtime: ManualRuntime = new ManualRuntime();
  readonly coordinator: LocalCoordinator;

  constructor(scope: LaneScope = 'global') {
    this.coordinator = createLocalCoordinator({ runtime: this.runtime, scope });
    const startMs = this.runtime.clock.monotonicMs();
    this.exchange.nowMs = () => SCENE_START_MS + this.runtime.clock.monotonicMs() - startMs;
  }

  client(options: Partial<KrakenClientOptions> = {}): KrakenClient {
    return new KrakenClient({
      apiKey: 'key-of-master',
      apiSecret: PUBLISHED_SECRET,
      accountIdentifier: 'MASTER',
      transport: this.exchange.transport,
      runtime: this.runtime,
      coordinator: this.coordinator,
      ...options,
    });
  }

  /** Runs `body` as code that has nothing to do with the turn it is called in. */
  readonly outside: (body: () => unknown) => unknown = AsyncLocalStorage.snapshot();

  /** Lets everything happen that needs no time, then `ms` milliseconds, step by step, and what follows from it. */
  async pass(ms = 0, stepMs = 50): Promise<void> {
    await quiet();
    for (let left = ms; left > 0; left -= stepMs) {
      this.runtime.advance(Math.min(stepMs, left));
      await quiet();
    }
  }
}

function quiet(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** How a promise stands, without waiting for it. */
export function watch(promise: Promise<unknown>): { value?: unknown; error?: unknown; isSettled: boolean } {
  const state: { value?: unknown; error?: unknown; isSettled: boolean } = { isSettled: false };
  promise.then(
    (value) => Object.assign(state, { value, isSettled: true }),
    (error: unknown) => Object.assign(state, { error, isSettled: true }),
  );
  return state;
}
