import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Strangers } from './strangers.ts';

let server: Server;
let sockets: Socket[];
let started: ChildProcess[];
beforeEach(async () => {
  [sockets, started] = [[], []];
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** A script that connects and stays until the connection ends. */
function caller(from = '127.0.0.1'): string {
  const { port } = server.address() as AddressInfo;
  return `require('net').connect({ port: ${port}, host: '127.0.0.1', localAddress: '${from}' }).on('error', () => {}).resume()`;
}

/** A script that starts another one, as a daemon without an environment, and ends. */
function daemon(script: string): string {
  return `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(script)}],
    { detached: true, stdio: 'ignore', env: {} }).unref()`;
}

function run(script: string, options: SpawnOptions = {}): ChildProcess {
  const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore', ...options });
  started.push(child);
  return child;
}

async function accepted(): Promise<Socket> {
  const [socket] = (await once(server, 'connection')) as [Socket];
  sockets.push(socket);
  return socket.on('error', () => undefined);
}

/** Started as a target is, in a session of its own. */
function startTarget(strangers: Strangers, script: string): ChildProcess {
  const target = run(script, { detached: true });
  strangers.noteTarget(target.pid ?? 0);
  return target;
}

const IDLE = 'setInterval(() => {}, 1000)';

describe.runIf(process.platform === 'linux')('a connection (looked into on Linux only)', () => {
  it.each([['127.0.0.1'], ['127.0.0.9']])(
    'of a program of another session than the target’s is a stranger’s, from %s',
    async (from) => {
      const strangers = new Strangers();
      startTarget(strangers, IDLE);
      run(caller(from));
      expect(await strangers.isStranger(await accepted())).toBe(true);
    },
  );

  it('of a program that is older than the target is a stranger’s, in whatever session', async () => {
    const strangers = new Strangers();
    run(caller(), { detached: true });
    const socket = await accepted();
    startTarget(strangers, IDLE);
    expect(await strangers.isStranger(socket)).toBe(true);
  });

  it('of a child of a program that is older than the target is a stranger’s', async () => {
    const strangers = new Strangers();
    const parent = `process.once('SIGUSR1', () => { ${daemon(caller())} }); console.log('ready'); ${IDLE}`;
    const old = run(parent, { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    if (old.stdout !== null) await once(old.stdout, 'data');
    startTarget(strangers, IDLE);
    old.kill('SIGUSR1');
    expect(await strangers.isStranger(await accepted())).toBe(true);
  });

  it('of another user’s program is a stranger’s (needs root)', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip('root alone can start a program as another user');
    const strangers = new Strangers();
    startTarget(strangers, IDLE);
    // A number that no other program has: all programs of the user are looked at.
    run(caller(), { uid: 54_321, gid: 54_321 });
    expect(await strangers.isStranger(await accepted())).toBe(true);
  });

  it('of the target under another user is not (needs root)', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip('root alone can start a program as another user');
    const strangers = new Strangers();
    const asUser = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(caller())}], { uid: 54321, gid: 54321 })`;
    startTarget(strangers, asUser);
    expect(await strangers.isStranger(await accepted())).toBe(false);
  });

  it('of the target is not', async () => {
    const strangers = new Strangers();
    startTarget(strangers, caller());
    expect(await strangers.isStranger(await accepted())).toBe(false);
  });

  it('of a daemon of the target, which lost its parent, its session and its environment, is not', async () => {
    const strangers = new Strangers();
    const target = startTarget(strangers, daemon(caller()));
    const [socket] = await Promise.all([accepted(), once(target, 'exit')]);
    expect(await strangers.isStranger(socket)).toBe(false);
  });

  it('of this process, which passes on what comes over TLS and through its proxy, is not', async () => {
    const strangers = new Strangers();
    startTarget(strangers, IDLE);
    const { port } = server.address() as AddressInfo;
    sockets.push(connect(port, '127.0.0.1'));
    expect(await strangers.isStranger(await accepted())).toBe(false);
  });

  it('that was closed before it was asked about is left out and counted: nothing can be proved of it', async () => {
    const strangers = new Strangers();
    startTarget(strangers, IDLE);
    const child = run(caller());
    const socket = await accepted();
    child.kill('SIGKILL');
    await once(socket.resume(), 'close');
    expect(await strangers.isStranger(socket)).toBe(true);
    expect(strangers.vanished).toBe(1);
  });

  it('of another user’s program that closes it while it is looked into is a stranger’s (needs root)', async ({
    skip,
  }) => {
    if (process.getuid?.() !== 0) skip('root alone can start a program as another user');
    const strangers = new Strangers();
    startTarget(strangers, IDLE);
    const user = { uid: 54_322, gid: 54_322 };
    run(IDLE, user);
    const child = run(caller(), user);
    const socket = await accepted();
    const answer = strangers.isStranger(socket);
    child.kill('SIGKILL');
    expect(await answer).toBe(true);
    expect(strangers.vanished).toBe(0);
  });

  it('is looked into once, and many at the same time', async () => {
    const strangers = new Strangers();
    startTarget(strangers, IDLE);
    const { port } = server.address() as AddressInfo;
    const all: Socket[] = [];
    server.on('connection', (socket: Socket) => all.push(socket.on('error', () => undefined)));
    run(`for (let i = 0; i < 200; i += 1) require('net').connect(${port}, '127.0.0.1').resume()`);
    await expect.poll(() => all.length).toBe(200);
    sockets.push(...all);
    const answers = all.map((socket) => strangers.isStranger(socket));
    expect(new Set(await Promise.all(answers))).toEqual(new Set([true]));
    expect(all.map((socket) => strangers.isStranger(socket))).toEqual(answers);
  });
});
