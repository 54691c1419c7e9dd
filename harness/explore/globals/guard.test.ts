import { performance } from 'node:perf_hooks';
import * as timersModule from 'node:timers';
import * as timersPromises from 'node:timers/promises';
import { getGlobalDispatcher } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { ImmediateQueue } from '../world/index.ts';
import { VirtualTime } from '../world/index.ts';
import { WORLD_EPOCH_MS } from '../world/virtual-time.ts';
import { GlobalsGuard } from './guard.ts';
import { UncontrolledError } from './router.ts';
import type { PortsOwner, WorldPorts } from '../world/index.ts';

let guard: GlobalsGuard | null = null;

function install(isExclusive = true): GlobalsGuard {
  guard = new GlobalsGuard({ isExclusive });
  guard.install();
  return guard;
}

afterEach(() => {
  guard?.leave();
  guard?.uninstall();
  guard = null;
});

function createPorts(): PortsOwner & { readonly time: VirtualTime; readonly crashes: unknown[] } {
  const time = new VirtualTime(0);
  const crashes: unknown[] = [];
  const ports: WorldPorts = {
    clock: time,
    timers: time,
    immediates: new ImmediateQueue(),
    transport: () => Promise.reject(new Error('no network here')),
    random: () => 0.25,
    crash: (error) => void crashes.push(error),
  };
  return { ports, time, crashes };
}

describe('while a client runs', () => {
  test('every clock is that of its world', () => {
    const world = createPorts();
    install().enter(world);
    expect(Date.now()).toBe(WORLD_EPOCH_MS);
    expect(new Date().getTime()).toBe(WORLD_EPOCH_MS);
    expect(performance.now()).toBe(0);
    expect(process.hrtime.bigint()).toBe(0n);
    expect(process.hrtime()).toEqual([0, 0]);
    expect(process.uptime()).toBe(0);
    setTimeout(() => undefined, 1_500);
    world.time.fireNext();
    expect(Date.now()).toBe(WORLD_EPOCH_MS + 1_500);
    expect(process.hrtime()).toEqual([1, 500_000_000]);
    expect(process.hrtime([0, 500_000_000])).toEqual([1, 0]);
  });

  test('dates that are given a time, and what is a Date, stay as they are', () => {
    install().enter(createPorts());
    expect(new Date(5).getTime()).toBe(5);
    expect(new Date(2026, 1, 3).getMonth()).toBe(1);
    expect(new Date()).toBeInstanceOf(Date);
    expect(Date.UTC(2026, 0, 1)).toBe(WORLD_EPOCH_MS);
    class MyDate extends Date {}
    expect(new MyDate()).toBeInstanceOf(MyDate);
  });

  test('timers fire in the order in which they fall due, and only when the world says so', () => {
    const world = createPorts();
    install().enter(world);
    const fired: string[] = [];
    setTimeout((name: string) => fired.push(name), 20, 'second');
    timersModule.setTimeout(() => fired.push('first'), 10);
    const cancelled = setTimeout(() => fired.push('never'), 15);
    clearTimeout(cancelled);
    const interval = setInterval(() => {
      fired.push('tick');
      if (fired.filter((name) => name === 'tick').length === 2) clearInterval(interval);
    }, 25);
    expect(fired).toEqual([]);
    while (world.time.next() !== undefined) world.time.fireNext();
    expect(fired).toEqual(['first', 'second', 'tick', 'tick']);
    expect(world.time.monotonicMs()).toBe(50);
  });

  test('what setTimeout returns can be refreshed and held', () => {
    const world = createPorts();
    install().enter(world);
    const fired: number[] = [];
    const timeout = setTimeout(() => fired.push(world.time.monotonicMs()), 10);
    setTimeout(() => timeout.refresh(), 5);
    expect(timeout.unref().ref().hasRef()).toBe(true);
    while (world.time.next() !== undefined) world.time.fireNext();
    expect(fired).toEqual([15]);
  });

  test('promised timers and abort signals are timers, too', async () => {
    const world = createPorts();
    install().enter(world);
    const value = timersPromises.setTimeout(10, 'woken');
    const signal = AbortSignal.timeout(20);
    const aborted = timersPromises.setTimeout(1_000, undefined, { signal });
    world.time.fireNext();
    world.time.fireNext();
    await expect(value).resolves.toBe('woken');
    await expect(aborted).rejects.toThrow('aborted');
    expect((signal.reason as Error).name).toBe('TimeoutError');
  });

  test('chance is the world’s', () => {
    install().enter(createPorts());
    expect(Math.random()).toBe(0.25);
    expect([...crypto.getRandomValues(new Uint8Array(2))]).toEqual([64, 64]);
    expect(crypto.randomUUID()).toBe('40404040-4040-4040-8040-404040404040');
  });

  test('what is used is named', () => {
    const installed = install();
    installed.enter(createPorts());
    Date.now();
    clearTimeout(setTimeout(() => undefined, 1));
    expect([...installed.used]).toEqual(['Date', 'setTimeout']);
    expect(installed.isMixedUp).toBe(false);
  });

  test('a socket is refused and named', async () => {
    const installed = install();
    installed.enter(createPorts());
    const { connect } = await import('node:net');
    expect(() => connect({ port: 1 })).toThrow(UncontrolledError);
    expect([...installed.refused]).toEqual(['socket']);
  });

  test('the world waits for Web Crypto', async () => {
    const installed = install();
    installed.enter(createPorts());
    const work = crypto.subtle.digest('SHA-256', new Uint8Array(4));
    expect(installed.isBusy).toBe(true);
    await work;
    expect(installed.isBusy).toBe(false);
  });
});

describe('outside of a client', () => {
  test('the globals are the real ones, though they are replaced', () => {
    const installed = install();
    expect(Date.now()).not.toBe(WORLD_EPOCH_MS);
    installed.enter(createPorts());
    installed.leave();
    expect(Date.now()).not.toBe(WORLD_EPOCH_MS);
    expect(installed.used.size).toBe(0);
  });

  test('everything is put back', () => {
    const before = snapshot();
    install().uninstall();
    guard = null;
    expect(snapshot()).toEqual(before);
  });
});

test('with worlds side by side the first use of a global spoils everything, and goes nowhere', () => {
  const installed = install(false);
  const world = createPorts();
  installed.enter(world);
  setTimeout(() => undefined, 10);
  expect(world.time.next()).toBeUndefined();
  expect(installed.isMixedUp).toBe(true);
});

test('globals that a module took during one exploration lead into the next', () => {
  install().enter(createPorts());
  const { now } = Date;
  guard?.leave();
  guard?.uninstall();
  install().enter(createPorts());
  expect(now()).toBe(WORLD_EPOCH_MS);
});

test('a second guard is refused', () => {
  install();
  expect(() => new GlobalsGuard({ isExclusive: true }).install()).toThrow('installed already');
});

function snapshot(): readonly unknown[] {
  return [
    globalThis.setTimeout,
    globalThis.setInterval,
    globalThis.setImmediate,
    globalThis.clearTimeout,
    globalThis.Date,
    Date.now,
    Math.random,
    process.hrtime,
    process.uptime,
    performance.now,
    AbortSignal.timeout,
    crypto.getRandomValues,
    crypto.subtle.digest,
    timersModule.setTimeout,
    timersPromises.setTimeout,
    getGlobalDispatcher(),
    process.listeners('unhandledRejection'),
  ];
}
