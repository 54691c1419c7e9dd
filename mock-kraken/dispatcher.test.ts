import { request } from 'undici';
import { createExchangeDispatcher } from './dispatcher.ts';
import { describeDoor } from './testing/door-conformance.ts';

describeDoor({
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
        return { status: reply.statusCode, body: await reply.body.text() };
      },
      close: () => dispatcher.close(),
    };
  },
});
