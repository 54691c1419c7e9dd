import { afterEach, describe, expect, test } from 'vitest';
import type { ExchangeOptions } from '../exchange/index.ts';
import { createVenue } from '../venue/index.ts';
import { exchangeBytes } from '../testing/raw-socket.ts';
import { balance, callOnce, MASTER, openExchange, USER } from '../testing/bench.ts';
import { ManualWorld } from '../testing/manual-world.ts';
import { signedRequest } from '../testing/signed-request.ts';
import { listenAdmin, type AdminApi, type AdminOptions } from './listen-admin.ts';

const opened: AdminApi[] = [];
afterEach(async () => {
  for (const admin of opened.splice(0)) await admin.close();
});

async function open(options: AdminOptions = {}, exchangeOptions: ExchangeOptions = {}) {
  const exchange = openExchange({ venue: () => createVenue(), ...exchangeOptions });
  const admin = await listenAdmin(exchange, new ManualWorld(), options);
  opened.push(admin);
  const ask = async (method: string, path: string, body?: unknown, token = admin.token) => {
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    const headers = { authorization: `Bearer ${token}` };
    const reply = await fetch(`${admin.url}${path}`, { method, headers, body: text });
    const said = await reply.text();
    return { status: reply.status, text: said, json: JSON.parse(said) as Record<string, unknown> };
  };
  return { exchange, admin, ask };
}

describe('the token', () => {
  test('without the right one nothing is answered and nothing happens', async () => {
    const { admin, ask, exchange } = await open();
    callOnce(exchange, balance(1));
    for (const token of ['', 'x', admin.token.slice(1), `${admin.token}x`]) {
      const { status, text } = await ask('POST', '/reset', undefined, token);
      expect(status).toBe(401);
      expect(text).not.toContain(admin.token);
    }
    const bare = await fetch(`${admin.url}/journal`);
    expect([bare.status, bare.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(exchange.privateCalls).toBe(1);
  });

  test('it is another at each start', async () => {
    const [one, other] = [await open(), await open()];
    expect(one.admin.token).not.toBe(other.admin.token);
    expect(one.admin.token.length).toBeGreaterThanOrEqual(43);
  });
});

/** Sends a request as it is, with the token, and reads the status and the body of the answer. */
async function sendRaw(admin: AdminApi, line: string, headers: Readonly<Record<string, string>> = {}) {
  const all = {
    host: '127.0.0.1',
    authorization: `Bearer ${admin.token}`,
    'content-length': '0',
    connection: 'close',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const answer = await exchangeBytes(admin.url, `${line} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const [, status = ''] = /^HTTP\/1\.1 (\d+)/.exec(answer) ?? [];
  return { status: Number(status), text: answer };
}

describe('a request that a web page can have sent', () => {
  test.each([
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '192.168.0.1',
    '0.0.0.0',
    '[::ffff:127.0.0.1]',
    '127.0.0.1@evil.example',
    'x'.repeat(5_000),
    '',
  ])('for the host %j is refused, and the token does not help', async (host) => {
    const { admin, exchange } = await open();
    callOnce(exchange, balance(1));
    expect((await sendRaw(admin, 'POST /reset', { host })).status).toBe(403);
    expect(exchange.privateCalls).toBe(1);
  });

  test.each(['127.0.0.1', '127.0.0.1:80', '127.8.8.8:1', 'localhost', 'LOCALHOST:65535', '[::1]:8080'])(
    'for the host %j is answered',
    async (host) => {
      expect((await sendRaw((await open()).admin, 'GET /journal', { host })).status).toBe(200);
    },
  );

  test.each([
    ['https://evil.example', 403],
    ['null', 403],
    ['http://127.0.0.1.evil.example', 403],
    ['http://localhost:3000', 200],
  ])('of the origin %s is answered %i', async (origin, status) => {
    const { status: answered, text } = await sendRaw((await open()).admin, 'GET /journal', { origin });
    expect(answered).toBe(status);
    expect(text.toLowerCase()).not.toContain('access-control-');
  });
});

describe('a request with a whole URL', () => {
  test.each([
    ['127.0.0.1', 'evil.example', 403],
    ['evil.example', '127.0.0.1', 403],
    ['evil.example', 'evil.example', 403],
    ['localhost', '127.0.0.1:80', 200],
  ])('for %s with the host %s is answered %i', async (authority, host, status) => {
    const { admin } = await open();
    expect((await sendRaw(admin, `GET http://${authority}/journal`, { host })).status).toBe(status);
  });
});

test.each([
  ['127.0.0.1', 'evil.example'],
  ['127.0.0.1', '127.0.0.1'],
])('a request with the hosts %s and %s is answered 400', async (host, second) => {
  const { admin } = await open();
  expect((await sendRaw(admin, 'GET /journal', { host, HOST: second })).status).toBe(400);
});

describe('a request target', () => {
  test.each([
    ['GET //', 400],
    ['GET //127.0.0.1/journal', 400],
    ['GET ///', 400],
    ['GET /\\', 400],
    ['GET /\\127.0.0.1/journal', 400],
    ['GET /%', 404],
    ['GET /./journal', 404],
    [`GET /${'x'.repeat(200)}`, 404],
    ['GET /journal?since=%', 400],
    ['GET http://', 400],
    ['GET http://[', 400],
    ['GET http://:80', 400],
    ['GET http:///journal', 400],
    ['GET http:///127.0.0.1/journal', 400],
    ['GET http://\\127.0.0.1/journal', 400],
    ['GET http://evil.example@127.0.0.1/journal', 400],
    ['GET http://127.0.0.1@evil.example/journal', 400],
    ['GET http:journal', 400],
    ['GET http://127.0.0.1:99999/journal', 400],
    ['GET ftp://127.0.0.1/journal', 400],
    ['GET journal', 400],
    ['OPTIONS *', 400],
    ['GET http://evil.example/journal', 403],
    ['GET http://127.0.0.1/journal?limit=1', 200],
    ['DELETE /journal', 404],
    ['OPTIONS /journal', 404],
    ['HEAD /journal', 404],
  ])('%s is answered %i', async (line, status) => {
    const { admin, exchange } = await open();
    expect((await sendRaw(admin, line)).status).toBe(status);
    expect(callOnce(exchange, balance(1)).outcome).toBe('accepted');
  });
});

describe('the routes', () => {
  test('the journal is read from where the last reading ended', async () => {
    const { ask, exchange } = await open({}, { journalRecordsMax: 4 });
    for (const nonce of [1, 2, 3]) callOnce(exchange, balance(nonce));
    expect((await ask('GET', '/journal?since=1&limit=1')).json).toMatchObject({
      records: [{ seq: 2, nonce: '2' }],
      privateCalls: 3,
      dropped: 0,
    });
    for (const nonce of [4, 5, 6]) callOnce(exchange, balance(nonce));
    expect((await ask('GET', '/journal')).json['dropped']).toBe(6 - exchange.journal.length);
  });

  test('the verdict is that of whoever judges', async () => {
    const { ask } = await open({ verdict: () => ({ verdict: 'inconclusive' }) });
    expect((await ask('GET', '/verdict')).json).toEqual({ verdict: 'inconclusive' });
    expect((await (await open()).ask('GET', '/verdict')).status).toBe(404);
  });

  test('a balance is what it was set to, and the price is where it was put', async () => {
    const { ask, exchange } = await open();
    expect((await ask('POST', '/balance', { account: 'MASTER', asset: 'ZUSD', balance: '5.5' })).status).toBe(
      200,
    );
    expect((await ask('POST', '/price', { pair: 'XBTUSD', price: '1000' })).status).toBe(200);
    const call = exchange.begin(balance(1), 0);
    exchange.receiveBody(call, balance(1).body, 0);
    expect(exchange.finish(call, 0).body).toContain('"ZUSD":"5.5000"');
    const ticker = { path: '/0/public/Ticker?pair=XBTUSD', headers: {} };
    expect(exchange.publicCall(ticker, 0).body).toContain('"c":["1000.0"');
    expect((await ask('POST', '/price', { pair: 'XBTUSD', percent: '10' })).status).toBe(200);
    expect(exchange.publicCall(ticker, 0).body).toContain('"c":["1100.0"');
    expect((await ask('POST', '/price', { pair: 'XBTUSD', release: true })).status).toBe(200);
    expect(exchange.publicCall(ticker, 0).body).not.toContain('"c":["1100.0"');
  });

  test('faults are changed while the exchange runs, and taken away again', async () => {
    const { ask, exchange } = await open();
    const plan = { version: 1, name: 'one', faults: [{ kind: 'busy', nth: 1 }] };
    expect((await ask('POST', '/faults', plan)).status).toBe(200);
    expect(exchange.faultFor(balance(1), 0)?.kind).toBe('busy');
    await ask('POST', '/faults', plan);
    expect((await ask('POST', '/faults', 'null')).status).toBe(200);
    expect(exchange.faultFor(balance(1), 0)).toBeNull();
  });

  test('a new account gets credentials that work, and only its own secret is ever told', async () => {
    const { ask, exchange } = await open();
    const { json, text } = await ask('POST', '/accounts', { account: 'USER_9', balances: { ZUSD: '7' } });
    for (const secret of [MASTER.apiSecret, USER.apiSecret, MASTER.apiKey])
      expect(text).not.toContain(secret);
    const credentials = {
      account: 'USER_9',
      apiKey: String(json['apiKey']),
      apiSecret: String(json['apiSecret']),
    };
    const record = callOnce(exchange, signedRequest({ credentials, method: 'Balance', nonce: 1 }));
    expect(record).toMatchObject({ account: 'USER_9', outcome: 'accepted' });
    expect((await ask('POST', '/accounts', { account: 'USER_9' })).status).toBe(409);
    expect((await ask('POST', '/accounts', { account: 'USER_8', apiKey: MASTER.apiKey })).status).toBe(409);
    expect((await ask('GET', '/journal')).text).not.toContain(credentials.apiSecret);
  });

  test('reset starts over and says so to whoever judges; not while a call is in service', async () => {
    let resets = 0;
    const { ask, exchange } = await open({ onReset: () => resets++ });
    const call = exchange.begin(balance(1), 0);
    expect(await ask('POST', '/reset')).toMatchObject({
      status: 409,
      json: { error: { code: 'calls_in_service' } },
    });
    exchange.finish(call, 0);
    expect((await ask('POST', '/reset')).status).toBe(200);
    expect([exchange.privateCalls, resets]).toEqual([0, 1]);
  });
});

describe('what cannot be done is refused in one sentence, and the exchange goes on', () => {
  test.each([
    ['GET', '/nothing', undefined, 404, 'GET /journal, GET /verdict'],
    ['GET', '/reset', undefined, 404, 'POST /reset'],
    ['GET', '/journal?since=-1', undefined, 400, 'since'],
    ['GET', '/journal?limit=1000000', undefined, 400, 'limit'],
    ['POST', '/balance', '{', 400, 'not JSON'],
    ['POST', '/balance', '['.repeat(100_000), 400, 'not JSON'],
    ['POST', '/balance', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400, 'Failed to read request'],
    ['POST', '/balance', '{"__proto__":{"account":"MASTER"}}', 400, 'Failed to read request'],
    ['POST', '/accounts', '{"account":"A","balances":{"constructor":"1"}}', 400, 'Failed to find asset'],
    ['POST', '/accounts', { account: 'A', apiKey: 'not base64' }, 400, 'apiKey'],
    ['POST', '/balance', {}, 400, 'account'],
    ['POST', '/balance', { account: 'NOBODY', asset: 'ZUSD', balance: '1' }, 400, 'Failed to find account'],
    ['POST', '/balance', { account: 'MASTER', asset: 'GOLD', balance: '1' }, 400, 'Failed to find asset'],
    ['POST', '/balance', { account: 'MASTER', asset: 'ZUSD', balance: '-1' }, 400, 'Failed to read amount'],
    ['POST', '/price', { pair: 'XBTUSD' }, 400, 'Failed to read request'],
    ['POST', '/price', { pair: 'NONE', price: '1' }, 400, 'Failed to find pair'],
    ['POST', '/faults', { version: 1, name: 'x', faults: [{ kind: 'fire', nth: 1 }] }, 400, 'faults.0.kind'],
    ['POST', '/faults', undefined, 400, 'Failed to read fault plan'],
    ['POST', '/accounts', { account: 'a b' }, 400, 'account'],
    ['POST', '/accounts', { account: 'A', balances: { ZUSD: 'much' } }, 400, 'no plain decimal'],
  ])('%s %s %j', async (method, path, body, status, says) => {
    const { ask, exchange } = await open();
    const answer = await ask(method, path, body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.json)).toContain(says);
    expect(callOnce(exchange, balance(1)).outcome).toBe('accepted');
  });

  test('a body above the limit', async () => {
    const { ask } = await open({ bodyBytesMax: 100 });
    expect((await ask('POST', '/faults', 'x'.repeat(101))).status).toBe(413);
  });

  test('a venue without controls', async () => {
    const { ask } = await open({}, { venue: REFUSING });
    expect(await ask('POST', '/price', { pair: 'XBTUSD', price: '1' })).toMatchObject({
      status: 409,
      json: { error: { code: 'venue_without_controls' } },
    });
  });
});

const REFUSING = {
  openAccount: () => undefined,
  callPrivate: () => ({ error: ['EGeneral:Internal error'], effect: null }),
  callPublic: () => ({ error: ['EGeneral:Internal error'], effect: null }),
};
