import { setupServer } from 'msw/node';
import { createMswHandlers } from './msw.ts';
import { describeAdapter, doorReply, type AdapterUnderTest } from '../testing/adapter-conformance.ts';
import { describeFaults } from '../testing/fault-conformance.ts';

const DOOR: AdapterUnderTest = {
  name: 'msw',
  open: async (exchange, options) => {
    const server = setupServer(...createMswHandlers(exchange, options));
    server.listen({ onUnhandledRequest: 'error' });
    return {
      send: async ({ path, httpMethod = 'POST', headers = {}, body, signal }) => {
        const reply = await fetch(`https://api.kraken.com${path}`, {
          method: httpMethod,
          headers,
          body: body ?? null,
          signal: signal ?? null,
        });
        return doorReply(reply.status, await reply.arrayBuffer());
      },
      close: async () => server.close(),
    };
  },
  skip: {
    'waits for the calls in service when it closes': 'MSW ends a server at once and has no way to wait',
  },
};

describeAdapter(DOOR);
describeFaults(DOOR);
