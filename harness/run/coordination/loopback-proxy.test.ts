import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLoopbackProxy } from './loopback-proxy.ts';
import type { LoopbackProxy } from './loopback-proxy.ts';

let server: Server;
let accepted: Socket[] = [];
let proxy: LoopbackProxy;

beforeEach(async () => {
  accepted = [];
  server = createServer((socket) => {
    accepted.push(socket);
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await openLoopbackProxy((server.address() as AddressInfo).port);
});

afterEach(async () => {
  await proxy.close();
  for (const socket of accepted) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** A connection through the proxy to an echo, and what came back so far. */
class Caller {
  readonly #socket: Socket = connect(proxy.port, '127.0.0.1');
  heard = '';
  readonly ended: Promise<string>;
  #onHeard: () => void = () => undefined;

  constructor() {
    this.#socket.on('data', (bytes) => {
      this.heard += String(bytes);
      this.#onHeard();
    });
    this.ended = new Promise((resolve) => {
      this.#socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      this.#socket.once('close', () => resolve('closed'));
    });
  }

  say(text: string): void {
    this.#socket.write(text);
  }

  async hears(text: string): Promise<void> {
    while (this.heard !== text) await new Promise<void>((resolve) => (this.#onHeard = resolve));
  }

  end(): void {
    this.#socket.destroy();
  }
}

it('passes everything on, both ways', async () => {
  const caller = new Caller();
  caller.say('hello');
  await caller.hears('hello');
  caller.end();
});

it('breaks every connection, and lets new ones through', async () => {
  const callers = [new Caller(), new Caller()];
  for (const caller of callers) caller.say('a');
  await Promise.all(callers.map((caller) => caller.hears('a')));
  proxy.cut();
  expect(await Promise.all(callers.map(({ ended }) => ended))).toEqual(['ECONNRESET', 'ECONNRESET']);
  const next = new Caller();
  next.say('b');
  await next.hears('b');
  next.end();
});

it('is silent while it is stalled, tells nobody, and passes on what was sent meanwhile', async () => {
  const caller = new Caller();
  caller.say('a');
  await caller.hears('a');
  proxy.stall();
  caller.say('b');
  const late = new Caller();
  late.say('c');
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect([caller.heard, late.heard]).toEqual(['a', '']);
  proxy.resume();
  await caller.hears('ab');
  await late.hears('c');
  caller.end();
  late.end();
});

it('tells of an end that came while it was stalled only afterwards', async () => {
  const caller = new Caller();
  caller.say('a');
  await caller.hears('a');
  proxy.stall();
  accepted[0]?.resetAndDestroy();
  const isEnded = caller.ended.then(() => true);
  const isNotYet = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 30));
  expect(await Promise.race([isEnded, isNotYet])).toBe(false);
  proxy.resume();
  expect(await isEnded).toBe(true);
});
