import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect as connectTcp, createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../random.ts';
import { createCertificates } from './certificates.ts';
import type { Certificates } from './certificates.ts';
import { NetworkLog } from './network-log.ts';
import { createProxyCredentials } from './proxy-credentials.ts';
import { openProxy } from './proxy.ts';
import type { Proxy } from './proxy.ts';
import { openTlsAdapter } from './tls-adapter.ts';
import type { TlsAdapter } from './tls-adapter.ts';

/** Stands in for the mock: says what it was asked. */
let mock: Server;
let door: TlsAdapter;
let proxy: Proxy;
let log: NetworkLog;
let certificates: Certificates;
let isOfRun: (socket: Socket) => Promise<boolean>;
const CREDENTIALS = createProxyCredentials();
const AUTHORIZED = `Proxy-Authorization: ${CREDENTIALS.header}\r\n`;

beforeEach(async () => {
  mock = createServer((request, response) => {
    request.on('data', () => undefined).on('end', () => response.end(`${request.method} ${request.url}`));
  });
  mock.listen(0, '127.0.0.1');
  await once(mock, 'listening');
  const { port } = mock.address() as AddressInfo;
  certificates = await createCertificates(Date.now());
  log = new NetworkLog();
  door = await openTlsAdapter(port, certificates);
  isOfRun = () => Promise.resolve(false);
  proxy = await openProxy({
    door,
    mockPort: port,
    allowNet: false,
    log,
    credentials: CREDENTIALS,
    isOfRun: (socket) => isOfRun(socket),
  });
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

/** @param options - `isLast`: the client says that it sends no more, which ends a tunnel as well */
async function ask(request: string, { isLast = false } = {}): Promise<string> {
  const socket = await dial();
  if (isLast) socket.end(request);
  else socket.write(request);
  return readAll(socket).catch(() => '');
}

const METHODS = ['CONNECT', 'CONNECT', 'GET', 'POST', 'OPTIONS', 'PRI', 'get', 'CONNECT\u0000'];
const HEADERS = [
  'Host: x\r\n',
  '',
  'Host: x\r\nContent-Length: -1\r\n',
  'Host: x\r\nX-A: \u0001\u00ff\r\n',
  'Host: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n',
  'Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n',
  'Host: x\r\nExpect: 100-continue\r\n',
];
const PIECES =
  'http:// https:// ftp:// http: // / ? # @ : [ ] % %00 \\ * 127.0.0.1 [::1] localhost api.kraken.com example.invalid xn-- .. :0 :1 :443 :65536 :99999 :-1 :1e3 :00000443 \u00e9 \u0000 \u007f 0x7f.1'
    .split(' ')
    .concat('a'.repeat(300));

const GET = 'GET /0/public/Time HTTP/1.1\r\nHost: api.kraken.com\r\nConnection: close\r\n\r\n';

describe('the proxy', () => {
  it('leads CONNECT for Kraken’s API host to the mock, under Kraken’s name', async () => {
    const socket = await dial();
    socket.write(`CONNECT api.kraken.com:443 HTTP/1.1\r\nHost: api.kraken.com:443\r\n${AUTHORIZED}\r\n`);
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
      `POST https://api.kraken.com/0/private/Balance?a=1 HTTP/1.1\r\nHost: api.kraken.com\r\nContent-Length: 7\r\n${AUTHORIZED}Connection: close\r\n\r\nnonce=1`,
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
    const reply = await ask(`${start} HTTP/1.1\r\nHost: x\r\n${AUTHORIZED}\r\n`);
    expect(reply).toMatch(/^HTTP\/1.1 403 /);
    expect(reply).toContain(`nonceproof refuses ${named}`);
    expect(log.notes().join()).toContain(named);
  });

  it.each([
    'CONNECT nonsense',
    'CONNECT 127.0.0.1:99999',
    'CONNECT 127.0.0.1:65536',
    'CONNECT 127.0.0.1:0',
    'CONNECT [::1]:99999',
    'CONNECT :443',
    'GET /path',
    'GET ftp://example.com/',
    'GET http://127.0.0.1:99999/',
    'GET http://[::1/',
  ])('refuses what it cannot read: %s', async (start) => {
    expect(await ask(`${start} HTTP/1.1\r\nHost: x\r\n${AUTHORIZED}\r\n`)).toMatch(/^HTTP\/1.1 403 /);
  });

  it('keeps what a client sends together with CONNECT', async () => {
    const { port } = mock.address() as AddressInfo;
    const reply = await ask(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n${AUTHORIZED}\r\n${GET}`);
    expect(reply).toContain('200 Connection Established');
    expect(reply).toContain('GET /0/public/Time');
  });

  it('survives a server that answers with what cannot be passed on', async () => {
    const strange = createTcpServer((socket) => {
      socket.on('error', () => undefined).end('HTTP/1.1 999 \u0001\r\nX-\u00e9: a\u0000b\r\n\r\nx');
    });
    strange.listen(0, '127.0.0.1');
    await once(strange, 'listening');
    const { port } = strange.address() as AddressInfo;
    await ask(`GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: x\r\n${AUTHORIZED}Connection: close\r\n\r\n`);
    strange.close();
    expect(await ask(`CONNECT nonsense HTTP/1.1\r\nHost: x\r\n${AUTHORIZED}\r\n`)).toMatch(/^HTTP\/1.1 403 /);
  });

  // An error that nothing catches would end the judge; vitest fails a test file in which there is one.
  it('survives whatever a target asks for', async () => {
    const random = createRandom(20_261_126);
    const pick = (pieces: readonly string[]): string => pieces[Math.floor(random() * pieces.length)] ?? '';
    const { port } = mock.address() as AddressInfo;
    for (let i = 0; i < 400; i += 1) {
      const length = 1 + Math.floor(random() * 6);
      const target = Array.from({ length }, () => pick([...PIECES, `127.0.0.1:${port}`])).join('');
      const head = `${pick(METHODS)} ${target} ${pick(['HTTP/1.1', 'HTTP/1.0', 'HTTP/9', ''])}`;
      const reply = await ask(`${head}\r\n${pick(HEADERS)}${AUTHORIZED}Connection: close\r\n\r\n`, {
        isLast: true,
      });
      expect(reply).toMatch(/^(HTTP\/1.1 [1-5]\d\d |$)/);
    }
    expect(await ask(`CONNECT nonsense HTTP/1.1\r\nHost: x\r\n${AUTHORIZED}\r\n`)).toMatch(/^HTTP\/1.1 403 /);
  });

  describe('asked by what is not of its run', () => {
    const wrong: Readonly<Record<string, string>> = {
      'no credentials': '',
      'another password': `Proxy-Authorization: Basic ${Buffer.from(`${CREDENTIALS.user}:${'0'.repeat(32)}`).toString('base64')}\r\n`,
      'no password': `Proxy-Authorization: Basic ${Buffer.from(`${CREDENTIALS.user}:`).toString('base64')}\r\n`,
      'a part of the credentials': `Proxy-Authorization: ${CREDENTIALS.header.slice(0, -4)}\r\n`,
      'another scheme': `Proxy-Authorization: ${CREDENTIALS.header.replace('Basic', 'Bearer')}\r\n`,
      'credentials for a server': AUTHORIZED.replace('Proxy-', ''),
    };
    const ways = Object.entries(wrong).flatMap(([what, header]) =>
      ['CONNECT api.kraken.com:443', 'CONNECT 127.0.0.1:PORT', 'GET http://127.0.0.1:PORT/a', 'GET /a'].map(
        (start) => ({ what, header, start }),
      ),
    );

    it.each(ways)('demands them and leads nowhere: $start with $what', async ({ header, start }) => {
      const { port } = mock.address() as AddressInfo;
      const line = start.replace('PORT', String(port));
      const reply = await ask(
        `${line} HTTP/1.1\r\nHost: x\r\n${header}\r\n${start.startsWith('CONNECT') ? GET : ''}`,
      );
      expect(reply).toMatch(
        /^HTTP\/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm=/,
      );
      expect(reply).not.toContain('/0/public/Time');
      expect(proxy.requests).toBe(0);
      expect(log.notes().join()).toContain('1 request to the proxy came without the credentials');
    });

    it('serves a connection whose process is of the run, asking once for each', async () => {
      let asked = 0;
      isOfRun = (socket) => {
        asked += 1;
        return Promise.resolve(socket.remoteAddress === '127.0.0.1');
      };
      const { port } = mock.address() as AddressInfo;
      const get = (path: string, more = ''): string =>
        `GET http://127.0.0.1:${port}${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
      const reply = await ask(get('/one') + get('/two', 'Connection: close\r\n'));
      expect(reply).toContain('GET /one');
      expect(reply).toContain('GET /two');
      expect(asked).toBe(1);
    });

    it('survives a failure to find the process', async () => {
      isOfRun = () => Promise.reject(new Error('no such table'));
      expect(await ask('CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1.1 403 /);
    });
  });

  it('takes the scheme in any case, and does not tell a server what it was told', async () => {
    const seen: string[] = [];
    mock.on('request', ({ rawHeaders }) => seen.push(...rawHeaders));
    const { port } = mock.address() as AddressInfo;
    const header = AUTHORIZED.replace('Basic', 'bAsIC');
    await ask(`GET http://127.0.0.1:${port}/a HTTP/1.1\r\nHost: x\r\n${header}Connection: close\r\n\r\n`);
    expect(seen).toContain('Host');
    expect(seen.join()).not.toMatch(/proxy-authorization/i);
  });

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
