import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isConnectedByProcessWith } from './connected-process.ts';

const NAME = 'NONCEPROOF_TEST_MARK';
const MARK = `${NAME}=0123456789abcdef`;

let server: Server;
beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
});

/** A connection that another process makes and keeps. */
async function connected(
  env: Readonly<Record<string, string>>,
  { host = '127.0.0.1', uid }: { readonly host?: string; readonly uid?: number } = {},
): Promise<Socket> {
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, ['-e', `require('net').connect(${port}, '${host}').resume()`], {
    env,
    stdio: 'ignore',
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const [socket] = (await once(server, 'connection')) as [Socket];
  socket.on('error', () => undefined).once('close', () => child.kill('SIGKILL'));
  return socket;
}

async function isOfRun(socket: Socket): Promise<boolean> {
  try {
    return await isConnectedByProcessWith(MARK, socket);
  } finally {
    socket.destroy();
  }
}

describe.runIf(process.platform === 'linux')(
  'the process that made a connection (found on Linux only)',
  () => {
    it.each(['127.0.0.1', '::ffff:127.0.0.1'])(
      'is known by its environment, connected to %s',
      async (host) => {
        expect(await isOfRun(await connected({ [NAME]: '0123456789abcdef' }, { host }))).toBe(true);
      },
    );

    it.each([{}, { [NAME]: '0123456789abcdefX' }, { [`X${NAME}`]: '0123456789abcdef' }])(
      'is another one with the environment %j',
      async (env) => {
        expect(await isOfRun(await connected(env))).toBe(false);
      },
    );

    it('is another one when it is another user’s, whatever its environment (needs root)', async ({
      skip,
    }) => {
      if (process.getuid?.() !== 0) skip('root alone can start a program as another user');
      expect(await isOfRun(await connected({ [NAME]: '0123456789abcdef' }, { uid: 65_534 }))).toBe(false);
    });

    it('is not known once the connection has ended', async () => {
      const socket = await connected({ [NAME]: '0123456789abcdef' });
      socket.destroy();
      expect(await isConnectedByProcessWith(MARK, socket)).toBe(false);
    });
  },
);
