import { setTimeout as delay } from 'node:timers/promises';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { generateCredentials, type Credentials } from './credentials.ts';
import { createExchange } from './exchange.ts';
import { createFixedVenue } from '../fixed-venue.ts';
import { createRandom, type Random } from '../random.ts';
import { startMockKraken } from '../start-mock-kraken.ts';
import { closed, connectTo, exchangeBytes, wireText } from '../testing/raw-socket.ts';
import { signedBody, signedRequest } from '../testing/signed-request.ts';

const SEED = 20261122;
const BODIES = 100_000;
const TIMEOUT_MS = 180_000;
const CONNECTIONS = 1_500;
const CONNECTIONS_AT_ONCE = 25;
const NO_SERVICE_TIME = { kind: 'fixed', ms: 0, held: { fraction: 0, factor: 1 } } as const;

/** Things that parsers have stumbled over. */
const NASTY = [
  '\0', '\r\n', '\r\n\r\n', '%', '%00', '%zz', '&', '=', '+', '{', '}', '[', ']', '"', '\\', '\\u', ',', ':', '\u{1F4A9}', '\uFEFF',
  'nonce=', '"nonce":', '__proto__', 'constructor', '-1', '0x10', '1e999', 'NaN', '18446744073709551616',
  'content-length: 5\r\n', 'transfer-encoding: chunked\r\n', 'expect: 100-continue\r\n', 'upgrade: h2c\r\n',
] as const; // prettier-ignore

const [MASTER] = generateCredentials({ users: 1, seed: 1 }) as [Credentials];

function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** Cuts, repeats, flips, or puts something nasty into the text, one to four times. */
function mangle(text: string, random: Random): string {
  let mangled = text;
  for (let times = 1 + below(random, 4); times > 0; times--) mangled = mangleOnce(mangled, random);
  return mangled;
}

function mangleOnce(text: string, random: Random): string {
  const at = below(random, text.length);
  const nasty = NASTY[below(random, NASTY.length)] ?? '';
  switch (below(random, 5)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + below(random, 8));
    case 2:
      return (
        text.slice(0, at) + text.slice(Math.max(0, at - below(random, 40)), at).repeat(2) + text.slice(at)
      );
    case 3:
      return text.slice(0, at) + String.fromCharCode(below(random, 256)) + text.slice(at + 1);
    default:
      return text.slice(0, at) + nasty + text.slice(at);
  }
}

function wellFormed(nonce: number, random: Random): { body: string; type: string } {
  const fields = { nonce: String(nonce), pair: 'XBTUSD', type: 'buy', ordertype: 'market', volume: '0.01' };
  const isJson = random() < 0.5;
  const body = isJson ? JSON.stringify(fields) : new URLSearchParams(fields).toString();
  return { body, type: isJson ? 'application/json' : 'application/x-www-form-urlencoded' };
}

/** Whether a reply is Kraken's envelope, with a result or with an error in Kraken's grammar. */
function isEnvelope(body: string): boolean {
  const { error, result } = JSON.parse(body) as { error: string[]; result?: unknown };
  return error.length === 0 ? result !== undefined : error.every((one) => /^E[A-Z][A-Za-z]+:/.test(one));
}

test(
  `${BODIES} mangled bodies, well signed, each get an envelope with a result or a Kraken error`,
  () => {
    const defects: unknown[] = [];
    const onInternalError = (error: unknown): void => void defects.push(error);
    const exchange = createExchange({ onInternalError });
    exchange.addAccount(MASTER);
    const random = createRandom(SEED, 'bodies');
    const replies = new Map<string, number>();
    for (let nonce = 1; nonce <= BODIES; nonce++) {
      const { body, type } = wellFormed(nonce, random);
      const mangled = mangle(body, random);
      const method = random() < 0.1 ? mangle('AddOrder', random) : 'AddOrder';
      const request = signedBody({ credentials: MASTER, method, nonce: String(nonce), body: mangled, type });
      const call = exchange.begin(request, nonce);
      exchange.receiveBody(call, random() < 0.5 ? mangled : Buffer.from(mangled, 'latin1'), nonce);
      const reply = exchange.finish(call, nonce);
      const kind = isEnvelope(reply.body) ? `${reply.status}` : `not an envelope: ${reply.body}`;
      replies.set(kind, (replies.get(kind) ?? 0) + 1);
    }
    expect(defects).toEqual([]);
    expect(exchange.journal).toHaveLength(BODIES);
    expect([...replies.keys()].toSorted()).toEqual(['200', '400']);
  },
  TIMEOUT_MS,
);

/** Sends bytes and gives the other side a moment to answer before it ends. */
async function provoke(url: string, bytes: Buffer): Promise<string> {
  const socket = await connectTo(url);
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  socket.write(bytes);
  await Promise.race([once(socket, 'data'), closed(socket), delay(50)]);
  socket.end();
  await closed(socket);
  return Buffer.concat(received).toString('latin1');
}

test(
  `${CONNECTIONS} connections with mangled requests each get an HTTP answer, and the door stays open`,
  async () => {
    const kraken = await startMockKraken({
      accounts: [MASTER],
      venue: createFixedVenue,
      serviceTime: NO_SERVICE_TIME,
    });
    const random = createRandom(SEED, 'connections');
    let answered = 0;
    try {
      for (let sent = 0; sent < CONNECTIONS; sent += CONNECTIONS_AT_ONCE) {
        const batch = Array.from({ length: CONNECTIONS_AT_ONCE }, (_, index) => {
          const { body, type } = wellFormed(sent + index, random);
          const request = signedBody({ credentials: MASTER, method: 'AddOrder', nonce: '1', body, type });
          return Buffer.from(mangle(wireText(request), random), 'latin1');
        });
        const replies = await Promise.all(batch.map((bytes) => provoke(kraken.url, bytes)));
        for (const reply of replies) if (reply !== '') expect(reply).toMatch(/^HTTP\/1\.1 [1-5]\d\d /);
        answered += replies.filter((reply) => reply !== '').length;
      }
      // What was cut off before its end may be answered by closing the connection.
      expect(answered).toBeGreaterThan(CONNECTIONS / 10);
      const good = signedRequest({ credentials: MASTER, method: 'Balance', nonce: 2n ** 64n - 1n });
      expect(await exchangeBytes(kraken.url, wireText(good))).toContain('ZUSD');
    } finally {
      await kraken.close();
    }
    expect(kraken.journal().every((record) => record.departedNs !== null)).toBe(true);
  },
  TIMEOUT_MS,
);
