import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { CallEvent } from './call-events.ts';
import { createRedact, redactError, secretForms } from './redaction.ts';
import { PUBLISHED_SECRET, refuse, Scene, succeed, watch } from '../scripted-exchange.test-support.ts';
import type { Answer, Seen } from '../scripted-exchange.test-support.ts';
import { TransportError } from './transport.ts';

const API_KEY = 'Jp4Yb+Ea/8XKZoGfdSxk1WfK2oDUSYTAsYjWQnHPvmDBYu5PzyDEfG2Z';
const HEX = Buffer.from(PUBLISHED_SECRET, 'base64').toString('hex');
const BASE64URL = Buffer.from(PUBLISHED_SECRET, 'base64').toString('base64url');

describe('createRedact', () => {
  const redact = createRedact([API_KEY, ...secretForms(PUBLISHED_SECRET)]);

  it.each([
    PUBLISHED_SECRET,
    PUBLISHED_SECRET.replace(/=+$/, ''),
    BASE64URL,
    HEX,
    HEX.toUpperCase(),
    encodeURIComponent(PUBLISHED_SECRET),
    encodeURIComponent(PUBLISHED_SECRET).replaceAll(/%../g, (code) => code.toLowerCase()),
    PUBLISHED_SECRET.replaceAll('/', String.raw`\/`),
    PUBLISHED_SECRET.replaceAll('/', String.raw`\u002f`).replaceAll('=', String.raw`\u003d`),
    API_KEY,
    API_KEY.replaceAll('+', ' '),
  ])('finds a secret in every spelling: %s', (spelled) => {
    expect(redact(`key "${spelled}" (${spelled})`)).toBe('key "[redacted]" ([redacted])');
  });

  it('leaves alone what is too short to be a secret of Kraken, and texts without one', () => {
    expect(createRedact(['key', ''])('EAPI:Invalid key')).toBe('EAPI:Invalid key');
    expect(createRedact(['1234567', 'abcdefgh'])('1234567 abcdefgh')).toBe('1234567 [redacted]');
    expect(createRedact(['123', '1234'], 4)('123 1234')).toBe('123 [redacted]');
    expect(redact('EOrder:Insufficient funds')).toBe('EOrder:Insufficient funds');
  });

  it('takes a character that means something in a pattern for what it is', () => {
    expect(createRedact(['a.c(e)[g]*'])('a.c(e)[g]* abc(e)[g]*')).toBe('[redacted] abc(e)[g]*');
  });
});

describe('redactError', () => {
  it('reaches causes, and lists and objects in them, and leaves those themselves as they are', () => {
    const facts = { headers: [API_KEY, 7], plain: ['text'] };
    const inner = Object.assign(new Error('inner'), { facts });
    const middle = Object.assign(new Error('middle', { cause: inner }), { errors: [new Error(API_KEY)] });
    redactError(new Error('outer', { cause: middle }), createRedact([API_KEY]));
    expect(inner.facts).toEqual({ headers: ['[redacted]', 7], plain: ['text'] });
    expect(inner.facts.plain).toBe(facts.plain);
    expect(facts.headers[0]).toBe(API_KEY);
    expect(middle.errors[0]?.message).toBe('[redacted]');
  });

  it('ends in a circle of causes, and does not touch objects that may be in use', () => {
    const agent = new (class Agent {
      readonly key: string = API_KEY;
    })();
    const error = Object.assign(new Error(API_KEY), { agent });
    error.cause = error;
    redactError(error, createRedact([API_KEY]));
    expect(error.message).toBe('[redacted]');
    expect(error.stack).not.toContain(API_KEY);
    expect(agent.key).toBe(API_KEY);
  });
});

/** Everything of a request that must not be shown. */
function secretsOf({ request }: Seen): string[] {
  return [API_KEY, PUBLISHED_SECRET, HEX, request.headers['api-sign'] ?? expect.fail('it was not signed')];
}

const echo =
  (answer: (text: string) => Answer): Answer =>
  (seen) =>
    answer(secretsOf(seen).join(' '))(seen);

const throwing = (text: string): Answer => {
  const parserError = Object.assign(new Error(`bad header ${text}`), {
    data: `HTTP/9 ${text}`,
    request: { headers: { 'api-key': text } },
  });
  const cause = new AggregateError([parserError], text);
  return () => Promise.reject(new TransportError(text, { delivery: 'unknown', cause }));
};

describe('a server that repeats the key, the secret and the signature', () => {
  it.each([
    ['in an error', echo((text) => refuse(`EGeneral:Invalid arguments:${text}`))],
    ['in several', echo((text) => refuse('EOrder:Unknown order', text, `EAPI:${text}:${text}`))],
    ['in an error that is retried', echo((text) => refuse(`EAPI:Invalid nonce:${text}`))],
    ['in what the transport throws', echo(throwing)],
    ['in what is no error at all', echo((text) => () => Promise.reject({ text, list: [text] }))],
  ])('finds none of them %s', async (_name, answer) => {
    for (const method of ['Balance', 'Withdraw', 'CancelOrder']) {
      const scene = new Scene();
      scene.exchange.on(method, answer);
      const events: CallEvent[] = [];
      const client = scene.client({
        apiKey: API_KEY,
        settlingMs: 100,
        onEvent: (event) => events.push(event),
      });
      const call = watch(client.queryPrivate(method, { cl_ord_id: 'mine' }));
      await scene.pass(3_000);
      const shown = inspect([call.error, events], { depth: 20, showHidden: true });
      expect(shown).toContain('[redacted]');
      for (const secret of scene.exchange.seen.flatMap(secretsOf)) expect(shown).not.toContain(secret);
    }
  });

  it('finds none of them in the errors of an order and of the questions for it', async () => {
    const scene = new Scene();
    const busy = echo((text) => refuse(`EService:Busy:${text}`));
    scene.exchange.on('AddOrder', busy).on('OpenOrders', busy);
    const client = scene.client({ apiKey: API_KEY, settlingMs: 100 });
    const order = { pair: 'XBTUSD', type: 'buy', ordertype: 'market', volume: '1' } as const;
    const placed = watch(client.placeOrder(order, { resolveTimeoutMs: 1_000 }));
    await scene.pass(20_000, 200);
    expect(placed.error).toMatchObject({ code: 'order_outcome_unknown' });
    const shown = inspect(placed.error, { depth: 20, showHidden: true });
    for (const secret of scene.exchange.seen.flatMap(secretsOf)) expect(shown).not.toContain(secret);
  });

  it('finds none of them in a warning', async () => {
    const scene = new Scene();
    scene.exchange.on('Balance', (seen) =>
      Promise.resolve({
        status: 200,
        headers: {},
        body: JSON.stringify({ error: [`WGeneral:Deprecated:${secretsOf(seen).join()}`], result: 1 }),
      }),
    );
    const events: CallEvent[] = [];
    await scene.client({ apiKey: API_KEY, onEvent: (event) => events.push(event) }).getBalance();
    const warned = events.find(({ type }) => type === 'warned');
    expect(warned).toMatchObject({
      warnings: [{ message: 'Deprecated', extra: expect.stringMatching(/^\[redacted\]/) }],
    });
    for (const secret of scene.exchange.seen.flatMap(secretsOf))
      expect(inspect(warned)).not.toContain(secret);
  });

  it('finds none of them in the error of a public call', async () => {
    const scene = new Scene();
    const transport = (): Promise<never> => Promise.reject(new Error(`${API_KEY} ${PUBLISHED_SECRET}`));
    const call = watch(scene.client({ apiKey: API_KEY, transport }).queryPublic('Time'));
    await scene.pass();
    expect(inspect(call.error, { depth: 20 })).toContain('[redacted]');
    expect(inspect(call.error, { depth: 20 })).not.toContain(API_KEY);
  });

  it('is quoted as it is in a result: that is data which the caller asked for', async () => {
    const scene = new Scene();
    scene.exchange.on('GetApiKeyInfo', succeed({ key: API_KEY }));
    expect(await scene.client({ apiKey: API_KEY }).queryPrivate('GetApiKeyInfo')).toEqual({ key: API_KEY });
  });
});
