import { fetch, request } from 'undici';
import { expect, test } from 'vitest';
import { createExchangeDispatcher } from './dispatcher.ts';
import { balance, openExchange } from '../testing/bench.ts';
import { describeAdapter, doorReply, type AdapterUnderTest } from '../testing/adapter-conformance.ts';
import { describeFaults } from '../testing/fault-conformance.ts';
import { eventually } from '../testing/eventually.ts';

const DOOR: AdapterUnderTest = {
  name: 'dispatcher',
  open: async (exchange, options) => {
    const dispatcher = createExchangeDispatcher(exchange, options);
    return {
      send: async ({ path, httpMethod = 'POST', headers = {}, body, signal }) => {
        const reply = await request(`https://api.kraken.com${path}`, {
          dispatcher,
          method: httpMethod as 'POST',
          headers,
          body: body ?? null,
          signal: signal ?? null,
        });
        return doorReply(reply.statusCode, await reply.body.arrayBuffer());
      },
      close: () => dispatcher.close(),
    };
  },
};

describeAdapter(DOOR);
describeFaults(DOOR);

test.each([
  ['refuse', 'ECONNREFUSED'],
  ['reset-before-arrival', 'ECONNRESET'],
  ['reset-after-apply', 'ECONNRESET'],
  ['drop-after-apply', 'UND_ERR_SOCKET'],
] as const)('%s fails with the code that a socket would give: %s', async (kind, code) => {
  const faults = { version: 1, name: 'test', faults: [{ kind, nth: 1, ms: 1 }] } as const;
  const dispatcher = createExchangeDispatcher(openExchange({ faults }), { serviceTime: 0 });
  const { path, headers, body } = balance(1);
  const reply = request(`https://api.kraken.com${path}`, { dispatcher, method: 'POST', headers, body });
  await expect(reply).rejects.toMatchObject({ code });
});

test('a closed dispatcher takes no more requests', async () => {
  const dispatcher = createExchangeDispatcher(openExchange());
  await dispatcher.close();
  await expect(request('https://api.kraken.com/0/public/Time', { dispatcher })).rejects.toThrow('closed');
});

test('destroying ends every service at once', async () => {
  const exchange = openExchange();
  const dispatcher = createExchangeDispatcher(exchange, { serviceTime: 3_600_000 });
  const { path, headers, body } = balance(1);
  const reply = request(`https://api.kraken.com${path}`, { dispatcher, method: 'POST', headers, body });
  await eventually(() => expect(exchange.journal).toHaveLength(1));
  await dispatcher.destroy();
  expect((await reply).statusCode).toBe(200);
});

test('fetch may use it as well, with a query, a stream of a body, or an aborted signal', async () => {
  const exchange = openExchange();
  const dispatcher = createExchangeDispatcher(exchange, { serviceTime: 0 });
  const url = 'https://api.kraken.com';
  const time = await fetch(`${url}/0/public/Time?x=1`, { dispatcher });
  expect(await time.json()).toMatchObject({ error: [] });
  const asked = await request(`${url}/0/public/Time`, { dispatcher, query: { pair: 'XBTUSD' } });
  expect(asked.statusCode).toBe(200);
  const { path, headers, body } = balance(1);
  const stream = new Blob([body]).stream();
  const reply = await fetch(url + path, {
    dispatcher,
    method: 'POST',
    headers,
    body: stream,
    duplex: 'half',
  });
  expect(await reply.json()).toMatchObject({ error: [] });
  const signal = AbortSignal.abort();
  await expect(request(url + path, { dispatcher, method: 'POST', headers, body, signal })).rejects.toThrow();
  expect(exchange.journal).toHaveLength(1);
});
