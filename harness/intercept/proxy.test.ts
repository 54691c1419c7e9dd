import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect as connectTcp } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCertificates } from './certificates.ts';
import type { Certificates } from './certificates.ts';
import { NetworkLog } from './network-log.ts';
import { openProxy } from './proxy.ts';
import type { Proxy } from './proxy.ts';
import { openTlsDoor } from './tls-door.ts';
import type { TlsDoor } from './tls-door.ts';

/** Stands in for the mock: says what it was asked. */
let mock: Server;
let door: TlsDoor;
let proxy: Proxy;
let log: NetworkLog;
let certificates: Certificates;

beforeEach(async () => {
  mock = createServer((request, response) => {
    request.on('data', () => undefined).on('end', () => response.end(`${request.method} ${request.url}`));
  });
  mock.listen(0, '127.0.0.1');
  await once(mock, 'listening');
  const { port } = mock.address() as AddressInfo;
  certificates = await createCertificates(Date.now());
  log = new NetworkLog();
  door = await openTlsDoor(port, certificates);
  proxy = await openProxy({ door, mockPort: port, allowNet: false, log });
});
afterEach(async () => {
  await proxy.close();
  await door.close();
  mock.closeAllConnections();
  mock.close();
});

async function readAll(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

async function dial(): Promise<Socket> {
  const socket = connectTcp(Number(new URL(proxy.url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function ask(request: string): Promise<string> {
  const socket = await dial();
  socket.write(request);
  return readAll(socket);
}

const GET = 'GET /0/public/Time HTTP/1.1\r\nHost: api.kraken.com\r\nConnection: close\r\n\r\n';

describe('the proxy', () => {
  it('leads CONNECT for Kraken’s API host to the mock, under Kraken’s name', async () => {
    const socket = await dial();
    socket.write('CONNECT api.kraken.com:443 HTTP/1.1\r\nHost: api.kraken.com:443\r\n\r\n');
    const [established] = (await once(socket, 'data')) as [Buffer];
    expect(String(established)).toContain('200');
    const secure = connectTls({ socket, servername: 'api.kraken.com', ca: certificates.authority });
    await once(secure, 'secureConnect');
    secure.write(GET);
    expect(await readAll(secure)).toContain('GET /0/public/Time');
    expect(door.connections).toBe(1);
  });

  it('takes https asked for as if it were http, as old clients do', async () => {
    const reply = await ask(
      'POST https://api.kraken.com/0/private/Balance?a=1 HTTP/1.1\r\nHost: api.kraken.com\r\nContent-Length: 7\r\nConnection: close\r\n\r\nnonce=1',
    );
    expect(reply).toContain('POST /0/private/Balance?a=1');
  });

  it.each([
    ['CONNECT ws.kraken.com:443', 'ws.kraken.com:443'],
    ['CONNECT api.kraken.com:80', 'api.kraken.com:80'],
    ['CONNECT [2606:4700::1]:443', '2606:4700::1:443'],
    ['GET http://example.com/a', 'example.com:80'],
    ['GET http://api.kraken.com/0/public/Time', 'api.kraken.com:80'],
  ])('refuses in words, and remembers: %s', async (start, named) => {
    const reply = await ask(`${start} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(reply).toMatch(/^HTTP\/1.1 403 /);
    expect(reply).toContain(`nonceproof refuses ${named}`);
    expect(log.notes().join()).toContain(named);
  });

  it.each(['CONNECT nonsense', 'GET /path', 'GET ftp://example.com/'])(
    'refuses what it cannot read: %s',
    async (start) => {
      expect(await ask(`${start} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1.1 403 /);
    },
  );

  it('leaves no connection open when it is closed', async () => {
    const idle = await dial();
    const closed = once(idle, 'close');
    await proxy.close();
    await closed;
  });
});

describe('the TLS door', () => {
  it('counts clients that do not trust it', async () => {
    const socket = connectTls({ port: door.port, host: '127.0.0.1', servername: 'api.kraken.com' });
    await once(socket, 'error');
    await expect.poll(() => door.handshakesFailed).toBe(1);
    expect(door.connections).toBe(0);
  });

  it('closes a client’s connection when the mock closes its own', async () => {
    const socket = connectTls({
      port: door.port,
      host: '127.0.0.1',
      servername: 'api.kraken.com',
      ca: certificates.authority,
    });
    await once(socket, 'secureConnect');
    const closed = once(socket, 'close');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    mock.closeAllConnections();
    await closed;
  });
});
