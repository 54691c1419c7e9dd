import { Agent, request } from 'undici';
import { listenHttp } from './http.ts';
import { describeDoor } from './testing/door-conformance.ts';

describeDoor({
  name: 'http',
  open: async (exchange, options) => {
    const door = await listenHttp(exchange, options);
    const agent = new Agent();
    return {
      send: async ({ path, httpMethod = 'POST', headers = {}, body, signal }) => {
        const reply = await request(door.url + path, {
          dispatcher: agent,
          method: httpMethod as 'POST',
          headers,
          body: body ?? null,
          signal: signal ?? null,
        });
        return { status: reply.statusCode, body: await reply.body.text() };
      },
      close: async () => {
        await door.close();
        await agent.close();
      },
    };
  },
});
